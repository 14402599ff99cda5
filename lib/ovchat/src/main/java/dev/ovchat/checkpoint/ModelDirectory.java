package dev.ovchat.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory with an exported model, as {@code optimum-cli export openvino} writes it.
 *
 * @param path the directory, absolute
 */
public record ModelDirectory(Path path) {
  private static final String TOPOLOGY = "openvino_model.xml";
  private static final String WEIGHTS = "openvino_model.bin";
  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String TOKENIZER = "tokenizer.json";

  /** The documented export, with the two places to fill in. */
  private static final String EXPORT_COMMAND =
      "./scripts/export --model MODEL_ID_OR_DIRECTORY '%s'";

  public ModelDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * A directory that holds all that a model needs.
   *
   * @throws CheckpointException if the directory or one of its files is missing; the message says
   *     which, where, and how to make it
   */
  public static ModelDirectory open(Path path) {
    ModelDirectory directory = new ModelDirectory(path);
    if (!Files.isDirectory(directory.path)) {
      throw new CheckpointException(
          "There is no model directory " + directory.path + ". " + directory.remedy());
    }
    List<String> missing = directory.missingFiles();
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          "The model directory %s lacks %s. %s"
              .formatted(directory.path, String.join(", ", missing), directory.remedy()));
    }
    return directory;
  }

  /** Whether the directory is there with all that a model needs. */
  public boolean isComplete() {
    return missingFiles().isEmpty();
  }

  private List<String> missingFiles() {
    return Stream.of(TOPOLOGY, WEIGHTS, CONFIG, TOKENIZER)
        .filter(name -> !Files.isRegularFile(path.resolve(name)))
        .toList();
  }

  /** The model's graph; its weights lie beside it. */
  public Path topology() {
    return path.resolve(TOPOLOGY);
  }

  /** The tokenizer's vocabulary, merges and rules. */
  public Path tokenizer() {
    return path.resolve(TOKENIZER);
  }

  /**
   * What {@code config.json} says.
   *
   * @throws CheckpointException if the file is not readable, or a field has the wrong type
   */
  public ModelConfig config() {
    return ModelConfig.read(path.resolve(CONFIG));
  }

  /**
   * The end tokens of this model, by transformers' rule: those of {@code generation_config.json}
   * where it names any (Phi-3: [32000, 32001, 32007]), else those of {@code config.json} (Phi-3:
   * [32000]).
   *
   * @return token ids; empty where neither file names one
   */
  public List<Integer> eosTokenIds() {
    Path file = path.resolve(GENERATION_CONFIG);
    List<Integer> ids =
        Files.exists(file) ? JsonFile.read(file).tokenIds("eos_token_id") : List.of();
    return ids.isEmpty() ? config().eosTokenIds() : ids;
  }

  private String remedy() {
    return "Export the model: " + EXPORT_COMMAND.formatted(path);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
