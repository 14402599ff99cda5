package dev.ovchat.chat;

import static dev.ovchat.chat.TemplateVariables.ADD_GENERATION_PROMPT;
import static dev.ovchat.chat.TemplateVariables.DOCUMENTS;
import static dev.ovchat.chat.TemplateVariables.MESSAGES;
import static dev.ovchat.chat.TemplateVariables.TOOLS;

import dev.ovchat.files.JsonText;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.template.TemplateException;
import dev.ovchat.template.TemplateSandbox;
import dev.ovchat.template.TemplateValues;
import dev.ovchat.text.Surrogates;
import dev.ovchat.text.TokenizerException;
import dev.ovchat.tokenizerfile.ChatTemplateFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
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
 * var template = ChatTemplate.load(modelDir).variable("enable_thinking", false);
 * String prompt = template.render(List.of(ChatMessage.user("Who are you?")));
 * TokenIds ids = tokenizer.encode(prompt, EncodeOptions.AS_IT_IS);
 * }</pre>
 *
 * <p>A template reads what it knows and ignores the rest: which variables that are, its text says,
 * {@link #source()}. Often there are {@code enable_thinking} (Qwen3, SmolLM3), {@code thinking}
 * (Granite), {@code reasoning_effort} (gpt-oss), {@code documents} (a list of maps with {@code
 * title} and {@code text}), and {@code date_string} (Llama), in place of today's date.
 *
 * <p>A template is immutable: {@link #tools} and {@link #variable} return copies, which keep the
 * values as they were then. Values are texts, numbers, booleans, null, and lists and maps of them.
 * A map is written in its own order, which {@link Map#of} changes with each run of Java: take a
 * {@link LinkedHashMap} for more than one entry, or {@link dev.ovchat.files.JsonText#map(String)}.
 *
 * <p>The template comes from the model directory and is not trusted: it reaches nothing but the
 * messages, tools, variables and special tokens, and is cut off where it takes too long or too much
 * memory. It is rendered by MiniJinja; what that would render as something else than Jinja2 is
 * refused, but for the rare things that lib/chat-template/README.md lists. Safe for use by several
 * threads.
 */
public final class ChatTemplate {
  /** Letters of strftime that {@link java.util.Formatter} knows by the same name. */
  private static final String STRFTIME = "AaBbdHIjMmpSYy";

  private static final Clock LOCAL = Clock.system(ZoneId.systemDefault());

  /** Name of the template that is for prompts with tools. */
  private static final String TOOL_USE = "tool_use";

  /** Templates by name; one is the default. */
  private final Map<String, Source> sources;

  private final Map<String, String> specialTokens;
  private final Clock clock;
  private final List<Map<String, Object>> tools;
  private final Map<String, Object> variables;

  /**
   * Text of a template.
   *
   * @param place what a message calls it
   */
  private record Source(String place, String text) {}

  private ChatTemplate(
      Map<String, Source> sources,
      Map<String, String> specialTokens,
      Clock clock,
      List<Map<String, Object>> tools,
      Map<String, Object> variables) {
    this.sources = sources;
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
    this.tools = tools;
    this.variables = variables;
  }

  private ChatTemplate(
      Map<String, Source> sources, Map<String, String> specialTokens, Clock clock) {
    this(sources, specialTokens, clock, List.of(), Map.of());
    Source source = sources.get(ChatTemplateFile.DEFAULT);
    ask(source, "read", Map.of("template", source.text, "now", Map.of()));
  }

  ChatTemplate(String place, String text, Map<String, String> specialTokens, Clock clock) {
    this(Map.of(ChatTemplateFile.DEFAULT, new Source(place, text)), specialTokens, clock);
  }

  /**
   * Reads the chat template of a model directory: {@code chat_template.jinja}, or else {@code
   * chat_template} in {@code tokenizer_config.json}. Where there are several, it is the default
   * one, and with tools the one named {@code tool_use}, as in transformers.
   *
   * @throws dev.ovchat.files.UnusableFileException if the directory is not complete or has no chat
   *     template, as those of base models
   * @throws TokenizerException if the text is not a template, or uses what is not supported
   */
  public static ChatTemplate load(Path modelDirectory) {
    Map<String, ChatTemplateFile> files = ModelDirectory.open(modelDirectory).chatTemplates();
    Map<String, Source> sources = new LinkedHashMap<>();
    files.forEach(
        (name, file) -> {
          boolean isDefault = name.equals(ChatTemplateFile.DEFAULT);
          String place = file.path() + (isDefault ? "" : " (%s)".formatted(name));
          sources.put(name, new Source(place, file.template()));
        });
    return new ChatTemplate(sources, files.get(ChatTemplateFile.DEFAULT).specialTokens(), LOCAL);
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
   * A copy in which a model's other template is the only one, such as {@code rag}: transformers'
   * {@code apply_chat_template(…, chat_template=name)}.
   *
   * @throws TokenizerException if there is none of that name, or it is not a template
   */
  public ChatTemplate named(String name) {
    Source source = sources.get(name);
    if (source == null) {
      throw new TokenizerException(
          "There is no chat template %s; there are %s."
              .formatted(name, String.join(", ", sources.keySet())));
    }
    return new ChatTemplate(Map.of(ChatTemplateFile.DEFAULT, source), specialTokens, clock)
        .with(tools, variables);
  }

  /** The text of the template, in the Jinja language. */
  public String source() {
    return chosen(tools).text;
  }

  /**
   * A copy that offers tools to the model.
   *
   * @param tools a JSON schema for each, as transformers takes them: {@code {"type": "function",
   *     "function": {"name": …, "description": …, "parameters": {…}}}}; none in place of those
   *     before
   * @throws TokenizerException if a value has no JSON
   */
  public ChatTemplate tools(List<? extends Map<String, ?>> tools) {
    return with(TemplateValues.copies(TOOLS, tools), variables);
  }

  /**
   * A copy that gives the template a variable, as transformers' {@code apply_chat_template(…,
   * name=value)} does. A variable of a special token's name, such as {@code bos_token}, is taken in
   * its place; {@code add_generation_prompt} and {@code documents} are variables like others.
   *
   * @param value a text, number, boolean, list or map, or null for Python's {@code None}
   * @throws TokenizerException if the value has no JSON, or the name is that of the messages, the
   *     tools, or a parameter that transformers keeps from templates
   */
  public ChatTemplate variable(String name, Object value) {
    return with(tools, TemplateVariables.plus(variables, Collections.singletonMap(name, value)));
  }

  /**
   * The prompt for these messages, up to where the model's answer begins.
   *
   * @throws TokenizerException if the list is empty, the template refuses them, or it cannot be
   *     rendered
   */
  public String render(List<ChatMessage> messages) {
    return render(messages, tools, Map.of());
  }

  /**
   * The prompt for these messages.
   *
   * @param addGenerationPrompt true to end it where the model's answer begins
   * @throws TokenizerException if the list is empty, the template refuses them, or it cannot be
   *     rendered
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    return render(messages, tools, Map.of(ADD_GENERATION_PROMPT, addGenerationPrompt));
  }

  /**
   * The prompt for these messages, with tools and variables for this time.
   *
   * @param tools as in {@link #tools}, in place of the template's own; an empty list for none,
   *     which a template sees as {@code none}
   * @param variables as in {@link #variable}, by name; those that the template has besides stay
   * @throws TokenizerException if the list is empty, a value has no JSON, a name is not that of a
   *     variable, the template refuses the messages, or it cannot be rendered
   */
  public String render(
      List<ChatMessage> messages, List<? extends Map<String, ?>> tools, Map<String, ?> variables) {
    if (messages.isEmpty()) {
      throw new TokenizerException("There are no messages; a prompt takes one or more.");
    }
    Map<String, Object> all = new HashMap<>(specialTokens);
    all.put(DOCUMENTS, null);
    all.put(ADD_GENERATION_PROMPT, true);
    all.putAll(TemplateVariables.plus(this.variables, variables));
    all.put(MESSAGES, messages.stream().map(ChatMessage::asMap).toList());
    all.put(TOOLS, tools.isEmpty() ? null : TemplateValues.copies(TOOLS, tools));
    Source source = chosen(tools);
    return ask(
        source, "rendered", Map.of("template", source.text, "variables", all, "now", strftime()));
  }

  private ChatTemplate with(List<Map<String, Object>> tools, Map<String, Object> variables) {
    return new ChatTemplate(sources, specialTokens, clock, tools, variables);
  }

  private Source chosen(List<?> tools) {
    String name =
        tools.isEmpty() || !sources.containsKey(TOOL_USE) ? ChatTemplateFile.DEFAULT : TOOL_USE;
    return sources.get(name);
  }

  private static String ask(Source source, String what, Map<String, ?> request) {
    String json = JsonText.of(request);
    Surrogates.requireWhole(json);
    try {
      return TemplateSandbox.render(json);
    } catch (TemplateException e) {
      throw new TokenizerException(
          e.isRefusal()
              ? "The chat template in %s refuses these messages: %s"
                  .formatted(source.place, e.getMessage())
              : "The chat template in %s cannot be %s: %s."
                  .formatted(source.place, what, e.getMessage()),
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
}
