package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Slow;
import dev.ovchat.files.JsonText;
import dev.ovchat.tool.ParsedAnswer;
import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolCallFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The calls that a template writes into a prompt are read back as calls: the templates' texts are
 * held to transformers' elsewhere.
 */
@Slow
class WrittenCallsTest {
  private static final ChatMessage QUESTION = ChatMessage.user("How warm is it?");
  private static final List<String> ARGUMENTS =
      List.of(
          "{}",
          "{\"city\": \"Köln\"}",
          "{\"a\": [1, 2.5, -3], \"b\": {\"c\": null, \"d\": [true]}, \"e\": \"x\\n\\\"y\\\" {z} [0] </b>\"}");

  @TempDir static Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"hermes", "qwen-2.5", "qwen-3", "llama-3.1", "mistral", "granite"})
  void theFormatReadsWhatTheTemplateWrites(String name) {
    ChatTemplate template = TemplateResources.load("tools/" + name, folder);
    ToolCallFormat format = ToolCallFormat.of(template.source()).orElseThrow();
    for (String arguments : ARGUMENTS) {
      ToolCall call = ToolCall.of("weather", JsonText.map(arguments)).id("call00001");
      String before = template.render(List.of(QUESTION), true);
      String whole = template.render(List.of(QUESTION, ChatMessage.toolCalls(call)), false);
      assertThat(whole).startsWith(before.stripTrailing());
      ParsedAnswer parsed = format.parse(whole.substring(before.stripTrailing().length()));
      assertThat(parsed.calls()).as(whole).extracting(ToolCall::name).containsExactly("weather");
      assertThat(parsed.calls().get(0).arguments()).isEqualTo(call.arguments());
      assertThat(parsed.problem()).isEmpty();
    }
  }

  @Test
  void llamasTemplateGetsCallsOneByOne() {
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
