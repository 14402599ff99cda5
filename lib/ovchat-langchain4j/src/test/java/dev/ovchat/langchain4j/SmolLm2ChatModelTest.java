package dev.ovchat.langchain4j;

import dev.ovchat.Slow;
import org.junit.jupiter.api.condition.EnabledIf;

@Slow
@EnabledIf(
    value = "dev.ovchat.langchain4j.SmolLm2#isThere",
    disabledReason = "SmolLM2 was not downloaded; ./scripts/setup smollm2 brings it.")
@Unanswered(
    test = "should_respect_system_message",
    why = "Asked to translate, 135 M parameters answer in a German without Liebe.")
@Unanswered(
    test = "should_respect_multiple_messages",
    why = "Told a colour and asked for it, it denies to know it.")
class SmolLm2ChatModelTest extends ChatModelContract {
  @Override
  TestModels testModels() {
    return TestModels.smolLm2();
  }
}
