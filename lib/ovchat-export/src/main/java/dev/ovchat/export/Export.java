package dev.ovchat.export;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.progress.Progress;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Exports a HuggingFace checkpoint or a GGUF file to a model directory for OpenVINO.
 *
 * <pre>{@code
 * Export.of(Path.of("Phi-3-mini-4k-instruct"))
 *     .weightFormat(WeightFormat.INT4)
 *     .groupSize(128)
 *     .ratio(0.6)
 *     .symmetric(true)
 *     .to(Path.of("model/phi3-instruct/int4"));
 * }</pre>
 *
 * <p>The model of a checkpoint is the one that the documented {@code optimum-cli} command makes:
 * the same weights in the same precisions. That of a GGUF file keeps the file's weights, unless a
 * format is set. Weights stream from mapped files through all cores; a model is never whole in
 * memory. No code of a checkpoint is ever run.
 */
public final class Export {
  private final Path checkpoint;
  private final ExportOptions options;
  private final Consumer<Progress> listener;

  private Export(Path checkpoint, ExportOptions options, Consumer<Progress> listener) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Creates an export. That of a directory has the documented command's values: int4, in groups of
   * 128, a ratio of 0.6, symmetric, int8 with zero points for the other weights. That of a GGUF
   * file keeps its weights as they are: {@link WeightFormat#ORIGINAL}.
   *
   * @param checkpoint a directory with {@code config.json}, {@code tokenizer.json} and safetensors
   *     files, or a GGUF file; of the architecture phi3, llama, mistral, qwen2 or qwen3
   */
  public static Export of(Path checkpoint) {
    return new Export(
        checkpoint,
        Checkpoint.isGguf(checkpoint) ? ExportOptions.original() : ExportOptions.documented(),
        progress -> {});
  }

  /** Sets the format of most weights. */
  public Export weightFormat(WeightFormat format) {
    return with(options.withWeightFormat(format));
  }

  /**
   * Sets the number of weights of a row that share a scale, for int4.
   *
   * @param size a divisor of every row's width, or -1 for the whole row
   */
  public Export groupSize(int size) {
    return with(options.withGroupSize(size));
  }

  /**
   * Sets the share of the weights inside the layers that become int4.
   *
   * @param share the share, from 0 to 1
   */
  public Export ratio(double share) {
    return with(options.withRatio(share));
  }

  /** Sets whether integers are symmetric around zero; otherwise each group has a zero point. */
  public Export symmetric(boolean symmetric) {
    return with(options.withSymmetric(symmetric));
  }

  /** Sets whether the embedding and lm_head may become int4, too. */
  public Export allLayers(boolean all) {
    return with(options.withAllLayers(all));
  }

  /** Sets the precision of the weights that are not compressed to int4, if int4 is the format. */
  public Export backupPrecision(BackupPrecision precision) {
    return with(options.withBackupPrecision(precision));
  }

  /**
   * Sets a listener that receives the progress of the export.
   *
   * @param told the listener, called after each part of a tensor, by one thread at a time; for
   *     instance a {@code ProgressLine}
   */
  public Export progress(Consumer<Progress> told) {
    return new Export(checkpoint, options, told);
  }

  private Export with(ExportOptions changed) {
    return new Export(checkpoint, changed, listener);
  }

  /**
   * Runs the export. The directory is written aside and renamed at the end: it is there as a whole,
   * or not at all.
   *
   * @param directory the model directory to make: not there yet, or empty
   * @throws ExportException if a value does not fit the model, the directory cannot be written, or
   *     the thread is interrupted; the message says what to do
   * @throws dev.ovchat.files.UnusableFileException if the checkpoint is not what it has to be
   * @throws dev.ovchat.config.GenerationException if {@link #requireLoadable} throws it
   */
  public ExportResult to(Path directory) {
    return new ExportRun(checkpoint, options, listener).to(directory);
  }

  /**
   * Checks that a directory can become a model directory, as {@link #to} does. Call it before long
   * work that precedes the export.
   *
   * @throws ExportException if there is something at its path already, or nothing can be made there
   */
  public static void requireFree(Path directory) {
    FreePlace.require(directory);
  }

  /**
   * Checks the files beside a checkpoint's weights as a load of the result will; {@link #to} does
   * so before it writes any weights. The weights need not be there: call it before they are
   * downloaded.
   *
   * @param checkpoint a directory with {@code config.json} and {@code tokenizer.json}
   * @throws dev.ovchat.files.UnusableFileException if a file is not what it has to be, or the
   *     tokenizer is of another model
   * @throws dev.ovchat.config.GenerationException if the model could not generate by its {@code
   *     generation_config.json}
   */
  public static void requireLoadable(Path checkpoint) {
    ModelDirectory files = new ModelDirectory(checkpoint);
    files.config();
    GenerationConfig.of(files);
    files.tokenizer();
  }

  /** Names the checkpoint and the options. */
  @Override
  public String toString() {
    return "Export of " + checkpoint + " with " + options;
  }
}
