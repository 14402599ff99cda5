package dev.ovchat.modeldir;

import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.tokenizerfile.ChatTemplateFile;
import dev.ovchat.tokenizerfile.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory with an exported model, as {@code optimum-cli export openvino} writes it.
 *
 * @param path the directory, absolute
 */
public record ModelDirectory(Path path) {

  public ModelDirectory {
    path = absolute(path);
  }

  /**
   * The path without "..", which after a link leads elsewhere than it looks: so links come first.
   */
  private static Path absolute(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException notThere) {
      return path.toAbsolutePath().normalize();
    }
  }

  /**
   * Opens a directory that holds all that a model needs.
   *
   * @throws UnusableFileException if the directory or one of its files is missing or cannot be
   *     read, or the model in it was never exported; the message says which, where, and what to do
   */
  public static ModelDirectory open(Path path) {
    ModelDirectory directory = new ModelDirectory(path);
    directory.requireDirectory();
    List<String> missing = directory.missingFiles();
    if (missing.contains(FileNames.IR)) {
      directory.refuseUnexported();
    }
    if (!missing.isEmpty()) {
      throw new UnusableFileException(
          "The model directory %s lacks %s. %s"
              .formatted(directory.path, String.join(", ", missing), directory.remedy()));
    }
    required().map(directory.path::resolve).forEach(ReadableFile::require);
    return directory;
  }

  /** Returns whether the directory is there with all that a model needs. */
  public boolean isComplete() {
    return missingFiles().isEmpty();
  }

  private static Stream<String> required() {
    return Stream.of(FileNames.IR, FileNames.IR_WEIGHTS, FileNames.CONFIG, FileNames.TOKENIZER);
  }

  private List<String> missingFiles() {
    return required().filter(name -> !ReadableFile.isThere(path.resolve(name))).toList();
  }

  private void requireDirectory() {
    if (!ReadableFile.isThere(path)) {
      throw new UnusableFileException("There is no model directory " + path + ". " + remedy());
    }
    try (Stream<Path> entries = Files.list(path)) {
      if (entries.findAny().isEmpty()) {
        throw new UnusableFileException("The model directory " + path + " is empty. " + remedy());
      }
    } catch (IOException e) {
      throw new UnusableFileException(
          "Cannot read the model directory %s: %s. %s"
              .formatted(path, ReadableFile.reason(e), remedy()),
          e);
    }
  }

  /** Refuses a checkpoint as it comes from a hub: the export's input, and not its output. */
  private void refuseUnexported() {
    Stream.of(
            FileNames.SAFETENSORS,
            FileNames.SAFETENSORS_INDEX,
            "pytorch_model.bin",
            "pytorch_model.bin.index.json")
        .filter(name -> ReadableFile.isThere(path.resolve(name)))
        .findFirst()
        .ifPresent(
            weights -> {
              throw new UnusableFileException(
                  "The model in %s (%s) has not been exported to OpenVINO. Export it: %s"
                      .formatted(path, weights, export(quoted(path), path.resolve("int4"))));
            });
  }

  /**
   * The model's IR, after a look at it and at the size of its weights: OpenVINO would say little of
   * a file that is cut off, and nothing of weights that are too long.
   *
   * @throws UnusableFileException if a file is not what its name says, or the two do not belong
   *     together; the values of the weights are not looked at
   */
  public IrModel graph() {
    IrModel graph = IrModel.read(path.resolve(FileNames.IR), exportCommand(path));
    Path weights = path.resolve(FileNames.IR_WEIGHTS);
    long size = ReadableFile.size(weights);
    if (size != graph.weightsSize()) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              """
              %s holds %,d bytes, but the graph in %s needs %,d: it is %s. \
              Export the model again: %s\
              """,
              weights,
              size,
              FileNames.IR,
              graph.weightsSize(),
              size < graph.weightsSize() ? "cut off, or of another model" : "of another model",
              exportCommand(path)));
    }
    GraphShape.of(graph.text())
        .requireModel(graph.file(), JsonFile.read(path.resolve(FileNames.CONFIG)));
    return graph;
  }

  /**
   * The tokenizer's vocabulary, merges and rules.
   *
   * @throws UnusableFileException if the file is broken, or of another model
   */
  public TokenizerFile tokenizer() {
    TokenizerFile file = TokenizerFile.read(path);
    file.requireModel(config().vocabSize(), eosTokenIds());
    return file;
  }

  /**
   * The model's chat templates by name, and the tokens that they may name.
   *
   * @return one at least, of the name {@link ChatTemplateFile#DEFAULT}
   * @throws UnusableFileException if there is none, or a file is not readable
   */
  public Map<String, ChatTemplateFile> chatTemplates() {
    return ChatTemplateFile.readAll(path);
  }

  /**
   * Reads {@code config.json}.
   *
   * @throws UnusableFileException if the file is not readable, or a field has the wrong type
   */
  public ModelConfig config() {
    return ModelConfig.of(JsonFile.read(path.resolve(FileNames.CONFIG)));
  }

  /**
   * The end tokens of this model, by transformers' rule: those of {@code generation_config.json}
   * where it names any (Phi-3: [32000, 32001, 32007]), else those of {@code config.json} (Phi-3:
   * [32000]).
   *
   * @return token ids; empty where neither file names one
   */
  public List<Integer> eosTokenIds() {
    return generationConfig()
        .tokenIds("eos_token_id")
        .filter(ids -> !ids.isEmpty())
        .orElseGet(() -> config().eosTokenIds());
  }

  /**
   * Reads {@code generation_config.json}; without fields where the file is missing.
   *
   * @throws UnusableFileException if the file is not readable
   */
  public GenerationConfigFile generationConfig() {
    return GenerationConfigFile.read(path.resolve(FileNames.GENERATION_CONFIG));
  }

  private String remedy() {
    return "Export the model: " + exportCommand(path);
  }

  /** The documented export into a directory. */
  static String exportCommand(Path directory) {
    return export("MODEL_ID_OR_DIRECTORY", directory);
  }

  private static String export(String model, Path directory) {
    return "./scripts/export --model %s %s".formatted(model, quoted(directory));
  }

  /** The path quoted for a shell. */
  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
