package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.ovchat.text.TokenizerException;
import dev.ovchat.tool.ToolCall;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatMessageTest {
  private static final ToolCall CALL = ToolCall.of("get_weather", Map.of("city", "Köln"));
  private static final ChatTemplate SHOWN =
      ChatTemplate.of("{% for m in messages %}{{ m|tojson }}{% endfor %}", Map.of());

  /** The message as a template sees it. */
  private static String shown(ChatMessage message) {
    return SHOWN.render(List.of(message));
  }

  @Test
  void hasTheFieldsThatWereGiven() {
    assertThat(shown(ChatMessage.user("Hi")))
        .isEqualTo("{\"role\": \"user\", \"content\": \"Hi\"}");
    assertThat(shown(ChatMessage.toolCalls(CALL)))
        .isEqualTo(
            """
            {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": \
            "get_weather", "arguments": {"city": "Köln"}}}]}\
            """);
    assertThat(shown(ChatMessage.tool(CALL, "22.0")))
        .isEqualTo("{\"role\": \"tool\", \"content\": \"22.0\", \"name\": \"get_weather\"}");
    assertThat(shown(ChatMessage.tool(CALL.id("abc"), "22.0")))
        .isEqualTo(
            """
            {"role": "tool", "content": "22.0", "name": "get_weather", "tool_call_id": "abc"}\
            """);
    assertThat(shown(ChatMessage.toolCalls(CALL.id("abc")).with("content", "").reasoning("Hm.")))
        .isEqualTo(
            """
            {"role": "assistant", "content": "", "tool_calls": [{"id": "abc", "type": "function", \
            "function": {"name": "get_weather", "arguments": {"city": "Köln"}}}], \
            "reasoning_content": "Hm."}\
            """);
  }

  @Test
  void aContentMayBePartsOrMissing() {
    var parts = List.of(Map.of("type", "text"));
    ChatMessage message = ChatMessage.user("Hi").with("content", parts);
    assertThat(message.content()).isNull();
    assertThat(message.fields()).containsExactly(Map.entry("content", parts));
    assertThat(shown(message))
        .isEqualTo("{\"role\": \"user\", \"content\": [{\"type\": \"text\"}]}");
    assertThat(message.with("content", "Hi")).isEqualTo(ChatMessage.user("Hi"));
    assertThat(shown(message.with("content", null))).isEqualTo("{\"role\": \"user\"}");
    assertThatNullPointerException().isThrownBy(() -> ChatMessage.user(null));
  }

  @Test
  void whatIsNullIsNotGiven() {
    ChatMessage message = ChatMessage.user("Hi").with("name", "Ada").with("n", null);
    assertThat(message.fields()).containsExactly(Map.entry("name", "Ada"));
    assertThat(message.with("name", null)).isEqualTo(ChatMessage.user("Hi"));
    Map<String, Object> map = new HashMap<>();
    map.put("role", "assistant");
    map.put("content", null);
    map.put("tool_calls", Arrays.asList(1, null));
    assertThat(shown(ChatMessage.of(map)))
        .isEqualTo("{\"role\": \"assistant\", \"tool_calls\": [1, null]}");
  }

  @Test
  void isAValue() {
    List<Object> changing = new ArrayList<>(List.of(1));
    ChatMessage message = ChatMessage.user("Hi").with("list", changing);
    ChatMessage same = ChatMessage.of(Map.of("list", List.of(1), "content", "Hi", "role", "user"));
    changing.add(2);
    assertThat(message).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(message).hasToString("ChatMessage[role=user, content=Hi, list=[1]]");
    assertThat(ChatMessage.user("Hi")).hasToString("ChatMessage[role=user, content=Hi]");
    assertThat(message.with("role", "developer").role()).isEqualTo("developer");
    assertThat(new ChatMessage("user", "Hi")).isEqualTo(ChatMessage.user("Hi"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> message.fields().put("x", 1));
  }

  @Test
  void isRefusedInWords() {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> ChatMessage.of(Map.of("content", "Hi")))
        .withMessage("A message needs a role, such as user; this one has the fields [content].");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> ChatMessage.user("Hi").with("since", List.of(LocalDate.EPOCH)))
        .withMessageStartingWith("The value at message.since[0] is of type LocalDate; ");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> new ChatMessage("user", "Hi", Map.of("content", "Ho")))
        .withMessage(
            "A message has one role and one content; its further fields cannot name them again.");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> ToolCall.of("x", Map.of("a", new int[0])))
        .withMessageStartingWith("The value at arguments.a is of type int[]; ");
  }
}
