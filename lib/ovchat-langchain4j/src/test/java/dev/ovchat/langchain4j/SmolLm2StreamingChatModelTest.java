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
@Unanswered(
    test = {
      "should_execute_a_tool_then_answer",
      "should_execute_a_tool_without_arguments_then_answer",
      "should_execute_multiple_tools_in_parallel_then_answer"
    },
    why = "Left to itself, it answers in words and calls no tool.")
@Unanswered(
    test = {
      "should_execute_a_tool_then_answer_respecting_JSON_response_format_with_schema",
      "should_force_LLM_to_execute_specific_tool"
    },
    why = "It calls the right tool with the right city, and does it twice in one answer.")
@Unanswered(
    test = "should_force_LLM_to_execute_any_tool",
    why = "It adds 2 and 3, which were an example, before it comes to the weather.")
class SmolLm2StreamingChatModelTest extends StreamingChatModelContract {
  @Override
  TestModels testModels() {
    return TestModels.smolLm2();
  }
}
