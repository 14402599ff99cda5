package dev.ovchat.experiment;

import static java.util.Comparator.comparingDouble;

import dev.ovchat.export.ExportException;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.progress.Progress;
import dev.ovchat.system.Uninterrupted;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One call of {@link Tuning#run}: exports, then stages, each of which chooses for the next. */
final class TuningRun {
  private static final Sweep.Stage FORMATS = new Sweep.Stage("formats", 1, 1);
  private static final Sweep.Stage CONFIGS = new Sweep.Stage("configs", 2, 1);
  private static final Sweep.Stage THREADS = new Sweep.Stage("threads", 3, 1);

  private final Tuning tuning;
  private final Path models;
  private final Path runs;
  private final Consumer<Progress> progress;
  private final ChildProcess process;
  private final TuningGrid grid;
  private final Map<ExportVariant, Subject> subjects = new LinkedHashMap<>();
  private final Map<ExportVariant, String> failures = new LinkedHashMap<>();
  private final Set<Pair> pairs = new LinkedHashSet<>();
  private final long start = System.nanoTime();
  private String failure = "";
  private long done;

  /** A format's model directory, how it is measured, and the file of its runs. */
  private record Subject(Experiment experiment, RunLog log, long weightsBytes) {}

  private record Pair(ExportVariant format, Map<String, String> config) {}

  TuningRun(
      Tuning tuning, Path models, Path runs, Consumer<Progress> progress, ChildProcess process) {
    this.tuning = tuning;
    this.models = models;
    this.runs = runs;
    this.progress = progress;
    this.process = process;
    this.grid = TuningGrid.of(tuning.experiment().device());
  }

  TuningResults run() {
    makeFolder(models);
    makeFolder(runs);
    tuning.formats().forEach(this::prepare);
    if (!subjects.containsKey(tuning.formats().get(0))) {
      throw new ExperimentException(
          "The tuning was interrupted before it had exported %s: run it again, and it goes on there."
              .formatted(tuning.formats().get(0).name()));
    }
    Pair baseline = new Pair(tuning.formats().get(0), tuning.config());
    stage(FORMATS, subjects.keySet().stream().map(format -> new Pair(format, tuning.config())));
    if (goesOn(baseline)) {
      stage(CONFIGS, fastestFormats().stream().flatMap(this::configs));
    }
    if (goesOn(baseline) && tuning.grid().isEmpty()) {
      stage(THREADS, fastest(1).stream().flatMap(this::threads));
    }
    if (goesOn(baseline)) {
      stage(
          new Sweep.Stage("final", Candidate.FIRST_FINAL_ROUND, tuning.experiment().repetitions()),
          fastest(tuning.finalists()).stream());
    }
    return results();
  }

  /**
   * Tests whether the tuning goes on: without the baseline's figures there is nothing to compare
   * with.
   */
  private boolean goesOn(Pair baseline) {
    return !Thread.currentThread().isInterrupted()
        && failure.isEmpty()
        && !candidate(baseline).runs().measured().isEmpty();
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new ExperimentException(
          "Cannot make the folder %s: %s. Name another one.".formatted(folder, e.getMessage()), e);
    }
  }

  private void prepare(ExportVariant format) {
    Path directory = models.resolve(format.name());
    try {
      if (!new ModelDirectory(directory).isComplete() && !Thread.currentThread().isInterrupted()) {
        format.export(tuning.checkpoint()).progress(it -> tellExport(format, it)).to(directory);
      }
    } catch (ExportException e) {
      if (Thread.currentThread().isInterrupted()) {
        return; // the next call exports it
      }
      if (format.equals(tuning.formats().get(0))) {
        throw e;
      }
      failures.put(format, e.getMessage());
    }
    if (new ModelDirectory(directory).isComplete()) {
      Uninterrupted.run(() -> subjects.put(format, subject(format, directory)));
    }
  }

  private Subject subject(ExportVariant format, Path directory) {
    Experiment experiment =
        subjects.isEmpty()
            ? withTexts(tuning.experiment(), directory)
            : subjects.values().iterator().next().experiment();
    Experiment ofThis = experiment.modelDirectory(directory);
    return new Subject(
        ofThis,
        ofThis.openLog(runs.resolve(format.name() + ".csv"), tuning.config()),
        new ModelDirectory(directory).graph().weightsSize());
  }

  private Experiment withTexts(Experiment experiment, Path directory) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      return experiment
          .prompts(
              tuning.prompts().stream()
                  .map(text -> tokenizer.encode(text, EncodeOptions.AS_IT_IS))
                  .toList())
          .perplexityText(tokenizer.encode(tuning.perplexityText(), EncodeOptions.AS_IT_IS));
    }
  }

  /** Runs the pairs, and the baseline with them. */
  private void stage(Sweep.Stage stage, Stream<Pair> chosen) {
    Set<Pair> all = new LinkedHashSet<>();
    all.add(new Pair(tuning.formats().get(0), tuning.config()));
    chosen.forEach(all::add);
    if (all.size() == 1 && !stage.equals(FORMATS)) {
      return;
    }
    pairs.addAll(all);
    List<Sweep.Trial> trials = all.stream().map(this::trial).toList();
    boolean isLast = stage.first() == Candidate.FIRST_FINAL_ROUND;
    long before = done;
    failure =
        new Sweep(
                stage,
                trials,
                stage.equals(FORMATS) ? toCheck() : List.of(),
                keys(),
                process,
                it -> {
                  done = before + it.done();
                  tell(it.what(), isLast ? before + it.total() : 0);
                })
            .run();
  }

  private List<Map<String, String>> toCheck() {
    return tuning.grid().map(ConfigGrid::combinations).orElse(List.of(tuning.config()));
  }

  private Set<String> keys() {
    Set<String> keys = new HashSet<>(TuningGrid.KEYS);
    toCheck().forEach(config -> keys.addAll(config.keySet()));
    return keys;
  }

  private Sweep.Trial trial(Pair pair) {
    Subject subject = subjects.get(pair.format());
    String label = ConfigText.label(pair.config(), tuning.config());
    return new Sweep.Trial(
        subject.experiment(),
        pair.config(),
        subject.log(),
        pair.format().name() + (pair.config().equals(tuning.config()) ? "" : ", " + label));
  }

  private List<ExportVariant> fastestFormats() {
    return byFirstImpression().map(Pair::format).distinct().limit(tuning.finalists()).toList();
  }

  /**
   * The fastest pairs but for the baseline: first the fastest of each format, since those of one
   * format are often alike, and one lucky run would fill the final with them.
   */
  private List<Pair> fastest(int most) {
    Pair baseline = new Pair(tuning.formats().get(0), tuning.config());
    List<Pair> all = byFirstImpression().filter(pair -> !pair.equals(baseline)).toList();
    Set<ExportVariant> seen = new HashSet<>();
    List<Pair> ofEachFormat = all.stream().filter(pair -> seen.add(pair.format())).toList();
    return Stream.concat(ofEachFormat.stream(), all.stream()).distinct().limit(most).toList();
  }

  /** The pairs within the bound, the fastest first. */
  private Stream<Pair> byFirstImpression() {
    Candidate baseline = candidate(pairs.iterator().next());
    return pairs.stream()
        .filter(pair -> candidate(pair).isEligible(baseline, tuning.mostPerplexity()))
        .filter(pair -> candidate(pair).firstImpression(baseline).isPresent())
        .sorted(
            comparingDouble(
                pair -> -candidate((Pair) pair).firstImpression(baseline).orElseThrow()));
  }

  private Stream<Pair> configs(ExportVariant format) {
    int rowWidth = new ModelDirectory(models.resolve(format.name())).config().hiddenSize();
    List<Map<String, String>> configs =
        tuning
            .grid()
            .map(ConfigGrid::combinations)
            .orElseGet(
                () ->
                    grid.kernels(
                        tuning.config(),
                        format.weightsPerScale(rowWidth),
                        effective(new Pair(format, tuning.config()))));
    return configs.stream()
        .filter(config -> !config.equals(tuning.config())) // it has run in the first stage
        .map(config -> new Pair(format, config));
  }

  private Stream<Pair> threads(Pair pair) {
    int requests = tuning.experiment().requestsAtOnce();
    return grid.threads(pair.config(), requests, effective(pair)).stream()
        .map(config -> new Pair(pair.format(), config));
  }

  private Map<String, String> effective(Pair pair) {
    return candidate(pair).runs().measured().stream()
        .map(Measured::effective)
        .findFirst()
        .orElse(Map.of());
  }

  private Candidate candidate(Pair pair) {
    Subject subject = subjects.get(pair.format());
    List<Run> ofPair =
        subject.log().runs().stream().filter(run -> run.config().equals(pair.config())).toList();
    return new Candidate(
        pair.format(),
        subject.experiment().modelDirectory(),
        subject.weightsBytes(),
        new ConfigRuns(pair.config(), ConfigText.label(pair.config(), tuning.config()), ofPair),
        "");
  }

  private Candidate failed(ExportVariant format) {
    return new Candidate(
        format,
        models.resolve(format.name()),
        0,
        new ConfigRuns(tuning.config(), "baseline", List.of()),
        failures.get(format));
  }

  private TuningResults results() {
    List<Candidate> candidates = new ArrayList<>(pairs.stream().map(this::candidate).toList());
    failures.keySet().forEach(format -> candidates.add(failed(format)));
    Optional<String> problem =
        subjects.values().stream()
            .flatMap(subject -> subject.log().problem().stream())
            .findFirst()
            .map(failure::concat);
    return new TuningResults(
        subjects.values().iterator().next().log().provenance(),
        tuning.experiment().device(),
        tuning.mostPerplexity(),
        candidates,
        problem);
  }

  private void tellExport(ExportVariant format, Progress export) {
    String share =
        export.total() == 0
            ? ""
            : String.format(Locale.ROOT, ", %d %%", 100 * export.done() / export.total());
    tell("exporting " + format.name() + share, 0);
  }

  private void tell(String what, long total) {
    progress.accept(
        new Progress(what, done, total, "runs", Duration.ofNanos(System.nanoTime() - start)));
  }
}
