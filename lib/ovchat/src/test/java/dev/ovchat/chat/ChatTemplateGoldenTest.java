package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.DemoModel;
import dev.ovchat.Golden;
import dev.ovchat.Golden.TemplateCase;
import dev.ovchat.Slow;
import dev.ovchat.text.TokenizerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same prompt, to the letter, as transformers' apply_chat_template, or the same refusal. */
@Slow
class ChatTemplateGoldenTest {
  private static final Golden.TemplateCases GOLDEN = Golden.templates();
  private static final Map<String, ChatTemplate> TEMPLATES = new ConcurrentHashMap<>();

  @TempDir static Path folder;

  static List<TemplateCase> cases() {
    return GOLDEN.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersAsTransformers(TemplateCase golden) {
    ChatTemplate template = TEMPLATES.computeIfAbsent(golden.template(), this::load);
    List<ChatMessage> messages =
        GOLDEN.messages(golden.conversation()).stream()
            .map(message -> new ChatMessage(message.get("role"), message.get("content")))
            .toList();
    if (golden.text() != null) {
      assertThat(template.render(messages, golden.addGenerationPrompt())).isEqualTo(golden.text());
    } else {
      assertThatExceptionOfType(TokenizerException.class)
          .isThrownBy(() -> template.render(messages, golden.addGenerationPrompt()))
          .withMessageContaining("chat_template.jinja")
          .withMessageEndingWith(golden.refusal() == null ? "." : ": " + golden.refusal());
    }
  }

  private ChatTemplate load(String name) {
    return name.equals("demo")
        ? ChatTemplate.load(DemoModel.DIRECTORY)
        : TemplateResources.load(name, folder);
  }
}
