package dev.ovchat.experiment;

import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Measures a model with several configs.
 *
 * <pre>{@code
 * var experiment = Experiment.of(modelDir, device).prompt(input).newTokens(64).repetitions(5);
 * Results results = experiment.run(grid.oneAtATime(), Path.of("results.csv"), System.out::println);
 * results.table()
 * }</pre>
 *
 * <p>Each round runs every config once, in random order, so that a temporary slowdown of the
 * machine affects all configs alike. Each run is a process of its own: it loads the model,
 * generates once to warm up and then a few times to be measured. Generation is greedy and continues
 * past the end token, so that all configs do the same work; completions are compared up to the end
 * token.
 *
 * @param modelDirectory the model directory, as an export writes it
 * @param device the device to run on
 * @param prompt the prompt of each generation
 * @param newTokens new tokens of each generation, 2 or more
 * @param repetitions rounds, 1 or more; from 5 on, small differences can be distinguished from
 *     noise
 * @param generations measured generations of each run, 1 or more; their median counts
 * @param seed random seed of the order of runs
 * @param timeLimit the longest time of a run; then it is ended, and has failed
 */
public record Experiment(
    Path modelDirectory,
    Device device,
    TokenIds prompt,
    int newTokens,
    int repetitions,
    int generations,
    long seed,
    Duration timeLimit) {

  /**
   * Checks the numbers.
   *
   * @throws ExperimentException if one is out of range
   */
  public Experiment {
    require("newTokens", newTokens, 2);
    require("repetitions", repetitions, 1);
    require("generations", generations, 1);
    if (timeLimit.isNegative() || timeLimit.isZero()) {
      throw new ExperimentException("timeLimit is " + timeLimit + "; it has to be above 0.");
    }
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new ExperimentException(
          String.format(Locale.ROOT, "%s is %d; it has to be %d or more.", name, value, least));
    }
  }

  /** An experiment of 5 rounds, with 64 new tokens in each of 3 generations, but no prompt yet. */
  public static Experiment of(Path modelDirectory, Device device) {
    return new Experiment(modelDirectory, device, TokenIds.of(), 64, 5, 3, 1, Duration.ofHours(1));
  }

  /** A copy with this value for {@link #prompt()}. */
  public Experiment prompt(TokenIds prompt) {
    return new Experiment(
        modelDirectory, device, prompt, newTokens, repetitions, generations, seed, timeLimit);
  }

  /** A copy with this value for {@link #newTokens()}. */
  public Experiment newTokens(int newTokens) {
    return new Experiment(
        modelDirectory, device, prompt, newTokens, repetitions, generations, seed, timeLimit);
  }

  /** A copy with this value for {@link #repetitions()}. */
  public Experiment repetitions(int repetitions) {
    return new Experiment(
        modelDirectory, device, prompt, newTokens, repetitions, generations, seed, timeLimit);
  }

  /** A copy with this value for {@link #generations()}. */
  public Experiment generations(int generations) {
    return new Experiment(
        modelDirectory, device, prompt, newTokens, repetitions, generations, seed, timeLimit);
  }

  /** A copy with this value for {@link #seed()}. */
  public Experiment seed(long seed) {
    return new Experiment(
        modelDirectory, device, prompt, newTokens, repetitions, generations, seed, timeLimit);
  }

  /** A copy with this value for {@link #timeLimit()}. */
  public Experiment timeLimit(Duration timeLimit) {
    return new Experiment(
        modelDirectory, device, prompt, newTokens, repetitions, generations, seed, timeLimit);
  }

  /**
   * Runs the configs. Each run is a row of the file as soon as it is done; a repeated call with the
   * same file does only the missing runs. A config that fails is a row with its reason, and is not
   * run again: delete its row to have it tried once more.
   *
   * <p>An interrupt, such as a notebook's stop button, ends the call, also one that came before it:
   * the runs so far are returned, and the thread's interrupt flag is set.
   *
   * @param configs the configs, the first of which is the baseline; {@link ConfigGrid} makes such
   *     lists
   * @param csv the file of the runs; created if missing
   * @param progress receives the progress at the start and at the end of each run
   * @throws ExperimentException before anything runs: if OpenVINO does not know a key or a value,
   *     the file cannot be written, or holds runs of something else, or the prompt does not fit
   * @throws dev.ovchat.files.UnusableFileException if the model directory is not complete
   */
  public Results run(List<Map<String, String>> configs, Path csv, Consumer<Progress> progress) {
    return run(configs, csv, progress, new ChildProcess(Worker.class, timeLimit));
  }

  Results run(
      List<Map<String, String>> configs,
      Path csv,
      Consumer<Progress> progress,
      ChildProcess process) {
    // One that came before is for the runs: files would not be read, and tablesaw takes it away.
    boolean isInterrupted = Thread.interrupted();
    Sweep sweep;
    try {
      List<Map<String, String>> distinct = distinct(configs);
      ModelDirectory directory = ModelDirectory.open(modelDirectory);
      requirePrompt(directory.config());
      Provenance provenance = Provenance.of(this, directory, distinct.get(0));
      sweep = new Sweep(this, distinct, RunLog.open(csv, provenance), process, progress);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return sweep.run();
  }

  private static List<Map<String, String>> distinct(List<Map<String, String>> configs) {
    if (configs.isEmpty()) {
      throw new ExperimentException("There is no config to run; the first one is the baseline.");
    }
    Set<Map<String, String>> distinct = new LinkedHashSet<>();
    for (Map<String, String> config : configs) {
      config.forEach(ConfigText::require);
      distinct.add(Collections.unmodifiableMap(new TreeMap<>(config)));
    }
    return List.copyOf(distinct);
  }

  private void requirePrompt(ModelConfig model) {
    if (prompt.isEmpty()) {
      throw new ExperimentException("The experiment has no prompt: set it by prompt(ids).");
    }
    prompt.stream()
        .filter(id -> id < 0 || id >= model.vocabSize())
        .findFirst()
        .ifPresent(
            id -> {
              throw new ExperimentException(
                  String.format(
                      Locale.ROOT,
                      "The prompt holds the id %d, but the model's ids go from 0 to %d.",
                      id,
                      model.vocabSize() - 1));
            });
    if (prompt.size() + newTokens > model.maxPositionEmbeddings()) {
      throw new ExperimentException(
          String.format(
              Locale.ROOT,
              "The prompt of %d tokens and %d new ones are more than the model's context of %d.",
              prompt.size(),
              newTokens,
              model.maxPositionEmbeddings()));
    }
  }
}
