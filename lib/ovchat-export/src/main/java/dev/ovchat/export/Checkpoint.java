package dev.ovchat.export;

import dev.ovchat.checkpoint.CheckpointFiles;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;

/**
 * A checkpoint as the HuggingFace hub has it, of an architecture that can be exported.
 *
 * @param config how it computes
 * @param files what stands beside the weights
 * @param tensors the weights
 */
public record Checkpoint(DecoderConfig config, CheckpointFiles files, CheckpointTensors tensors)
    implements AutoCloseable {
  /**
   * Opens it. Of the weights, it is read where they lie.
   *
   * @param directory with {@code config.json}, {@code tokenizer.json} and safetensors files
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
   * Looks at the config and for the tokenizer, as {@link #open} does; the weights need not be
   * there. For those who have yet to download them.
   */
  public static void requireKnown(Path directory) {
    DecoderConfig.read(directory);
    CheckpointFiles.of(directory).requireTokenizer();
  }

  /**
   * Looks whether all files are still those that were opened.
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
