package dev.ovchat.springai;

import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Metrics;
import java.util.List;
import java.util.UUID;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** ovchat's answers in Spring AI's terms. */
final class Responses {
  private Responses() {}

  /** A whole answer. */
  static ChatResponse of(ChatCompletion completion, String modelName) {
    return response(completion.text(), completion, modelName);
  }

  /** A piece of an answer. */
  static ChatResponse piece(String piece, String modelName) {
    return new ChatResponse(
        List.of(new Generation(new AssistantMessage(piece))),
        ChatResponseMetadata.builder().model(modelName).build());
  }

  /** The end of an answer, whose text was handed on. */
  static ChatResponse end(ChatCompletion completion, String modelName) {
    return response("", completion, modelName);
  }

  private static ChatResponse response(String text, ChatCompletion completion, String modelName) {
    Metrics metrics = completion.generation().metrics();
    ChatGenerationMetadata generation =
        ChatGenerationMetadata.builder().finishReason(finishReason(completion)).build();
    return new ChatResponse(
        List.of(new Generation(new AssistantMessage(text), generation)),
        ChatResponseMetadata.builder()
            .id(UUID.randomUUID().toString())
            .model(modelName)
            .usage(usage(metrics))
            .build());
  }

  /** The usage, with {@link Metrics} as what is the model's own. */
  private static DefaultUsage usage(Metrics metrics) {
    return new DefaultUsage(
        metrics.promptTokens(),
        metrics.newTokens(),
        metrics.promptTokens() + metrics.newTokens(),
        metrics,
        (long) metrics.cachedTokens(),
        null);
  }

  /** OpenAI's words, which Spring AI's other models use. */
  private static String finishReason(ChatCompletion completion) {
    return completion.finishReason() == FinishReason.LENGTH ? "length" : "stop";
  }
}
