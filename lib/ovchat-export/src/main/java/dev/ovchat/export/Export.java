package dev.ovchat.export;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.progress.Progress;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Exports a HuggingFace checkpoint to a model directory for OpenVINO.
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
 * <p>The model is the one that the documented {@code optimum-cli} command makes: the same weights
 * in the same precisions. They stream from mapped files through all cores; no model is ever whole
 * in memory. Nothing of a checkpoint is ever run.
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
   * An export by the documented command's values: int4, in groups of 128, a ratio of 0.6,
   * symmetric, int8 with zero points for the other weights.
   *
   * @param checkpoint a directory with {@code config.json}, {@code tokenizer.json} and safetensors
   *     files; of the architecture phi3, llama, mistral or qwen2
   */
  public static Export of(Path checkpoint) {
    return new Export(checkpoint, ExportOptions.documented(), progress -> {});
  }

  /** What most weights become. */
  public Export weightFormat(WeightFormat format) {
    return with(options.withWeightFormat(format));
  }

  /**
   * How many weights of a row share a scale, for int4.
   *
   * @param size a divisor of every row's width, or -1 for the whole row
   */
  public Export groupSize(int size) {
    return with(options.withGroupSize(size));
  }

  /**
   * The share of the weights inside the layers that become int4.
   *
   * @param share from 0 to 1
   */
  public Export ratio(double share) {
    return with(options.withRatio(share));
  }

  /** Whether integers are symmetric around zero; else there is a zero point for each group. */
  public Export symmetric(boolean symmetric) {
    return with(options.withSymmetric(symmetric));
  }

  /** Whether the embedding and the last layer may become int4, too. */
  public Export allLayers(boolean all) {
    return with(options.withAllLayers(all));
  }

  /** What weights become that are not int4, where that is the format. */
  public Export backupPrecision(BackupPrecision precision) {
    return with(options.withBackupPrecision(precision));
  }

  /**
   * Tells how far the export is.
   *
   * @param told is called after each part of a tensor, by one thread at a time; for instance a
   *     {@code ProgressLine}
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
   * @param directory not there yet, or empty
   * @throws ExportException if a value does not fit the model, the directory cannot be written, or
   *     the thread is interrupted; the message says what to do
   * @throws dev.ovchat.files.UnusableFileException if the checkpoint is not what it has to be
   * @throws dev.ovchat.config.GenerationException as {@link #requireLoadable}
   */
  public ExportResult to(Path directory) {
    return new ExportRun(checkpoint, options, listener).to(directory);
  }

  /**
   * Looks whether a directory can become a model directory; {@link #to} does so, too. For those who
   * have long work to do before.
   *
   * @throws ExportException if there is something in its place already
   */
  public static void requireFree(Path directory) {
    FreePlace.require(directory);
  }

  /**
   * Looks at what stands beside a checkpoint's weights as a load of the result will; {@link #to}
   * does so before it works on the weights. For those who have yet to download them.
   *
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

  /** With what it was told to do. */
  @Override
  public String toString() {
    return "Export of " + checkpoint + " with " + options;
  }
}
