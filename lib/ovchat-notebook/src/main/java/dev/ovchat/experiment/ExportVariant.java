package dev.ovchat.experiment;

import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.export.Checkpoint;
import dev.ovchat.export.Export;
import dev.ovchat.export.WeightFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A way to store a model's weights: the values of an {@link Export}.
 *
 * <pre>{@code
 * ExportVariant.of(WeightFormat.INT4).groupSize(64).ratio(1).name()   // int4-g64-r1
 * }</pre>
 *
 * @param weightFormat format of most weights
 * @param groupSize number of weights of a row that share a scale, or -1 for the whole row; formats
 *     of four bits only
 * @param ratio the share of the weights inside the layers that get four bits, from 0 to 1; formats
 *     of four bits only
 * @param symmetric whether integers are symmetric around zero; int4 and int8 only
 * @param allLayers whether the embedding and lm_head may get four bits, too; formats of four bits
 *     only
 * @param awq whether columns are scaled before they get four bits; int4, nf4 and cb4 only
 */
public record ExportVariant(
    WeightFormat weightFormat,
    int groupSize,
    double ratio,
    boolean symmetric,
    boolean allLayers,
    boolean awq) {
  private static final int DOCUMENTED_GROUP_SIZE = 128;

  /** The smallest group that is worth its scale. */
  private static final int SMALLEST_GROUP = 16;

  /**
   * Checks the numbers, and that the format has weights that AWQ can scale.
   *
   * @throws dev.ovchat.export.ExportException if one is out of range, or the format has none
   */
  public ExportVariant {
    Export.of(Path.of("")).weightFormat(weightFormat).groupSize(groupSize).ratio(ratio).awq(awq);
    if (awq) { // which an export accepts for original weights until it runs
      Export.requireAwq(weightFormat);
    }
  }

  /** A variant of that format, with the values that an {@link Export} has for all else. */
  public static ExportVariant of(WeightFormat format) {
    return new ExportVariant(
        format, format.defaultGroupSize(), format.defaultRatio(), true, false, false);
  }

  /** A copy with this value for {@link #groupSize()}. */
  public ExportVariant groupSize(int groupSize) {
    return new ExportVariant(weightFormat, groupSize, ratio, symmetric, allLayers, awq);
  }

  /** A copy with this value for {@link #ratio()}. */
  public ExportVariant ratio(double ratio) {
    return new ExportVariant(weightFormat, groupSize, ratio, symmetric, allLayers, awq);
  }

  /** A copy with this value for {@link #symmetric()}. */
  public ExportVariant symmetric(boolean symmetric) {
    return new ExportVariant(weightFormat, groupSize, ratio, symmetric, allLayers, awq);
  }

  /** A copy with this value for {@link #allLayers()}. */
  public ExportVariant allLayers(boolean allLayers) {
    return new ExportVariant(weightFormat, groupSize, ratio, symmetric, allLayers, awq);
  }

  /** A copy with this value for {@link #awq()}. */
  public ExportVariant awq(boolean awq) {
    return new ExportVariant(weightFormat, groupSize, ratio, symmetric, allLayers, awq);
  }

  /**
   * The variants that are worth a try for a model. The first one has the documented values, but for
   * the group size where groups of 128 do not divide the model's rows: then it is the largest power
   * of two that does. The others: a GGUF file's own weights; int4 for all weights inside the
   * layers, also in smaller groups, with zero points, and with one scale a row; int8 without and
   * with zero points.
   *
   * @param checkpoint a directory or a GGUF file, as for {@link Export#of}
   * @throws dev.ovchat.files.UnusableFileException if it is not what it has to be
   */
  public static List<ExportVariant> listFor(Path checkpoint) {
    int group = groupSizeFor(checkpoint);
    ExportVariant documented = of(WeightFormat.INT4).groupSize(group);
    List<ExportVariant> list = new ArrayList<>(List.of(documented));
    if (Files.isRegularFile(checkpoint)) {
      list.add(of(WeightFormat.ORIGINAL));
    }
    list.add(documented.ratio(1));
    list.add(documented.ratio(1).symmetric(false));
    if (group > SMALLEST_GROUP) {
      list.add(documented.ratio(1).groupSize(group / 2));
    }
    list.add(documented.ratio(1).groupSize(-1));
    list.add(of(WeightFormat.INT8));
    list.add(of(WeightFormat.INT8).symmetric(false));
    return list.stream().distinct().toList();
  }

  /**
   * The documented group size of 128, or the largest power of two below it that divides all rows of
   * a model's matrices; -1 where that is below 16.
   *
   * @param checkpoint a directory or a GGUF file, as for {@link Export#of}
   * @throws dev.ovchat.files.UnusableFileException if it is not what it has to be
   */
  public static int groupSizeFor(Path checkpoint) {
    try (Checkpoint source = Checkpoint.open(checkpoint)) {
      DecoderConfig model = source.config();
      int widths =
          model.hiddenSize()
              | model.intermediateSize()
              | (model.numAttentionHeads() * model.headDim());
      int size = Math.min(DOCUMENTED_GROUP_SIZE, Integer.lowestOneBit(widths));
      return size < SMALLEST_GROUP ? -1 : size;
    }
  }

  /** A name for a directory, the same for the same values, such as {@code int4-g64-r0.6}. */
  public String name() {
    String format = weightFormat.name().toLowerCase(Locale.ROOT);
    String zeroPoints = symmetric ? "" : "-asym";
    return switch (weightFormat) {
      case INT4, NF4, MXFP4, CB4 ->
          format
              + (groupSize == -1 ? "-rows" : "-g" + groupSize)
              + (ratio == 1 ? "-r1" : "-r" + ratio)
              + (weightFormat == WeightFormat.INT4 ? zeroPoints : "")
              + (allLayers ? "-all" : "")
              + (awq ? "-awq" : "");
      case INT8 -> format + zeroPoints;
      case FP32, FP16, ORIGINAL -> format;
    };
  }

  /** The export of a checkpoint with these values. */
  Export export(Path checkpoint) {
    return Export.of(checkpoint)
        .weightFormat(weightFormat)
        .groupSize(groupSize)
        .ratio(ratio)
        .symmetric(symmetric)
        .allLayers(allLayers)
        .awq(awq);
  }

  /** The export as a line of Java, without what says nothing for the format. */
  String java() {
    String symmetry = ".symmetric(" + symmetric + ")";
    return "Export.of(checkpoint).weightFormat(WeightFormat."
        + weightFormat.name()
        + ")"
        + switch (weightFormat) {
          case INT4, NF4, MXFP4, CB4 ->
              ".groupSize("
                  + groupSize
                  + ").ratio("
                  + ratio
                  + ")"
                  + (weightFormat == WeightFormat.INT4 ? symmetry : "")
                  + (allLayers ? ".allLayers(true)" : "")
                  + (awq ? ".awq(true)" : "");
          case INT8 -> symmetry;
          case FP32, FP16, ORIGINAL -> "";
        };
  }

  /** Number of weights that share a scale, for a model with rows of that width. */
  int weightsPerScale(int rowWidth) {
    return switch (weightFormat) {
      case INT4, NF4, MXFP4, CB4 -> groupSize == -1 ? rowWidth : groupSize;
      case ORIGINAL -> 32; // the group of most formats of GGUF files
      case INT8, FP16, FP32 -> rowWidth;
    };
  }
}
