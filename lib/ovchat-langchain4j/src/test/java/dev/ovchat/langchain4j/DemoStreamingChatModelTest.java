package dev.ovchat.langchain4j;

@Unanswered(
    test = "should_respect_user_message",
    why = "The demo model has read of this project alone, and never of Berlin.")
@Unanswered(test = "should_respect_system_message", why = "The demo model knows no German.")
@Unanswered(
    test = "should_respect_stopSequences_in_chat_request",
    why = "The demo model repeats sentences of 194 words, and neither Hello nor World is one.")
@Unanswered(
    test = "should_respect_stopSequences_in_default_model_parameters",
    why = "The demo model repeats sentences of 194 words, and neither Hello nor World is one.")
@Unanswered(
    test = "should_respect_multiple_messages",
    why = "Asked for a colour, the demo model tells of its own.")
@Unanswered(
    test = "should_propagate_user_exceptions_thrown_from_onPartialResponse",
    why = "It wants to hear of Berlin, too.")
@Unanswered(
    test = "should_propagate_user_exceptions_thrown_from_onCompleteResponse",
    why = "It wants to hear of Berlin, too.")
@Unanswered(
    test = "should_ignore_user_exceptions_thrown_from_onError",
    why = "It wants to hear of Berlin, too.")
@Unanswered(
    test = {
      "should_execute_a_tool_then_answer",
      "should_execute_a_tool_then_answer_respecting_JSON_response_format_with_schema",
      "should_execute_a_tool_without_arguments_then_answer",
      "should_execute_multiple_tools_in_parallel_then_answer"
    },
    why = "Left to itself, the demo model, which has seen no tool, calls none.")
@Unanswered(
    test = {
      "should_force_LLM_to_execute_any_tool",
      "should_force_LLM_to_execute_specific_tool",
      "should_respect_JSON_response_format",
      "should_respect_JSON_response_format_with_schema",
      "should_respect_JsonRawSchema_responseFormat"
    },
    why = "The demo model fills JSON's texts without an end.")
class DemoStreamingChatModelTest extends StreamingChatModelContract {
  @Override
  TestModels testModels() {
    return TestModels.demo();
  }
}
