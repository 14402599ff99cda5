package dev.ovchat.export;

import java.util.Locale;

/**
 * Options of how an export stores weights. The names are optimum-cli's, the defaults the documented
 * command's.
 *
 * @param weightFormat format of most weights
 * @param groupSize number of weights of a row that share a scale: a divisor of every row's width,
 *     or -1 for the whole row; int4 only
 * @param ratio the share of the weights inside the layers that become int4, from 0 to 1; the others
 *     get {@code backupPrecision}; int4 only
 * @param symmetric whether the range of a group is symmetric around zero; otherwise it has a zero
 *     point; int4 and int8 only
 * @param allLayers whether the embedding and lm_head may become int4 too
 * @param backupPrecision precision of the weights that are not compressed to int4; int4 only
 */
record ExportOptions(
    WeightFormat weightFormat,
    int groupSize,
    double ratio,
    boolean symmetric,
    boolean allLayers,
    BackupPrecision backupPrecision) {

  ExportOptions {
    if (groupSize < -1 || groupSize == 0) {
      throw new ExportException(
          String.format(
              Locale.ROOT,
              "groupSize is %d; take a number of weights, or -1 for one group a row.",
              groupSize));
    }
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new ExportException("ratio is %s; take a share from 0 to 1.".formatted(ratio));
    }
  }

  /** Options of the documented command. */
  static ExportOptions documented() {
    return new ExportOptions(WeightFormat.INT4, 128, 0.6, true, false, BackupPrecision.INT8_ASYM);
  }

  /** Options for a GGUF file: its weights stay as they are. */
  static ExportOptions original() {
    return documented().withWeightFormat(WeightFormat.ORIGINAL);
  }

  /** The options that count, for the model's rt_info. */
  String description() {
    return weightFormat == WeightFormat.ORIGINAL
        ? "ExportOptions[weightFormat=ORIGINAL]"
        : toString();
  }

  ExportOptions withWeightFormat(WeightFormat value) {
    return new ExportOptions(value, groupSize, ratio, symmetric, allLayers, backupPrecision);
  }

  ExportOptions withGroupSize(int value) {
    return new ExportOptions(weightFormat, value, ratio, symmetric, allLayers, backupPrecision);
  }

  ExportOptions withRatio(double value) {
    return new ExportOptions(weightFormat, groupSize, value, symmetric, allLayers, backupPrecision);
  }

  ExportOptions withSymmetric(boolean value) {
    return new ExportOptions(weightFormat, groupSize, ratio, value, allLayers, backupPrecision);
  }

  ExportOptions withAllLayers(boolean value) {
    return new ExportOptions(weightFormat, groupSize, ratio, symmetric, value, backupPrecision);
  }

  ExportOptions withBackupPrecision(BackupPrecision value) {
    return new ExportOptions(weightFormat, groupSize, ratio, symmetric, allLayers, value);
  }
}
