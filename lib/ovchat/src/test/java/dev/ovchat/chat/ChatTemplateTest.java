package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.files.JsonText;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.text.TokenizerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
  private static final List<ChatMessage> MESSAGES =
      List.of(ChatMessage.system("Be brief."), ChatMessage.user("Hi"));

  private static final Map<String, Object> TOOL =
      JsonText.map(
          """
          {"type": "function", "function": {"name": "now", "description": "The time",
            "parameters": {"type": "object", "properties": {}}}}\
          """);

  @TempDir Path folder;
  private Path directory;
  private Path template;
  private Path config;

  @BeforeEach
  void copy() throws IOException {
    directory = DemoModel.copyTo(folder.resolve("model"));
    template = directory.resolve("chat_template.jinja");
    config = directory.resolve("tokenizer_config.json");
  }

  private String render() {
    return ChatTemplate.load(directory).render(MESSAGES, true);
  }

  @Test
  void rendersTheDemoModels() {
    assertThat(render())
        .isEqualTo("<|system|>\nBe brief.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\n");
  }

  @Test
  void isInTheConfigWhereThereIsNoFile() throws IOException {
    Files.delete(template);
    Files.writeString(config, "{\"chat_template\": \"{{ messages[1].content }}\"}");
    assertThat(render()).isEqualTo("Hi");
    Files.writeString(template, "from the file");
    assertThat(render()).isEqualTo("from the file");
  }

  @Test
  void isTheProcessorsWhereTheTokenizerHasNone() throws IOException {
    Files.delete(template);
    Files.writeString(directory.resolve("chat_template.json"), "{\"chat_template\": \"p\"}");
    assertThat(render()).isEqualTo("p");
    Files.writeString(config, "{\"chat_template\": \"t\"}");
    assertThat(render()).isEqualTo("t");
  }

  @Test
  void ofSeveralIsTheDefault() throws IOException {
    Files.delete(template);
    Files.writeString(
        config,
        """
        {"chat_template": [{"name": "tool_use", "template": "a"},
          {"name": "default", "template": "b"}]}\
        """);
    assertThat(render()).isEqualTo("b");
    Files.writeString(config, "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"a\"}]}");
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::render)
        .withMessageContaining(
            "tokenizer_config.json: chat_template is neither a text nor a list with a template"
                + " named default.");
  }

  @Test
  void withToolsIsTheOneForTools() throws IOException {
    Files.delete(template);
    Files.writeString(
        config,
        """
        {"x_token": "<x>", "chat_template": [{"name": "default", "template": "plain {{ tools }}"},
          {"name": "tool_use", "template": "{{ tools|length }}{{ x_token }}"},
          {"name": "rag", "template": "{{ documents|length }}"},
          {"name": "broken", "template": "{% if"}]}\
        """);
    ChatTemplate several = ChatTemplate.load(directory);
    assertThat(several.render(MESSAGES)).isEqualTo("plain None");
    assertThat(several.render(MESSAGES, List.of(), Map.of())).isEqualTo("plain None");
    assertThat(several.render(MESSAGES, List.of(TOOL), Map.of())).isEqualTo("1<x>");
    assertThat(several.tools(List.of(TOOL, TOOL)).render(MESSAGES)).isEqualTo("2<x>");
    assertThat(several.tools(List.of(TOOL)).source()).isEqualTo("{{ tools|length }}{{ x_token }}");
    assertThat(several.tools(List.of(TOOL)).tools(List.of()).source())
        .isEqualTo("plain {{ tools }}");
    assertThat(several.variable("documents", List.of(Map.of())).named("rag").render(MESSAGES))
        .isEqualTo("1");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> several.named("nope"))
        .withMessage("There is no chat template nope; there are default, tool_use, rag, broken.");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> several.named("broken"))
        .withMessageStartingWith(
            "The chat template in %s (broken) cannot be read: line 1: ".formatted(config));
  }

  @Test
  void mayHaveFilesBesideIt() throws IOException {
    Path others = Files.createDirectory(directory.resolve("additional_chat_templates"));
    Files.writeString(template, "plain");
    Files.writeString(others.resolve("tool_use.jinja"), "{{ tools|length }}{{ bos_token }}");
    Files.writeString(others.resolve("notes.txt"), "{% if");
    ChatTemplate several = ChatTemplate.load(directory);
    assertThat(several.render(MESSAGES)).isEqualTo("plain");
    assertThat(several.render(MESSAGES, List.of(TOOL), Map.of())).isEqualTo("1<s>");
    Files.delete(template);
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(() -> ChatTemplate.load(directory))
        .withMessage(
            "%s has chat templates of the names tool_use, and none of the name default; add one in"
                + " chat_template.jinja.",
            directory);
  }

  @Test
  void namesSpecialTokens() throws IOException {
    Files.writeString(
        template, "{{ bos_token }}{{ eos_token }}{{ image_token }}{{ pad_token is defined }}");
    Files.writeString(
        config,
        """
        {"bos_token": {"__type": "AddedToken", "content": "<b>"}, "eos_token": "<e>",
          "pad_token": null, "add_bos_token": true, "image_token": "<i>"}\
        """);
    assertThat(render()).isEqualTo("<b><e><i>False");
    Files.writeString(config, "{}");
    Files.writeString(
        directory.resolve("special_tokens_map.json"), "{\"bos_token\": {\"content\": \"<old>\"}}");
    assertThat(render()).isEqualTo("<old>False");
  }

  @Test
  void missingIsSaid() throws IOException {
    Files.delete(template);
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::render)
        .withMessage(
            "%s has no chat template (chat_template.jinja, or chat_template in"
                + " tokenizer_config.json). A base model has none: it continues texts and has not"
                + " been trained on chats, so ask it for a completion, with"
                + " model.generate(model.tokenizer().encode(text), config). A chat model needs its"
                + " template: put it there, from where the model comes from.",
            directory);
  }

  @Test
  void brokenIsSaid() throws IOException {
    Files.writeString(template, "a\n{% if %}");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(this::render)
        .withMessage(
            "The chat template in %s cannot be read: line 2: syntax error: unexpected end of"
                + " block.",
            template);
    Files.writeString(template, "{{ messages[0].name.first }}");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(this::render)
        .withMessage(
            "The chat template in %s cannot be rendered: line 1: undefined value.", template);
    Files.write(template, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::render)
        .withMessage("%s is no text in UTF-8.", template);
    Files.writeString(template, "x".repeat(1_000_001));
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::render)
        .withMessage(
            "%s has 1,000,001 bytes; a file of this name has at most 1,000,000; copy the file again"
                + " from where the model comes from.",
            template);
  }

  @Slow
  @Test
  void endlessIsCutOff() throws IOException {
    Files.writeString(
        template,
        "{% set r = range(99999) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(this::render)
        .withMessageStartingWith("The chat template in " + template + " cannot be rendered: ")
        .withMessageMatching(".*(an endless loop|longer than 2 seconds).*");
  }

  /** The files of a model directory with bytes changed, put in and taken out. */
  @Slow
  @Test
  @Timeout(900)
  void damagedIsRenderedOrRefusedByName() throws IOException {
    var random = new Random(5);
    byte[] soundTemplate = Files.readAllBytes(template);
    byte[] soundConfig = Files.readAllBytes(config);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      Files.write(template, damaged(soundTemplate, random));
      Files.write(config, i % 4 == 0 ? damaged(soundConfig, random) : soundConfig);
      try {
        render();
      } catch (UnusableFileException | TokenizerException e) {
        assertThat(e).hasMessageContaining(directory.toString());
        refused++;
      }
    }
    assertThat(refused).isBetween(40, 198);
  }

  private static byte[] damaged(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    for (int i = 0; i <= random.nextInt(4); i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(random.nextBoolean() ? 128 : 256);
        case 1 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        default -> bytes[at] = bytes[random.nextInt(bytes.length)];
      }
    }
    return bytes;
  }

  @Test
  void refusalsAreInTheTemplatesWords() {
    var strict = ChatTemplate.of("{{ raise_exception('No ' + messages[0].role + '!') }}", Map.of());
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> strict.render(MESSAGES, false))
        .withMessage("The chat template in this text refuses these messages: No system!");
  }

  @Test
  void takesMessages() {
    var template =
        ChatTemplate.of("{{ messages }}{{ tools }}{{ x_token }}", Map.of("x_token", "<x>"));
    assertThat(template.render(List.of(ChatMessage.assistant("a")), false))
        .isEqualTo("[{'role': 'assistant', 'content': 'a'}]None<x>");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> template.render(List.of(), true))
        .withMessage("There are no messages; a prompt takes one or more.");
  }

  @Test
  void halvesOfCharactersAreRefused() {
    var template = ChatTemplate.of("{{ messages }}", Map.of());
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> template.render(List.of(ChatMessage.user("a\ud800")), true))
        .withMessage(
            "The text holds half a character (U+D800 alone); cut texts between characters only.");
  }

  @Test
  void knowsTheTime() {
    var clock = Clock.fixed(Instant.parse("2026-03-05T16:07:09Z"), ZoneOffset.UTC);
    String formats = "%d %b %Y, %A %-d %B %y %m %H:%M:%S %I %p %j %a %%";
    var template = new ChatTemplate("t", "{{ strftime_now('" + formats + "') }}", Map.of(), clock);
    assertThat(template.render(MESSAGES, true))
        .isEqualTo("05 Mar 2026, Thursday 5 March 26 03 16:07:09 04 PM 064 Thu %");
    var unknown = new ChatTemplate("t", "{{ strftime_now('%Q') }}", Map.of(), clock);
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> unknown.render(MESSAGES, true))
        .withMessageContaining("strftime_now('%Q') is not supported");
  }

  @Test
  void aDateCanBeAVariable() {
    var clock = Clock.fixed(Instant.parse("2026-03-05T16:07:09Z"), ZoneOffset.UTC);
    var template =
        new ChatTemplate("t", "{{ date_string or strftime_now('%d %b %Y') }}", Map.of(), clock);
    assertThat(template.render(MESSAGES)).isEqualTo("05 Mar 2026");
    assertThat(template.variable("date_string", "1 Jan 2000").render(MESSAGES))
        .isEqualTo("1 Jan 2000");
  }
}
