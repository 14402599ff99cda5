package dev.ovchat.experiment;

import static java.util.stream.Collectors.joining;

import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.system.Processor;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Provenance of runs: machine, versions, model and settings. Runs belong to one experiment only if
 * all of it is the same.
 *
 * @param values values by column, in the columns' order
 */
record Provenance(Map<String, String> values) {
  static final String BASELINE = "baseline";
  static final String INSTRUCTION_SETS = "instruction sets";
  private static final String REQUESTS_AT_ONCE = "requests at once";
  private static final String PERPLEXITY_TEXT = "perplexity text";

  /** Columns that files of earlier versions lack, and what is true of those. */
  static final Map<String, String> ADDED =
      Map.of(INSTRUCTION_SETS, "", REQUESTS_AT_ONCE, "1", PERPLEXITY_TEXT, "");

  static final List<String> COLUMNS =
      List.of(
          "ovchat",
          "OpenVINO",
          "Java",
          "CPU",
          INSTRUCTION_SETS,
          "threads",
          "device",
          "model",
          "weights (bytes)",
          "prompt tokens",
          "prompt",
          "new tokens",
          "generations",
          REQUESTS_AT_ONCE,
          PERPLEXITY_TEXT,
          BASELINE);

  Provenance {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String column : COLUMNS) {
      ordered.put(column, values.getOrDefault(column, ""));
    }
    values = Collections.unmodifiableMap(ordered);
  }

  static Provenance of(
      Experiment experiment,
      ModelDirectory directory,
      String modelName,
      Map<String, String> baseline) {
    Map<String, String> values = new LinkedHashMap<>();
    String version = Provenance.class.getPackage().getImplementationVersion();
    values.put("ovchat", version == null ? "not packaged" : version);
    values.put("Java", Runtime.version().toString());
    values.putAll(machine());
    values.put("device", experiment.device().name());
    values.put("model", modelName);
    values.put("weights (bytes)", "" + directory.graph().weightsSize());
    values.put("prompt tokens", each(experiment, prompt -> "" + prompt.size()));
    values.put("prompt", each(experiment, prompt -> Integer.toHexString(prompt.hashCode())));
    values.put("new tokens", "" + experiment.newTokens());
    values.put("generations", "" + experiment.generations());
    values.put(REQUESTS_AT_ONCE, "" + experiment.requestsAtOnce());
    values.put(PERPLEXITY_TEXT, text(experiment.perplexityText()));
    values.put(BASELINE, ConfigText.of(baseline));
    return new Provenance(values);
  }

  /** The machine and OpenVINO, which decide beside the model which config is fast here. */
  static Map<String, String> machine() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("CPU", OpenVino.property("CPU", "FULL_DEVICE_NAME").strip());
    values.put(INSTRUCTION_SETS, String.join(", ", Processor.here().instructionSets()));
    values.put("threads", "" + Runtime.getRuntime().availableProcessors());
    values.put("OpenVINO", OpenVino.version());
    return values;
  }

  private static String each(Experiment experiment, Function<TokenIds, String> value) {
    return experiment.prompts().stream().map(value).collect(joining(" "));
  }

  private static String text(TokenIds ids) {
    return ids.isEmpty() ? "" : ids.size() + " tokens, " + Integer.toHexString(ids.hashCode());
  }

  /** Name of a model: the last two names of its path, since the last one is often only a format. */
  static String modelName(Path modelDirectory) {
    Path directory = new ModelDirectory(modelDirectory).path();
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
