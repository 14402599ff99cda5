package dev.ovchat.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.ovchat.DemoModel;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OvchatTokenCountEstimatorTest {
  private static final List<ChatMessage> MESSAGES =
      List.of(
          SystemMessage.from("You are a helpful AI assistant."),
          UserMessage.from("can you introduce yourself?"),
          AiMessage.from("I am ovchat's small demo model."),
          UserMessage.from("Shorter, please."));

  @Test
  void messagesCountAsTheyAreRead() {
    try (Tokenizer tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
        OvchatTokenCountEstimator estimator = OvchatTokenCountEstimator.load(DemoModel.DIRECTORY)) {
      String prompt = ChatTemplate.load(DemoModel.DIRECTORY).render(Messages.of(MESSAGES));

      assertThat(estimator.estimateTokenCountInMessages(MESSAGES))
          .isEqualTo(tokenizer.encode(prompt, EncodeOptions.AS_IT_IS).size());
      assertThat(estimator.estimateTokenCountInText("can you introduce yourself?"))
          .isEqualTo(
              tokenizer.encode("can you introduce yourself?", EncodeOptions.AS_IT_IS).size());
    }
  }

  @Test
  void aMessageLessIsItsOwnCountLess() {
    try (OvchatTokenCountEstimator estimator =
        OvchatTokenCountEstimator.load(DemoModel.DIRECTORY)) {
      List<ChatMessage> fewer = new ArrayList<>(MESSAGES);
      ChatMessage dropped = fewer.remove(1);

      assertThat(estimator.estimateTokenCountInMessages(fewer))
          .isEqualTo(
              estimator.estimateTokenCountInMessages(MESSAGES)
                  - estimator.estimateTokenCountInMessage(dropped));
      assertThat(estimator.estimateTokenCountInMessage(dropped))
          .isGreaterThan(estimator.estimateTokenCountInText("can you introduce yourself?"));
    }
  }

  @Test
  void aCallOfAToolCounts() {
    try (OvchatTokenCountEstimator estimator =
        OvchatTokenCountEstimator.load(DemoModel.DIRECTORY)) {
      AiMessage call =
          AiMessage.from(
              ToolExecutionRequest.builder()
                  .name("weather")
                  .arguments("{\"city\":\"Paris\"}")
                  .build());
      assertThat(estimator.estimateTokenCountInMessage(call)).isGreaterThan(10);
    }
  }
}
