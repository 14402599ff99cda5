package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointFiles;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.checkpoint.ModelFiles;
import dev.ovchat.checkpoint.TextConfig;
import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.gguf.GgufCheckpoint;
import dev.ovchat.gguf.GgufFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model as it is published, of an architecture that can be exported: a HuggingFace checkpoint or
 * a GGUF file.
 *
 * @param config the decoder's settings
 * @param files the files beside the weights
 * @param tensors the weights
 */
public record Checkpoint(DecoderConfig config, ModelFiles files, CheckpointTensors tensors)
    implements AutoCloseable {
  /**
   * Opens a checkpoint. Of the weights, only their locations are read.
   *
   * @param path a directory with {@code config.json}, {@code tokenizer.json} and safetensors files,
   *     or a GGUF file
   * @throws UnusableFileException if one of them is missing, damaged, or asks for something that
   *     the export does not know
   */
  public static Checkpoint open(Path path) {
    return isGguf(path) ? gguf(path) : directory(path);
  }

  /** Tests whether a path is taken for a GGUF file: it is a file, whatever its name. */
  static boolean isGguf(Path path) {
    return Files.exists(path) && !Files.isDirectory(path);
  }

  private static Checkpoint directory(Path path) {
    if (!Files.exists(path.resolve(FileNames.CONFIG))) {
      CheckpointTensors.open(path).close(); // says what is there in place of a checkpoint
    }
    CheckpointFiles files = CheckpointFiles.of(path);
    DecoderConfig config = DecoderConfig.read(path);
    files.requireTokenizer();
    return new Checkpoint(
        config,
        files,
        TextConfig.isIn(path) ? CheckpointTensors.openText(path) : CheckpointTensors.open(path));
  }

  private static Checkpoint gguf(Path path) {
    GgufCheckpoint model = GgufCheckpoint.open(path);
    GgufFiles files = GgufFiles.of(model);
    DecoderConfig config = DecoderConfig.ofGguf(JsonFile.of(path, files.config()));
    return new Checkpoint(config, files, CheckpointTensors.withExpertsTogether(model));
  }

  /**
   * Checks the config and the tokenizer, as {@link #open} does. The weights need not be there: call
   * it before they are downloaded.
   */
  public static void requireKnown(Path directory) {
    DecoderConfig.read(directory);
    CheckpointFiles.of(directory).requireTokenizer();
  }

  /**
   * Checks that the files have not changed since they were opened.
   *
   * @throws UnusableFileException if a file has another size or time of change
   */
  public void requireUnchanged() {
    tensors.requireUnchanged();
    files.requireUnchanged();
  }

  @Override
  public void close() {
    tensors.close();
  }
}
