package dev.ovchat.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
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
      return ChatMessage.tool(call, result.text());
    }
    throw RequestRules.unsupported(
        "A message of type " + message.type(), "send system, user, AI and tool messages");
  }

  private static ChatMessage answer(AiMessage answer) {
    ToolCall[] calls =
        answer.toolExecutionRequests().stream().map(Messages::call).toArray(ToolCall[]::new);
    if (calls.length == 0) {
      return ChatMessage.assistant(answer.text() == null ? "" : answer.text());
    }
    return ChatMessage.toolCalls(calls).with("content", answer.text());
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
