package dev.ovchat.springai;

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.files.JsonText;
import dev.ovchat.tool.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;

/** Spring AI's messages as chat templates read them. */
final class Messages {
  private Messages() {}

  /**
   * The messages in their order; results of several tools are several messages.
   *
   * @throws UnsupportedOperationException if one holds more than text
   * @throws IllegalArgumentException if the arguments of a call are not a JSON object
   */
  static List<ChatMessage> of(List<Message> messages) {
    return messages.stream().flatMap(Messages::of).toList();
  }

  private static Stream<ChatMessage> of(Message message) {
    return switch (message.getMessageType()) {
      case SYSTEM -> Stream.of(ChatMessage.system(text(message)));
      case USER -> Stream.of(question((UserMessage) message));
      case ASSISTANT -> Stream.of(answer((AssistantMessage) message));
      case TOOL -> ((ToolResponseMessage) message).getResponses().stream().map(Messages::result);
    };
  }

  private static ChatMessage question(UserMessage message) {
    if (!message.getMedia().isEmpty()) {
      throw new UnsupportedOperationException(
          "ovchat's chat models do not support media such as images; send text alone.");
    }
    return ChatMessage.user(text(message));
  }

  private static ChatMessage answer(AssistantMessage message) {
    ToolCall[] calls = message.getToolCalls().stream().map(Messages::call).toArray(ToolCall[]::new);
    ChatMessage answer =
        calls.length == 0
            ? ChatMessage.assistant(text(message))
            : ChatMessage.toolCalls(calls).with("content", message.getText());
    return message.getMetadata().get(Responses.THINKING) instanceof String thinking
        ? answer.reasoning(thinking)
        : answer;
  }

  private static ToolCall call(AssistantMessage.ToolCall call) {
    return ToolCall.of(call.name(), arguments(call)).id(call.id());
  }

  private static Map<String, Object> arguments(AssistantMessage.ToolCall call) {
    if (call.arguments().isBlank()) {
      return Map.of();
    }
    try {
      return JsonText.map(call.arguments());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The arguments of a call of %s cannot be read. %s".formatted(call.name(), e.getMessage()),
          e);
    }
  }

  private static ChatMessage result(ToolResponseMessage.ToolResponse response) {
    ToolCall call = ToolCall.of(response.name(), Map.of()).id(response.id());
    return ChatMessage.tool(call, response.responseData());
  }

  private static String text(Message message) {
    return message.getText() == null ? "" : message.getText();
  }
}
