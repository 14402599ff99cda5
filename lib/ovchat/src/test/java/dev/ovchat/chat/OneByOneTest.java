package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.tool.ToolCall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Llama's template takes one call at a time. */
class OneByOneTest {
  private static final ChatMessage QUESTION = ChatMessage.user("How warm is it?");

  @Test
  void severalCallsBecomeOneMessageEach() {
    ToolCall first = ToolCall.of("a", Map.of());
    ToolCall second = ToolCall.of("b", Map.of());
    List<ChatMessage> messages =
        List.of(
            QUESTION,
            ChatMessage.toolCalls(first, second).with("content", "I look."),
            ChatMessage.tool(first, "1"),
            ChatMessage.tool(second, "2"),
            ChatMessage.assistant("3"));
    assertThat(OneByOne.of(messages))
        .containsExactly(
            QUESTION,
            ChatMessage.toolCalls(first).with("content", "I look."),
            ChatMessage.tool(first, "1"),
            ChatMessage.toolCalls(second),
            ChatMessage.tool(second, "2"),
            ChatMessage.assistant("3"));
    assertThat(OneByOne.of(messages.subList(0, 2)))
        .containsExactly(
            QUESTION,
            ChatMessage.toolCalls(first).with("content", "I look."),
            ChatMessage.toolCalls(second));
  }
}
