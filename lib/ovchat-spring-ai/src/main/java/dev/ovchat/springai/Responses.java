package dev.ovchat.springai;

import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.files.JsonText;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Metrics;
import dev.ovchat.tool.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** ovchat's answers in Spring AI's terms. */
final class Responses {
  /** The name that Spring AI's model of Ollama has for what a model thinks. */
  static final String THINKING = "thinking";

  private Responses() {}

  /** A whole answer. */
  static ChatResponse of(ChatCompletion completion, String modelName) {
    var generation = ChatGenerationMetadata.builder();
    if (!completion.thinking().isEmpty()) {
      generation.metadata(THINKING, completion.thinking());
    }
    return response(completion.text(), generation, completion, modelName);
  }

  /** A piece of an answer. */
  static ChatResponse piece(String piece, String modelName) {
    return new ChatResponse(
        List.of(new Generation(new AssistantMessage(piece))),
        ChatResponseMetadata.builder().model(modelName).build());
  }

  /** A piece of what the model thinks. */
  static ChatResponse thinking(String piece, String modelName) {
    return new ChatResponse(
        List.of(
            new Generation(
                new AssistantMessage(""),
                ChatGenerationMetadata.builder().metadata(THINKING, piece).build())),
        ChatResponseMetadata.builder().model(modelName).build());
  }

  /** The end of an answer, whose text and thinking were handed on. */
  static ChatResponse end(ChatCompletion completion, String modelName) {
    return response("", ChatGenerationMetadata.builder(), completion, modelName);
  }

  private static ChatResponse response(
      String text,
      ChatGenerationMetadata.Builder generation,
      ChatCompletion completion,
      String modelName) {
    Metrics metrics = completion.generation().metrics();
    // The message's own metadata goes on in the conversation, for templates that want it.
    Map<String, Object> properties =
        completion.thinking().isEmpty() ? Map.of() : Map.of(THINKING, completion.thinking());
    AssistantMessage message =
        AssistantMessage.builder()
            .content(text)
            .properties(properties)
            .toolCalls(completion.calls().stream().map(Responses::call).toList())
            .build();
    return new ChatResponse(
        List.of(new Generation(message, generation.finishReason(finishReason(completion)).build())),
        ChatResponseMetadata.builder()
            .id(UUID.randomUUID().toString())
            .model(modelName)
            .usage(usage(metrics))
            .build());
  }

  private static AssistantMessage.ToolCall call(ToolCall call) {
    return new AssistantMessage.ToolCall(
        call.id(), "function", call.name(), JsonText.of(call.arguments()));
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
    if (!completion.calls().isEmpty()) {
      return "tool_calls";
    }
    return completion.finishReason() == FinishReason.LENGTH ? "length" : "stop";
  }
}
