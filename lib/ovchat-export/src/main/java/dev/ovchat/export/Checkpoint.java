package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointFiles;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;

/**
 * A checkpoint as the HuggingFace hub has it, of an architecture that can be exported.
 *
 * @param config the decoder's settings
 * @param files the files beside the weights
 * @param tensors the weights
 */
public record Checkpoint(DecoderConfig config, CheckpointFiles files, CheckpointTensors tensors)
    implements AutoCloseable {
  /**
   * Opens a checkpoint. Of the weights, only their locations are read.
   *
   * @param directory a directory with {@code config.json}, {@code tokenizer.json} and safetensors
   *     files
   * @throws UnusableFileException if one of them is missing, damaged, or asks for something that
   *     the export does not know
   */
  public static Checkpoint open(Path directory) {
    CheckpointFiles files = CheckpointFiles.of(directory);
    DecoderConfig config = DecoderConfig.read(directory);
    files.requireTokenizer();
    return new Checkpoint(config, files, CheckpointTensors.open(directory));
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
