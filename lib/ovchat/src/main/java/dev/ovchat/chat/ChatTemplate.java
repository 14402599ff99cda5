package dev.ovchat.chat;

import dev.ovchat.files.JsonText;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.template.TemplateException;
import dev.ovchat.template.TemplateSandbox;
import dev.ovchat.text.Surrogates;
import dev.ovchat.text.TokenizerException;
import dev.ovchat.tokenizerfile.ChatTemplateFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model's chat template, which turns messages into the prompt that the model was trained on: the
 * Java side of transformers' {@code apply_chat_template}.
 *
 * <pre>{@code
 * var template = ChatTemplate.load(modelDir);
 * String prompt = template.render(List.of(ChatMessage.user("Who are you?")));
 * TokenIds ids = tokenizer.encode(prompt, EncodeOptions.AS_IT_IS);
 * }</pre>
 *
 * <p>The template comes from the model directory and is not trusted: it reaches nothing but the
 * messages and the special tokens, and is cut off where it takes too long or too much memory. It is
 * rendered by MiniJinja; what that would render as something else than Jinja2 is refused, but for
 * the rare things that lib/chat-template/README.md lists. Safe for use by several threads.
 */
public final class ChatTemplate {
  /** Letters of strftime that {@link java.util.Formatter} knows by the same name. */
  private static final String STRFTIME = "AaBbdHIjMmpSYy";

  private static final Clock LOCAL = Clock.system(ZoneId.systemDefault());

  private final String name;
  private final String template;
  private final Map<String, String> specialTokens;
  private final Clock clock;

  ChatTemplate(String name, String template, Map<String, String> specialTokens, Clock clock) {
    this.name = name;
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
    ask("read", Map.of("template", template, "now", Map.of()));
  }

  /**
   * Reads the chat template of a model directory: {@code chat_template.jinja}, or else {@code
   * chat_template} in {@code tokenizer_config.json}.
   *
   * @throws dev.ovchat.files.UnusableFileException if the directory is not complete or has no chat
   *     template
   * @throws TokenizerException if the text is not a template, or uses what is not supported
   */
  public static ChatTemplate load(Path modelDirectory) {
    ChatTemplateFile file = ModelDirectory.open(modelDirectory).chatTemplate();
    return new ChatTemplate(file.path().toString(), file.template(), file.specialTokens(), LOCAL);
  }

  /**
   * Creates a custom template.
   *
   * @param template the template in the Jinja language
   * @param specialTokens names of special tokens, such as {@code bos_token}, with their texts
   * @throws TokenizerException if the text is not a template, or uses what is not supported
   */
  public static ChatTemplate of(String template, Map<String, String> specialTokens) {
    return new ChatTemplate("this text", template, specialTokens, LOCAL);
  }

  /**
   * The prompt for these messages, up to where the model's answer begins.
   *
   * @throws TokenizerException if the list is empty, the template refuses them, or it cannot be
   *     rendered
   */
  public String render(List<ChatMessage> messages) {
    return render(messages, true);
  }

  /**
   * The prompt for these messages.
   *
   * @param addGenerationPrompt true to end it where the model's answer begins
   * @throws TokenizerException if the list is empty, the template refuses them, or it cannot be
   *     rendered
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    if (messages.isEmpty()) {
      throw new TokenizerException("There are no messages; a prompt takes one or more.");
    }
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", messages.stream().map(ChatTemplate::asMap).toList());
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", addGenerationPrompt);
    return ask("rendered", Map.of("template", template, "variables", variables, "now", strftime()));
  }

  private String ask(String what, Map<String, ?> request) {
    String json = JsonText.of(request);
    Surrogates.requireWhole(json);
    try {
      return TemplateSandbox.render(json);
    } catch (TemplateException e) {
      throw new TokenizerException(
          e.isRefusal()
              ? "The chat template in %s refuses these messages: %s".formatted(name, e.getMessage())
              : "The chat template in %s cannot be %s: %s.".formatted(name, what, e.getMessage()),
          e);
    }
  }

  private Map<String, String> strftime() {
    var now = ZonedDateTime.now(clock);
    return STRFTIME
        .chars()
        .mapToObj(Character::toString)
        .collect(
            Collectors.toMap(
                letter -> letter,
                // Only the large letter makes AM and PM large.
                letter ->
                    String.format(
                        Locale.ENGLISH, (letter.equals("p") ? "%T" : "%t") + letter, now)));
  }

  private static Map<String, String> asMap(ChatMessage message) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("role", message.role());
    map.put("content", message.content());
    return map;
  }
}
