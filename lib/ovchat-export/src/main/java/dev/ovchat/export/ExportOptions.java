package dev.ovchat.export;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Options of how an export stores weights. The names are optimum-cli's, the defaults the documented
 * command's. What is not given depends on the format.
 *
 * @param weightFormat format of most weights
 * @param ignoredScope matrices that are left as they are in the checkpoint
 * @param givenGroupSize number of weights of a row that share a scale, or -1 for the whole row;
 *     formats of four bits only
 * @param givenRatio the share of the weights inside the layers that get four bits, from 0 to 1; the
 *     others get the backup precision; formats of four bits only
 * @param symmetric whether the range of a group is symmetric around zero; otherwise it has a zero
 *     point; int4 and int8 only
 * @param allLayers whether the embedding and lm_head may get four bits too
 * @param givenBackupPrecision precision of the weights that do not get four bits; formats of four
 *     bits only
 * @param groupSizeFallback what becomes of a matrix whose rows the group size does not divide;
 *     formats of four bits only
 * @param awq whether weights are scaled before they get four bits, by data-free AWQ; int4, nf4 and
 *     cb4 only
 */
record ExportOptions(
    WeightFormat weightFormat,
    IgnoredScope ignoredScope,
    OptionalInt givenGroupSize,
    OptionalDouble givenRatio,
    boolean symmetric,
    boolean allLayers,
    Optional<BackupPrecision> givenBackupPrecision,
    GroupSizeFallback groupSizeFallback,
    boolean awq) {
  private static final Set<WeightFormat> OF_AWQ =
      EnumSet.of(WeightFormat.INT4, WeightFormat.NF4, WeightFormat.CB4);

  ExportOptions {
    int size = givenGroupSize.orElse(-1);
    if (size < -1 || size == 0) {
      throw new ExportException(
          String.format(
              Locale.ROOT,
              "groupSize is %d; take a number of weights, or -1 for one group a row.",
              size));
    }
    double ratio = givenRatio.orElse(1);
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new ExportException("ratio is %s; take a share from 0 to 1.".formatted(ratio));
    }
    if (weightFormat == WeightFormat.MXFP4) {
      requireOfMxfp4(givenGroupSize, groupSizeFallback);
    }
    if (awq
        && weightFormat != WeightFormat.ORIGINAL) { // which a GGUF file has until another is set
      requireAwq(weightFormat);
    }
  }

  static void requireAwq(WeightFormat format) {
    if (!OF_AWQ.contains(format)) {
      throw new ExportException(
          "AWQ is for weights of four bits that have a scale of any size, and the weight format is %s; leave out awq, or take int4, nf4 or cb4."
              .formatted(format.name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * Checks that nothing has to be set any more.
   *
   * @throws ExportException if AWQ is asked for, and weights are to stay as they are
   */
  void requireComplete() {
    if (awq) {
      requireAwq(weightFormat);
    }
  }

  private static void requireOfMxfp4(OptionalInt groupSize, GroupSizeFallback fallback) {
    int only = WeightFormat.MXFP4.defaultGroupSize();
    if (groupSize.orElse(only) != only) {
      throw new ExportException(
          String.format(
              Locale.ROOT,
              "groupSize is %d, and mxfp4 has groups of %d weights; leave groupSize out, or take another format.",
              groupSize.getAsInt(),
              only));
    }
    if (fallback == GroupSizeFallback.ADJUST) {
      throw new ExportException(
          "groupSizeFallback is ADJUST, and mxfp4 has no other groups than those of "
              + only
              + " weights; take ERROR or IGNORE.");
    }
  }

  /** Options of the documented command. */
  static ExportOptions documented() {
    return new ExportOptions(
        WeightFormat.INT4,
        IgnoredScope.NONE,
        OptionalInt.empty(),
        OptionalDouble.empty(),
        true,
        false,
        Optional.empty(),
        GroupSizeFallback.ERROR,
        false);
  }

  /** Options for a GGUF file: its weights stay as they are. */
  static ExportOptions original() {
    return documented().with(draft -> draft.weightFormat = WeightFormat.ORIGINAL);
  }

  int groupSize() {
    return givenGroupSize.orElse(weightFormat.defaultGroupSize());
  }

  double ratio() {
    return givenRatio.orElse(weightFormat.defaultRatio());
  }

  /** The backup precision; empty for 8-bit floats in groups of 32, which no option names. */
  Optional<BackupPrecision> backupPrecision() {
    return givenBackupPrecision.isEmpty() && weightFormat != WeightFormat.MXFP4
        ? Optional.of(BackupPrecision.INT8_ASYM)
        : givenBackupPrecision;
  }

  /** The options that count, for the model's rt_info. */
  String description() {
    return weightFormat == WeightFormat.ORIGINAL
        ? "ExportOptions[weightFormat=ORIGINAL]"
        : toString();
  }

  /** A copy in which some values are others. */
  ExportOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** The values while they are changed. */
  static final class Draft {
    WeightFormat weightFormat;
    IgnoredScope ignoredScope;
    OptionalInt groupSize;
    OptionalDouble ratio;
    boolean symmetric;
    boolean allLayers;
    Optional<BackupPrecision> backupPrecision;
    GroupSizeFallback groupSizeFallback;
    boolean awq;

    private Draft(ExportOptions options) {
      weightFormat = options.weightFormat;
      ignoredScope = options.ignoredScope;
      groupSize = options.givenGroupSize;
      ratio = options.givenRatio;
      symmetric = options.symmetric;
      allLayers = options.allLayers;
      backupPrecision = options.givenBackupPrecision;
      groupSizeFallback = options.groupSizeFallback;
      awq = options.awq;
    }

    private ExportOptions options() {
      return new ExportOptions(
          weightFormat,
          ignoredScope,
          groupSize,
          ratio,
          symmetric,
          allLayers,
          backupPrecision,
          groupSizeFallback,
          awq);
    }
  }

  /** The values in force, by their names. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "ExportOptions[weightFormat=%s, groupSize=%d, ratio=%s, symmetric=%s, allLayers=%s, backupPrecision=%s, groupSizeFallback=%s, awq=%s%s]",
        weightFormat,
        groupSize(),
        ratio(),
        symmetric,
        allLayers,
        backupPrecision().map(BackupPrecision::name).orElse("MXFP8_E4M3"),
        groupSizeFallback,
        awq,
        ignoredScope.listed());
  }
}
