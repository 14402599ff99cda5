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
class DemoChatModelTest extends ChatModelContract {
  @Override
  TestModels testModels() {
    return TestModels.demo();
  }
}
