package dev.ovchat.export;

import static java.util.stream.Collectors.joining;

import dev.ovchat.files.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The values that optimum-cli takes for {@code --weight-format int4} where no other option of
 * compression is given: it has entries for some models, and general values for all others.
 *
 * <pre>{@code
 * Int4Defaults values = Int4Defaults.of("Qwen/Qwen3-8B");
 * Export.of(checkpoint).defaults(values).to(directory); // groups of 128, a ratio of 1, zero points
 * }</pre>
 *
 * <p>The entries are optimum-intel's, in {@code optimum-int4.json}, which {@code
 * scripts/golden/golden_int4_defaults.py} makes.
 *
 * @param entry id of the model whose entry it is; empty for the general values
 * @param groupSize number of weights of a row that share a scale
 * @param ratio the share of the weights inside the layers that get four bits
 * @param symmetric whether groups have no zero point
 * @param allLayers whether the embedding and lm_head may get four bits, too
 * @param backupPrecision precision of the weights that do not get four bits, where the entry names
 *     one
 * @param groupSizeFallback what becomes of a matrix whose rows the group size does not divide
 * @param awq whether weights are scaled before, by data-free AWQ
 * @param leftOut what the entry asks for besides, which the export from Java does not do, in words
 */
public record Int4Defaults(
    Optional<String> entry,
    int groupSize,
    double ratio,
    boolean symmetric,
    boolean allLayers,
    Optional<BackupPrecision> backupPrecision,
    GroupSizeFallback groupSizeFallback,
    boolean awq,
    List<String> leftOut) {
  public Int4Defaults {
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Finds the values as optimum-cli does: by the id, to the letter; by {@code _name_or_path} in a
   * directory's {@code config.json}; or by the last part of what is given, so that {@code
   * models/Qwen3-8B} is taken for {@code Qwen/Qwen3-8B}.
   *
   * @param model an id on the HuggingFace hub, or the directory of a checkpoint
   * @throws ExportException if its entry treats parts of the model differently
   * @throws dev.ovchat.files.UnusableFileException if there is a config.json that cannot be read
   */
  public static Int4Defaults of(String model) {
    Optional<String> entry = OptimumInt4.entry(model);
    JsonFile values = OptimumInt4.values(entry);
    return new Int4Defaults(
        entry,
        values.integer("group_size").orElseThrow(),
        values.number("ratio").orElse(1),
        values.truth("sym", false),
        values.truth("all_layers", false),
        text(values, "backup_precision").map(BackupPrecision::valueOf),
        text(values, "group_size_fallback")
            .map(GroupSizeFallback::valueOf)
            .orElse(GroupSizeFallback.ERROR),
        hasAwq(values) && values.text("dataset", "").isEmpty(),
        leftOut(values));
  }

  /** A choice as the names of an enum are written; empty where nothing is chosen. */
  private static Optional<String> text(JsonFile values, String field) {
    return Optional.of(values.text(field, "").toUpperCase(Locale.ROOT))
        .filter(text -> !text.isEmpty());
  }

  private static boolean hasAwq(JsonFile values) {
    return values.text("quant_method", "").equals("awq");
  }

  /** Steps that the export from Java leaves out: it has no data, and no options of the runtime. */
  private static List<String> leftOut(JsonFile values) {
    String dataset = values.text("dataset", "");
    String data = dataset.isEmpty() ? "" : " by the data set " + dataset;
    List<String> leftOut = new ArrayList<>();
    if (hasAwq(values) && !data.isEmpty()) {
      leftOut.add("AWQ" + data);
    }
    if (values.truth("scale_estimation", false)) {
      leftOut.add("scale estimation" + data);
    }
    if (!data.isEmpty() && values.number("ratio").orElse(1) < 1) {
      leftOut.add("the choice of what gets four bits" + data);
    }
    values
        .integer("dq_group_size")
        .ifPresent(size -> leftOut.add("DYNAMIC_QUANTIZATION_GROUP_SIZE " + size));
    return leftOut;
  }

  /** The values as options of {@code ./scripts/export}, and what is left out: one sentence. */
  @Override
  public String toString() {
    String options =
        String.format(
            Locale.ROOT,
            "--group-size %d --ratio %s %s%s%s%s%s",
            groupSize,
            ratio,
            symmetric ? "--sym" : "--no-sym",
            allLayers ? " --all-layers" : "",
            backupPrecision.map(given -> " --backup-precision " + name(given)).orElse(""),
            groupSizeFallback == GroupSizeFallback.ERROR
                ? ""
                : " --group-size-fallback " + name(groupSizeFallback),
            awq ? " --awq" : "");
    return "int4 as optimum-intel %s does it for %s: %s%s."
        .formatted(
            OptimumInt4.version(),
            entry.orElse("models that it has no entry for"),
            options,
            leftOut.isEmpty()
                ? ""
                : leftOut.stream()
                    .collect(joining(", ", "; left out, and done by --engine optimum: ", "")));
  }

  private static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
