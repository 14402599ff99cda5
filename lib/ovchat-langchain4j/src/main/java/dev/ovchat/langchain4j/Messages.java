package dev.ovchat.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.files.JsonText;
import dev.ovchat.tool.ToolCall;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** LangChain4j's messages as chat templates read them. */
final class Messages {
  private Messages() {}

  /**
   * The messages in their order.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if one holds more than text
   */
  static List<ChatMessage> of(List<dev.langchain4j.data.message.ChatMessage> messages) {
    return messages.stream().map(Messages::of).toList();
  }

  /** One message. */
  static ChatMessage of(dev.langchain4j.data.message.ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return ChatMessage.system(system.text());
    }
    if (message instanceof UserMessage user) {
      ChatMessage asked = ChatMessage.user(text(user.contents()));
      return user.name() == null ? asked : asked.with("name", user.name());
    }
    if (message instanceof AiMessage answer) {
      return answer(answer);
    }
    if (message instanceof ToolExecutionResultMessage result) {
      ToolCall call = ToolCall.of(result.toolName(), Map.of()).id(result.id());
      return ChatMessage.tool(call, text(result.contents()));
    }
    throw RequestRules.unsupported(
        "A message of type " + message.type(), "send system, user, AI and tool messages");
  }

  private static ChatMessage answer(AiMessage answer) {
    ToolCall[] calls =
        answer.toolExecutionRequests().stream().map(Messages::call).toArray(ToolCall[]::new);
    ChatMessage message =
        calls.length == 0
            ? ChatMessage.assistant(answer.text() == null ? "" : answer.text())
            : ChatMessage.toolCalls(calls).with("content", answer.text());
    return answer.thinking() == null ? message : message.reasoning(answer.thinking());
  }

  /** The answer of a model as LangChain4j's message. */
  static AiMessage of(ChatCompletion completion) {
    boolean isCall = !completion.calls().isEmpty();
    return AiMessage.builder()
        .text(isCall && completion.text().isBlank() ? null : completion.text())
        .thinking(completion.thinking().isEmpty() ? null : completion.thinking())
        .toolExecutionRequests(completion.calls().stream().map(Messages::request).toList())
        .build();
  }

  /** A call of a tool, for LangChain4j to run. */
  static ToolExecutionRequest request(ToolCall call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.name())
        .arguments(JsonText.of(call.arguments()))
        .build();
  }

  private static ToolCall call(ToolExecutionRequest request) {
    return ToolCall.of(request.name(), arguments(request)).id(request.id());
  }

  private static Map<String, Object> arguments(ToolExecutionRequest request) {
    String arguments = request.arguments();
    if (arguments == null || arguments.isBlank()) {
      return Map.of();
    }
    try {
      return JsonText.map(arguments);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "The arguments of a call of %s cannot be read. %s"
              .formatted(request.name(), e.getMessage()),
          e);
    }
  }

  private static String text(List<Content> contents) {
    return contents.stream().map(Messages::text).collect(Collectors.joining("\n"));
  }

  private static String text(Content content) {
    if (content instanceof TextContent text) {
      return text.text();
    }
    throw RequestRules.unsupported(
        "Content of type " + content.type().name().toLowerCase(Locale.ROOT), "send text alone");
  }
}
