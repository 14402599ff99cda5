package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The config of the text model inside a model that takes images, too, as the text model alone has
 * it.
 *
 * <pre>
 *   {"model_type": "gemma3", "eos_token_id": [1, 106], "vision_config": {…},
 *    "text_config": {"hidden_size": 2560, …}}
 *     ──► {"model_type": "gemma3_text", "eos_token_id": [1, 106], "hidden_size": 2560,
 *          "vocab_size": 262208, …}
 * </pre>
 *
 * <p>Published configs leave out sizes for which transformers has a default. They are put in, from
 * {@code text-configs.json}, which {@code scripts/golden/golden_text_configs.py} makes.
 */
public final class TextConfig {
  private static final String TYPE = "model_type";
  private static final String TEXT = "text_config";
  private static final String CLASSES = "architectures";

  /** Models that take images, with the architecture of a text config that does not name its own. */
  private static final Map<String, String> KINDS =
      Map.of("gemma3", "gemma3_text", "mistral3", "mistral");

  /** Fields that count for the text model, too, where the config has them for the whole one. */
  private static final List<String> OF_THE_WHOLE =
      List.of("eos_token_id", "bos_token_id", "pad_token_id", "quantization_config");

  private TextConfig() {}

  /** Tests whether the text model is a part of the one that a config describes. */
  static boolean isIn(JsonFile config) {
    return KINDS.containsKey(config.text(TYPE, ""));
  }

  /**
   * Tests whether a checkpoint's text model is a part of it.
   *
   * @throws UnusableFileException if its {@code config.json} cannot be read
   */
  public static boolean isIn(Path checkpoint) {
    return isIn(JsonFile.read(checkpoint.resolve(FileNames.CONFIG)));
  }

  /**
   * Reads the config of a checkpoint's text model: its {@code config.json} itself where the
   * checkpoint is nothing but a text model.
   *
   * @throws UnusableFileException if it cannot be read, or says nothing of the text model
   */
  public static JsonFile read(Path checkpoint) {
    JsonFile config = JsonFile.read(checkpoint.resolve(FileNames.CONFIG));
    return isIn(config) ? ofText(config) : config;
  }

  private static JsonFile ofText(JsonFile config) {
    ObjectNode given = (ObjectNode) config.object(TEXT).orElseThrow(() -> lacksText(config)).root();
    String kind = config.text(TYPE, "");
    // Gemma 3 has one kind of text model, whatever the field says.
    String type =
        kind.equals("gemma3") ? KINDS.get(kind) : given.path(TYPE).asText(KINDS.get(kind));
    ObjectNode fields = defaults(type);
    ObjectNode own = given.deepCopy();
    if (own.path(CLASSES).isNull()) { // as transformers saves a part of a model
      own.remove(CLASSES);
    }
    fields.setAll(own);
    fields.put(TYPE, type);
    for (String field : OF_THE_WHOLE) {
      config.value(field).ifPresent(value -> fields.set(field, value));
    }
    // As in transformers, the text model's own value counts for nothing.
    fields.put("tie_word_embeddings", config.truth("tie_word_embeddings", true));
    return new JsonFile(config.path(), fields);
  }

  private static UnusableFileException lacksText(JsonFile config) {
    return new UnusableFileException(
        "%s lacks the field text_config, which a model of the architecture %s has; copy it again from where the model comes from."
            .formatted(config.path(), config.text(TYPE, "")));
  }

  /** The sizes of an architecture's default config, and its class; none if it is not known. */
  private static ObjectNode defaults(String type) {
    try (InputStream in = TextConfig.class.getResourceAsStream("text-configs.json")) {
      JsonNode known = new ObjectMapper().readTree(in).path("architectures").path(type);
      return known.isObject() ? known.deepCopy() : new ObjectMapper().createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
