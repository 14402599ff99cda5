package dev.ovchat.experiment;

import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.OpenVino;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Provenance of runs: machine, versions, model and settings. Runs belong to one experiment only if
 * all of it is the same.
 *
 * @param values values by column, in the columns' order
 */
record Provenance(Map<String, String> values) {
  static final String BASELINE = "baseline";

  static final List<String> COLUMNS =
      List.of(
          "ovchat",
          "OpenVINO",
          "Java",
          "CPU",
          "threads",
          "device",
          "model",
          "weights (bytes)",
          "prompt tokens",
          "prompt",
          "new tokens",
          "generations",
          BASELINE);

  Provenance {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String column : COLUMNS) {
      ordered.put(column, values.getOrDefault(column, ""));
    }
    values = Collections.unmodifiableMap(ordered);
  }

  static Provenance of(
      Experiment experiment, ModelDirectory directory, Map<String, String> baseline) {
    Map<String, String> values = new LinkedHashMap<>();
    String version = Provenance.class.getPackage().getImplementationVersion();
    values.put("ovchat", version == null ? "not packaged" : version);
    values.put("OpenVINO", OpenVino.version());
    values.put("Java", Runtime.version().toString());
    values.put("CPU", OpenVino.property("CPU", "FULL_DEVICE_NAME").strip());
    values.put("threads", "" + Runtime.getRuntime().availableProcessors());
    values.put("device", experiment.device().name());
    values.put("model", name(directory.path()));
    values.put("weights (bytes)", "" + directory.graph().weightsSize());
    values.put("prompt tokens", "" + experiment.prompt().size());
    values.put("prompt", Integer.toHexString(experiment.prompt().hashCode()));
    values.put("new tokens", "" + experiment.newTokens());
    values.put("generations", "" + experiment.generations());
    values.put(BASELINE, ConfigText.of(baseline));
    return new Provenance(values);
  }

  /** Name of a model: the last two names of its path, since the last one is often only a format. */
  private static String name(Path directory) {
    int names = directory.getNameCount();
    return directory.subpath(Math.max(0, names - 2), names).toString();
  }

  Map<String, String> baseline() {
    return ConfigText.parse(values.get(BASELINE));
  }

  /** Columns in which another provenance differs. */
  List<String> differencesFrom(Provenance other) {
    return COLUMNS.stream()
        .filter(column -> !values.get(column).equals(other.values.get(column)))
        .toList();
  }
}
