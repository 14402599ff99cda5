package dev.ovchat.experiment;

import static java.util.stream.Collectors.groupingBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tech.tablesaw.api.Table;

/** Results of an experiment, also of one that was ended early. */
public final class Results {
  private final Provenance provenance;
  private final List<Run> runs;
  private final ConfigRuns baseline;
  private final List<ConfigRuns> configs;
  private final Optional<String> problem;

  /**
   * @param configs configs in the order to show them; runs of others are left out
   */
  Results(
      Provenance provenance,
      List<Map<String, String>> configs,
      List<Run> runs,
      Optional<String> problem) {
    this.provenance = provenance;
    this.runs = runs.stream().filter(run -> configs.contains(run.config())).toList();
    Map<Map<String, String>, List<Run>> byConfig =
        this.runs.stream()
            .sorted(Comparator.comparingInt(Run::round))
            .collect(groupingBy(Run::config));
    Map<String, String> first = provenance.baseline();
    Function<Map<String, String>, ConfigRuns> runsOf =
        config ->
            new ConfigRuns(
                config, ConfigText.label(config, first), byConfig.getOrDefault(config, List.of()));
    this.baseline = runsOf.apply(first);
    this.configs = configs.stream().map(runsOf).toList();
    this.problem = problem;
  }

  /** Results of all configs that have runs: the baseline first, then the others by their labels. */
  static Results of(Provenance provenance, List<Run> runs) {
    Map<String, String> baseline = provenance.baseline();
    Map<Map<String, String>, String> labels = new LinkedHashMap<>();
    runs.forEach(run -> labels.computeIfAbsent(run.config(), it -> ConfigText.label(it, baseline)));
    Set<Map<String, String>> configs = new LinkedHashSet<>();
    configs.add(baseline);
    labels.keySet().stream().sorted(Comparator.comparing(labels::get)).forEach(configs::add);
    return new Results(provenance, List.copyOf(configs), runs, Optional.empty());
  }

  /**
   * Reads the file of an earlier experiment. Its baseline comes first, then the other configs in
   * alphabetical order.
   *
   * @throws ExperimentException if it cannot be read, is not such a file, or holds no runs, or runs
   *     of several experiments
   */
  public static Results read(Path csv) {
    return RunLog.read(csv);
  }

  /**
   * A row for each config, with medians over its rounds: the difference from the baseline; load and
   * first token in ms; tokens per second; peak memory in MB; the perplexity of the experiment's
   * text; whether each completion was the baseline's, token by token, and of how many prompts; the
   * speed-up over the baseline; the number of runs; and the reasons of failed runs. The tokens per
   * second and the speed-up have bounds beside them, which hold for all configs at once with 95 %
   * each. Unknown values are missing.
   */
  public Table table() {
    return ResultTables.configs(configs, baseline(), Math.max(1, others().size()));
  }

  /**
   * A row for each config, and a column for each key that one of them sets: the effective value, as
   * read back from the plugin. Some keys, such as CACHE_DIR, cannot be read; they are missing.
   */
  public Table effective() {
    return ResultTables.effective(configs);
  }

  /** A row for each run, with its provenance: the content of the file. */
  public Table runs() {
    return RunTable.of(provenance, runs);
  }

  /**
   * Compares with an earlier experiment, such as one on another machine or version: a row for each
   * config that both have, with the tokens per second of both, their ratio, with bounds that hold
   * for all rows at once with 95 % each, and whether the text is the same.
   *
   * @throws ExperimentException if they have no config in common
   */
  public Table compareWith(Results earlier) {
    return ResultTables.comparison(this, earlier);
  }

  /**
   * Differences in the provenance of this and an earlier experiment: name, earlier value, value
   * now.
   */
  public Table differencesFrom(Results earlier) {
    return ResultTables.differences(provenance, earlier.provenance);
  }

  /**
   * Writes all runs to another file, for instance if the first one could not be written to the end.
   *
   * @throws ExperimentException if it is there already, or cannot be written
   */
  public void save(Path csv) {
    if (Files.exists(csv)) {
      throw new ExperimentException("There is a file %s already. Name another one.".formatted(csv));
    }
    RunLog.create(csv, provenance, runs);
  }

  /** The reason that runs are in memory only; empty if all of them are in the file. */
  public Optional<String> problem() {
    return problem;
  }

  List<ConfigRuns> configs() {
    return configs;
  }

  ConfigRuns baseline() {
    return baseline;
  }

  /** Configs other than the baseline that have figures, each of which is a comparison. */
  List<ConfigRuns> others() {
    return configs.stream()
        .filter(config -> !config.config().equals(baseline.config()))
        .filter(config -> !config.measured().isEmpty())
        .toList();
  }

  /**
   * A text such as {@code 40 runs of 8 configs on CPU (Intel Xeon, 2 threads), 2 of them failed}.
   */
  @Override
  public String toString() {
    long failed = runs.stream().filter(Run::failed).count();
    return String.format(
        Locale.ROOT,
        "%d runs of %d configs on %s (%s, %s threads)%s%s",
        runs.size(),
        configs.stream().filter(config -> !config.runs().isEmpty()).count(),
        provenance.values().get("device"),
        provenance.values().get("CPU"),
        provenance.values().get("threads"),
        failed == 0 ? "" : String.format(Locale.ROOT, ", %d of them failed", failed),
        problem
            .map(reason -> ". " + reason + " The runs are kept here: save(path) writes them.")
            .orElse(""));
  }
}
