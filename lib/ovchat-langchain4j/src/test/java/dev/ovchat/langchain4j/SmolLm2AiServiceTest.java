package dev.ovchat.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import dev.ovchat.Slow;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;

/** LangChain4j's own tests of AI services. */
@Slow
@EnabledIf(
    value = "dev.ovchat.langchain4j.SmolLm2#isThere",
    disabledReason = "SmolLM2 was not downloaded; ./scripts/setup smollm2 brings it.")
@Unanswered(
    test = "should_execute_tool_then_return_structured_output",
    why = "It calls the right tool with the right city, and does it twice in one answer.")
class SmolLm2AiServiceTest extends AbstractAiServiceIT {
  @Override
  protected List<ChatModel> models() {
    return List.of(new AnsweringNow(TestModels.smolLm2().chat().build()));
  }
}
