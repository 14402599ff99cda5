package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of a checkpoint beside its weights, as a model directory has them: the configs, and the
 * tokenizer with its chat template.
 */
public final class CheckpointFiles {
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String TEMPLATE = "chat_template.jinja";

  /** The field that names a checkpoint's own Python classes. */
  private static final String CODE = "auto_map";

  /** Taken as they are, if they are there. */
  private static final List<String> COPIED =
      List.of(
          GENERATION_CONFIG, TOKENIZER, "special_tokens_map.json", "added_tokens.json", TEMPLATE);

  private static final ObjectWriter WRITER = new ObjectMapper().writerWithDefaultPrettyPrinter();

  private CheckpointFiles() {}

  /**
   * Looks whether the checkpoint has a tokenizer that can be taken over.
   *
   * @throws CheckpointException if it has none
   */
  public static void requireTokenizer(Path checkpoint) {
    if (!ReadableFile.isThere(checkpoint.resolve(TOKENIZER))) {
      throw new CheckpointException(
          checkpoint
              + " has no tokenizer.json, which the tokenizer is read from. The documented command"
              + " can make one from older files: add --engine optimum to ./scripts/export.");
    }
    ReadableFile.require(checkpoint.resolve(TOKENIZER));
  }

  /**
   * Copies the files.
   *
   * @throws CheckpointException if a file of the checkpoint cannot be read, or is not what its name
   *     says
   * @throws IOException if a file cannot be written
   */
  public static void copy(Path checkpoint, Path directory) throws IOException {
    for (String name : COPIED) {
      if (ReadableFile.isThere(checkpoint.resolve(name))) {
        ReadableFile.require(checkpoint.resolve(name));
        Files.copy(checkpoint.resolve(name), directory.resolve(name));
      }
    }
    JsonFile config = JsonFile.readConfig(checkpoint.resolve(CONFIG));
    if (config.root().has(CODE)) {
      WRITER.writeValue(directory.resolve(CONFIG).toFile(), withoutCode(config));
    } else {
      Files.copy(checkpoint.resolve(CONFIG), directory.resolve(CONFIG));
    }
    if (ReadableFile.isThere(checkpoint.resolve(TOKENIZER_CONFIG))) {
      copyTokenizerConfig(JsonFile.readConfig(checkpoint.resolve(TOKENIZER_CONFIG)), directory);
    }
    if (!Files.exists(directory.resolve(GENERATION_CONFIG))) {
      writeGenerationConfig(config, directory);
    }
  }

  /**
   * Python files of a checkpoint are not taken over. With {@code trust_remote_code} transformers
   * would look for those that a config names, and fail.
   */
  private static ObjectNode withoutCode(JsonFile config) {
    ObjectNode copy = config.root().deepCopy();
    copy.remove(CODE);
    return copy;
  }

  /** A single chat template moves to a file of its own, as transformers does when it saves. */
  private static void copyTokenizerConfig(JsonFile config, Path directory) throws IOException {
    ObjectNode copy = withoutCode(config);
    Optional<String> template =
        config
            .value("chat_template")
            .filter(value -> value.isTextual())
            .map(value -> value.asText());
    if (template.isPresent()) {
      copy.remove("chat_template");
      if (!Files.exists(directory.resolve(TEMPLATE))) {
        Files.writeString(directory.resolve(TEMPLATE), template.get(), StandardCharsets.UTF_8);
      }
    }
    WRITER.writeValue(directory.resolve(TOKENIZER_CONFIG).toFile(), copy);
  }

  /** Older checkpoints say in the config which tokens begin and end an answer. */
  private static void writeGenerationConfig(JsonFile config, Path directory) throws IOException {
    ObjectNode generation = new ObjectMapper().createObjectNode().put("_from_model_config", true);
    for (String field : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
      config.value(field).ifPresent(id -> generation.set(field, id));
    }
    WRITER.writeValue(directory.resolve(GENERATION_CONFIG).toFile(), generation);
  }
}
