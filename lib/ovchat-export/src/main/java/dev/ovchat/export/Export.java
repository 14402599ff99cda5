package dev.ovchat.export;

import dev.ovchat.checkpoint.Adapter;
import dev.ovchat.checkpoint.CheckpointFiles;
import dev.ovchat.checkpoint.TextConfig;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.progress.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
  private final List<WeightedAdapter> adapters;
  private final Consumer<Progress> listener;

  private Export(
      Path checkpoint,
      ExportOptions options,
      List<WeightedAdapter> adapters,
      Consumer<Progress> listener) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.adapters = List.copyOf(adapters);
    this.listener = listener;
  }

  /**
   * Creates an export. That of a directory has the documented command's values: int4, in groups of
   * 128, a ratio of 0.6, symmetric, int8 with zero points for the other weights. That of a GGUF
   * file keeps its weights as they are: {@link WeightFormat#ORIGINAL}.
   *
   * @param checkpoint a directory with {@code config.json}, {@code tokenizer.json} and safetensors
   *     files, or a GGUF file; of an architecture that README lists, or of Gemma 3 or Mistral 3
   *     with images, of which the text model is exported alone
   */
  public static Export of(Path checkpoint) {
    return new Export(
        checkpoint,
        Checkpoint.isGguf(checkpoint) ? ExportOptions.original() : ExportOptions.documented(),
        List.of(),
        progress -> {});
  }

  /**
   * Sets the format of most weights. What is not set besides is that of the documented command for
   * int4, and for nf4, mxfp4 and cb4 what optimum-cli takes without further options: a ratio of 1
   * and {@link WeightFormat#defaultGroupSize}.
   */
  public Export weightFormat(WeightFormat format) {
    return with(draft -> draft.weightFormat = format);
  }

  /**
   * Sets the number of weights of a row that share a scale, for formats of four bits. Those of
   * mxfp4 are 32.
   *
   * @param size a divisor of every row's width, or -1 for the whole row; see also {@link
   *     #groupSizeFallback}
   */
  public Export groupSize(int size) {
    return with(draft -> draft.groupSize = OptionalInt.of(size));
  }

  /**
   * Sets what becomes of a matrix whose rows the group size does not divide, for formats of four
   * bits.
   */
  public Export groupSizeFallback(GroupSizeFallback fallback) {
    return with(draft -> draft.groupSizeFallback = fallback);
  }

  /**
   * Sets the share of the weights inside the layers that get four bits.
   *
   * @param share the share, from 0 to 1
   */
  public Export ratio(double share) {
    return with(draft -> draft.ratio = OptionalDouble.of(share));
  }

  /** Sets whether integers are symmetric around zero; otherwise each group has a zero point. */
  public Export symmetric(boolean symmetric) {
    return with(draft -> draft.symmetric = symmetric);
  }

  /** Sets whether the embedding and lm_head may get four bits, too. */
  public Export allLayers(boolean all) {
    return with(draft -> draft.allLayers = all);
  }

  /** Sets the precision of the weights that do not get four bits, if the format has four bits. */
  public Export backupPrecision(BackupPrecision precision) {
    return with(draft -> draft.backupPrecision = Optional.of(precision));
  }

  /**
   * Sets whether the columns of some matrices are scaled to like magnitudes before they get four
   * bits, by data-free AWQ: in most models those of down_proj that the ratio gives four bits. What
   * the model computes stays the same but for rounding; nothing is scaled where NNCF finds nothing.
   *
   * @param awq whether they are; with int4, nf4 and cb4 only
   */
  public Export awq(boolean awq) {
    return with(draft -> draft.awq = awq);
  }

  /**
   * Sets the format to int4, with optimum-cli's own values for a model in place of all that is set
   * for the compression; the ignored scope stays.
   */
  public Export defaults(Int4Defaults values) {
    return with(
        draft -> {
          draft.weightFormat = WeightFormat.INT4;
          draft.groupSize = OptionalInt.of(values.groupSize());
          draft.groupSizeFallback = values.groupSizeFallback();
          draft.ratio = OptionalDouble.of(values.ratio());
          draft.symmetric = values.symmetric();
          draft.allLayers = values.allLayers();
          draft.backupPrecision = values.backupPrecision();
          draft.awq = values.awq();
        });
  }

  /**
   * Leaves matrices as they are in the checkpoint, whatever the weight format and the backup
   * precision are; they count for nothing in the ratio. It is NNCF's ignored scope, for which
   * optimum-cli has no option. Each call leaves more of them. Matrices that an adapter changes are
   * stored as {@link #adapter(Path, double)} says.
   *
   * <p>The names are the checkpoint's; those of a GGUF file are transformers', and its quantized
   * matrices stay integers. NNCF has names of operations instead, with {@code __module.} in front.
   * An embedding that is lm_head as well is one matrix, of the embedding's name.
   *
   * @param pattern a regular expression that matches names of matrices from their beginning, such
   *     as {@code model[.]layers[.]0[.].*}, or {@code (?!model[.]layers[.]0[.]).*} for all but
   *     those of the first layer; {@link #to} refuses one that matches none
   * @throws ExportException if it is not a regular expression
   */
  public Export ignoredScope(String pattern) {
    return with(draft -> draft.ignoredScope = draft.ignoredScope.and(pattern));
  }

  /** Adds an adapter with a weight of 1: {@link #adapter(Path, double)}. */
  public Export adapter(Path directory) {
    return adapter(directory, 1);
  }

  /**
   * Adds a LoRA adapter, which is merged into the weights as PEFT's {@code merge_and_unload} does:
   * a matrix W becomes W + weight · scaling · B · A, in f32, where scaling is alpha / rank, or
   * alpha / √rank with {@code use_rslora}. Each call adds one more; the results do not depend on
   * their order but for rounding.
   *
   * <p>Merged weights are compressed like others. Where weights stay as they are, as with {@link
   * WeightFormat#ORIGINAL} or {@link BackupPrecision#NONE}, a merged matrix is stored in f16, and
   * in f32 if it is f32 in the checkpoint: bf16 would round off small changes, and the blocks of a
   * GGUF file cannot hold them. The other matrices stay as they are.
   *
   * @param directory the adapter as PEFT saves it, with {@code adapter_config.json} and {@code
   *     adapter_model.safetensors}; plain LoRA of the model's linear layers, and of its embedding
   *     where lm_head is another matrix; {@link #to} reads it
   * @param weight the factor of what the adapter adds, which may be negative
   * @throws ExportException if the weight is infinite or NaN
   */
  public Export adapter(Path directory, double weight) {
    List<WeightedAdapter> all = new ArrayList<>(adapters);
    all.add(new WeightedAdapter(directory, weight));
    return new Export(checkpoint, options, all, listener);
  }

  /**
   * Sets a listener that receives the progress of the export.
   *
   * @param told the listener, called after each part of a tensor, by one thread at a time; for
   *     instance a {@code ProgressLine}
   */
  public Export progress(Consumer<Progress> told) {
    return new Export(checkpoint, options, adapters, told);
  }

  private Export with(Consumer<ExportOptions.Draft> change) {
    return new Export(checkpoint, options.with(change), adapters, listener);
  }

  /**
   * Runs the export. The directory is written aside and renamed at the end: it is there as a whole,
   * or not at all.
   *
   * @param directory the model directory to make: not there yet, or empty
   * @throws ExportException if a value does not fit the model, the directory cannot be written, or
   *     the thread is interrupted; the message says what to do
   * @throws dev.ovchat.files.UnusableFileException if the checkpoint or an adapter is not what it
   *     has to be
   * @throws dev.ovchat.config.GenerationException if {@link #requireLoadable} throws it
   */
  public ExportResult to(Path directory) {
    return new ExportRun(checkpoint, options, adapters, listener).to(directory);
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
   * Checks that data-free AWQ can change weights of a format, as {@link #to} does.
   *
   * @throws ExportException if it cannot
   */
  public static void requireAwq(WeightFormat format) {
    ExportOptions.requireAwq(format);
  }

  /**
   * Checks the files of an adapter, as {@link #to} does. That it fits to the model shows there.
   *
   * @throws dev.ovchat.files.UnusableFileException if a file is missing or damaged, or the adapter
   *     is not plain LoRA
   */
  public static void requireAdapter(Path directory) {
    Adapter.open(directory);
  }

  /**
   * Checks the files beside a checkpoint's weights as a load of the result will; {@link #to} does
   * so before it writes any weights. The weights need not be there: call it before they are
   * downloaded. Of a model that takes images, too, it checks the tokenizer alone: the rest depends
   * on the text model's config, which {@link #to} makes.
   *
   * @param checkpoint a directory with {@code config.json} and {@code tokenizer.json}
   * @throws dev.ovchat.files.UnusableFileException if a file is not what it has to be, or the
   *     tokenizer is of another model
   * @throws dev.ovchat.config.GenerationException if the model could not generate by its {@code
   *     generation_config.json}
   */
  public static void requireLoadable(Path checkpoint) {
    if (TextConfig.isIn(checkpoint)) {
      CheckpointFiles.of(checkpoint).requireLoadableTokenizer();
      return;
    }
    ModelDirectory files = new ModelDirectory(checkpoint);
    files.config();
    GenerationConfig.of(files);
    files.tokenizer();
  }

  /** Names the checkpoint and the options. */
  @Override
  public String toString() {
    String merged = adapters.isEmpty() ? "" : " and adapters " + adapters;
    return "Export of " + checkpoint + " with " + options + merged;
  }
}
