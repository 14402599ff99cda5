package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model's chat template, not yet read, and the tokens that it may name, as transformers finds
 * them: the template is {@code chat_template.jinja} or else {@code chat_template} in {@code
 * tokenizer_config.json}.
 *
 * @param path the file that holds the template
 * @param template the template in the Jinja language
 * @param specialTokens names of special tokens, such as {@code bos_token}, with their texts
 */
public record ChatTemplateFile(Path path, String template, Map<String, String> specialTokens) {
  private static final String FIELD = "chat_template";

  /** A limit far above any real template (20 kB), in bytes. */
  public static final long LARGEST = 1_000_000;

  public ChatTemplateFile {
    specialTokens = Map.copyOf(specialTokens);
  }

  /** Reads the template of a directory. */
  public static ChatTemplateFile read(Path directory) {
    Path config = directory.resolve(FileNames.TOKENIZER_CONFIG);
    Map<String, String> tokens = specialTokens(directory);
    Path file = directory.resolve(FileNames.CHAT_TEMPLATE);
    if (ReadableFile.isThere(file)) {
      return new ChatTemplateFile(
          file, ReadableFile.text(file, StandardCharsets.UTF_8, LARGEST), tokens);
    }
    JsonFile json = ReadableFile.isThere(config) ? JsonFile.read(config) : null;
    if (json == null || !json.root().hasNonNull(FIELD)) {
      throw new UnusableFileException(
          "%s has no chat template (%s, or %s in %s): write the model's prompt out, or put its template there."
              .formatted(directory, FileNames.CHAT_TEMPLATE, FIELD, FileNames.TOKENIZER_CONFIG));
    }
    return new ChatTemplateFile(config, inConfig(json), tokens);
  }

  /** One template, or several with names, of which transformers takes the default. */
  private static String inConfig(JsonFile json) {
    JsonNode field = json.root().get(FIELD);
    if (field.isTextual()) {
      return field.asText();
    }
    for (JsonNode named : field) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return named.get("template").asText();
      }
    }
    throw new UnusableFileException(
        "%s: %s is neither a text nor a list with a template named default."
            .formatted(json.path(), FIELD));
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
