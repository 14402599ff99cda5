package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.Golden;
import dev.ovchat.Golden.JsonValue;
import dev.ovchat.Golden.ToolsCase;
import dev.ovchat.Slow;
import dev.ovchat.files.JsonText;
import dev.ovchat.text.TokenizerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With tools, variables, and messages of all kinds: the same prompt, to the letter, as
 * transformers' apply_chat_template, or the same refusal.
 */
@Slow
class ChatTemplateToolsGoldenTest {
  private static final Golden.ToolsCases GOLDEN = Golden.tools();
  private static final Map<String, ChatTemplate> TEMPLATES = new ConcurrentHashMap<>();

  @TempDir static Path folder;

  static List<ToolsCase> cases() {
    return GOLDEN.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersAsTransformers(ToolsCase golden) {
    ChatTemplate template = TEMPLATES.computeIfAbsent(golden.template(), this::load);
    Map<String, Object> request = JsonText.map(GOLDEN.request(golden.request()));
    if (golden.text() != null) {
      assertThat(render(template, request)).isEqualTo(golden.text());
    } else {
      assertThatExceptionOfType(TokenizerException.class)
          .isThrownBy(() -> render(template, request))
          .withMessageContaining("chat_template.jinja")
          .withMessageEndingWith(golden.refusal() == null ? "." : ": " + golden.refusal());
    }
  }

  @SuppressWarnings("unchecked") // the golden file holds maps
  private static String render(ChatTemplate template, Map<String, Object> request) {
    var messages = (List<Map<String, Object>>) request.get("messages");
    return template.render(
        messages.stream().map(ChatMessage::of).toList(),
        (List<Map<String, Object>>) request.get("tools"),
        (Map<String, Object>) request.get("variables"));
  }

  @Test
  void numbersAreWrittenAsPythonWritesThem() {
    var template = ChatTemplate.of("{{ value|tojson }} {{ value }}", Map.of());
    var messages = List.of(ChatMessage.user("Hi"));
    for (JsonValue golden : GOLDEN.doubles()) {
      assertThat(template.render(messages, List.of(), JsonText.map(golden.value())))
          .isEqualTo(golden.text());
    }
  }

  private ChatTemplate load(String name) {
    return TemplateResources.load("tools/" + name, folder);
  }
}
