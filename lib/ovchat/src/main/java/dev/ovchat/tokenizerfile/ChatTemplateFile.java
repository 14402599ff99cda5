package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model's chat template, not yet read, and the tokens that it may name, as transformers finds
 * them: the template is {@code chat_template.jinja}, or else {@code chat_template} in {@code
 * tokenizer_config.json}, or else in {@code chat_template.json}, where models that take images may
 * have it. A model may have several, by name: the files in {@code additional_chat_templates}, or a
 * list in the config.
 *
 * @param path the file that holds the template
 * @param template the template in the Jinja language
 * @param specialTokens names of special tokens, such as {@code bos_token}, with their texts
 */
public record ChatTemplateFile(Path path, String template, Map<String, String> specialTokens) {
  /** Name of the template that is taken where nothing else is asked for. */
  public static final String DEFAULT = "default";

  /** A limit far above any real template (20 kB), in bytes. */
  public static final long LARGEST = 1_000_000;

  private static final String FIELD = "chat_template";
  private static final String SUFFIX = ".jinja";

  public ChatTemplateFile {
    specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * Reads the templates of a directory.
   *
   * @return the templates by name; one is {@link #DEFAULT}
   * @throws UnusableFileException if there is none, or no default, or a file is not readable
   */
  public static Map<String, ChatTemplateFile> readAll(Path directory) {
    Map<String, String> tokens = specialTokens(directory);
    Map<String, ChatTemplateFile> templates = new LinkedHashMap<>();
    files(directory)
        .forEach(
            (name, file) -> {
              String text = ReadableFile.text(file, StandardCharsets.UTF_8, LARGEST);
              templates.put(name, new ChatTemplateFile(file, text, tokens));
            });
    for (String name : List.of(FileNames.TOKENIZER_CONFIG, FileNames.PROCESSOR_CHAT_TEMPLATE)) {
      Path config = directory.resolve(name);
      if (templates.isEmpty() && ReadableFile.isThere(config)) {
        inConfig(JsonFile.read(config))
            .forEach(
                (each, text) -> templates.put(each, new ChatTemplateFile(config, text, tokens)));
      }
    }
    if (templates.isEmpty()) {
      throw new UnusableFileException(
          """
          %s has no chat template (%s, or %s in %s). A base model has none: it continues texts and \
          has not been trained on chats, so ask it for a completion, with \
          model.generate(model.tokenizer().encode(text), config). A chat model needs its template: \
          put it there, from where the model comes from.\
          """
              .formatted(directory, FileNames.CHAT_TEMPLATE, FIELD, FileNames.TOKENIZER_CONFIG));
    }
    if (!templates.containsKey(DEFAULT)) {
      throw new UnusableFileException(
          "%s has chat templates of the names %s, and none of the name %s; add one in %s."
              .formatted(
                  directory,
                  String.join(", ", templates.keySet()),
                  DEFAULT,
                  FileNames.CHAT_TEMPLATE));
    }
    return templates;
  }

  /**
   * Finds the files of a directory that hold templates, and reads none of them.
   *
   * @return the files by the names of their templates; empty where the config may hold one
   * @throws UnusableFileException if the folder of further templates is not readable
   */
  public static Map<String, Path> files(Path directory) {
    Map<String, Path> files = new LinkedHashMap<>();
    Path file = directory.resolve(FileNames.CHAT_TEMPLATE);
    if (ReadableFile.isThere(file)) {
      files.put(DEFAULT, file);
    }
    Path folder = directory.resolve(FileNames.ADDITIONAL_CHAT_TEMPLATES);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> additional = Files.list(folder)) {
        additional
            .sorted()
            .filter(path -> path.toString().endsWith(SUFFIX))
            .forEach(path -> files.put(name(path), path));
      } catch (IOException e) {
        throw ReadableFile.unreadable(folder, e);
      } catch (UncheckedIOException e) {
        throw ReadableFile.unreadable(folder, e.getCause());
      }
    }
    return files;
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** One template, or several with names. */
  private static Map<String, String> inConfig(JsonFile json) {
    Map<String, String> templates = json.value(FIELD).map(ChatTemplateFile::named).orElse(Map.of());
    if (json.value(FIELD).isPresent() && !templates.containsKey(DEFAULT)) {
      throw new UnusableFileException(
          "%s: %s is neither a text nor a list with a template named default."
              .formatted(json.path(), FIELD));
    }
    return templates;
  }

  private static Map<String, String> named(JsonNode field) {
    Map<String, String> templates = new LinkedHashMap<>();
    if (field.isTextual()) {
      templates.put(DEFAULT, field.asText());
    }
    for (JsonNode named : field) {
      if (named.path("name").isTextual() && named.path("template").isTextual()) {
        templates.put(named.get("name").asText(), named.get("template").asText());
      }
    }
    return templates;
  }

  /** The default template in {@code chat_template} of a JSON file; empty where it has none. */
  public static Optional<String> defaultIn(JsonFile json) {
    return json.value(FIELD).map(field -> named(field).get(DEFAULT));
  }

  private static Map<String, String> specialTokens(Path directory) {
    Map<String, String> tokens = new LinkedHashMap<>();
    Path config = directory.resolve(FileNames.TOKENIZER_CONFIG);
    boolean isThere = ReadableFile.isThere(config);
    boolean complete = false;
    if (isThere) {
      JsonFile json = JsonFile.read(config);
      complete = json.root().has("added_tokens_decoder");
      addTokens(json, tokens);
    }
    // Older checkpoints have them in a file of their own.
    Path legacy = directory.resolve(FileNames.SPECIAL_TOKENS_MAP);
    if (!complete && ReadableFile.isThere(legacy)) {
      addTokens(JsonFile.read(legacy), tokens);
    }
    return tokens;
  }

  private static void addTokens(JsonFile json, Map<String, String> tokens) {
    for (var field : json.root().properties()) {
      if (field.getKey().endsWith("_token")) {
        addToken(field.getKey(), field.getValue(), tokens);
      }
    }
    json.root()
        .path("extra_special_tokens")
        .properties()
        .forEach(field -> addToken(field.getKey(), field.getValue(), tokens));
  }

  /** A token is a text, or an object with its text. */
  private static void addToken(String name, JsonNode value, Map<String, String> tokens) {
    JsonNode text = value.isObject() ? value.path("content") : value;
    if (text.isTextual()) {
      tokens.put(name, text.asText());
    }
  }
}
