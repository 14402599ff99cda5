package dev.ovchat.experiment;

import static java.util.stream.Collectors.toSet;

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
 * @param prompts the prompts, each of which is generated from; one or more to run
 * @param newTokens new tokens of each generation, 2 or more
 * @param repetitions rounds, 1 or more; from 5 on, small differences can be distinguished from
 *     noise
 * @param generations measured generations of each run and prompt, 1 or more; their median counts
 * @param requestsAtOnce number of generations that run at the same time, 1 or more; with several,
 *     the speed is that of all together, from their start to their end, the reading of the prompts
 *     included
 * @param perplexityText a text whose perplexity each run measures: no tokens for none, else two or
 *     more
 * @param seed random seed of the order of runs
 * @param timeLimit the longest time of a run; then it is ended, and has failed
 */
public record Experiment(
    Path modelDirectory,
    Device device,
    List<TokenIds> prompts,
    int newTokens,
    int repetitions,
    int generations,
    int requestsAtOnce,
    TokenIds perplexityText,
    long seed,
    Duration timeLimit) {

  /**
   * Checks the numbers, and copies the list.
   *
   * @throws ExperimentException if one is out of range
   */
  public Experiment {
    require("newTokens", newTokens, 2);
    require("repetitions", repetitions, 1);
    require("generations", generations, 1);
    require("requestsAtOnce", requestsAtOnce, 1);
    prompts = List.copyOf(prompts);
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
    return new Experiment(
        modelDirectory, device, List.of(), 64, 5, 3, 1, TokenIds.of(), 1, Duration.ofHours(1));
  }

  /** A copy with this one prompt. */
  public Experiment prompt(TokenIds prompt) {
    return prompts(List.of(prompt));
  }

  /** A copy with this value for {@link #modelDirectory()}. */
  Experiment modelDirectory(Path modelDirectory) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #prompts()}. */
  public Experiment prompts(List<TokenIds> prompts) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #newTokens()}. */
  public Experiment newTokens(int newTokens) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #repetitions()}. */
  public Experiment repetitions(int repetitions) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #generations()}. */
  public Experiment generations(int generations) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #requestsAtOnce()}. */
  public Experiment requestsAtOnce(int requestsAtOnce) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #perplexityText()}. */
  public Experiment perplexityText(TokenIds perplexityText) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #seed()}. */
  public Experiment seed(long seed) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
  }

  /** A copy with this value for {@link #timeLimit()}. */
  public Experiment timeLimit(Duration timeLimit) {
    return new Experiment(
        modelDirectory,
        device,
        prompts,
        newTokens,
        repetitions,
        generations,
        requestsAtOnce,
        perplexityText,
        seed,
        timeLimit);
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
    List<Map<String, String>> distinct = distinct(configs);
    RunLog log = openLog(csv, distinct.get(0));
    List<Sweep.Trial> trials = trials(distinct, log);
    String failure = sweep(Sweep.Stage.rounds(repetitions), trials, process, progress);
    return new Results(log.provenance(), distinct, log.runs(), log.problem().map(failure::concat));
  }

  /**
   * The trials of each round.
   *
   * @param distinct the configs, the first of which is the baseline
   */
  List<Sweep.Trial> trials(List<Map<String, String>> distinct, RunLog log) {
    return distinct.stream()
        .map(
            config -> new Sweep.Trial(this, config, log, ConfigText.label(config, distinct.get(0))))
        .toList();
  }

  /**
   * Does the missing runs of some rounds.
   *
   * @return as {@link Sweep#run}
   */
  static String sweep(
      Sweep.Stage stage,
      List<Sweep.Trial> trials,
      ChildProcess process,
      Consumer<Progress> progress) {
    List<Map<String, String>> configs = trials.stream().map(Sweep.Trial::config).toList();
    Set<String> keys =
        configs.stream().flatMap(config -> config.keySet().stream()).collect(toSet());
    return new Sweep(stage, trials, configs, keys, process, progress).run();
  }

  /**
   * Opens the file of the runs, after a check of the model and the texts.
   *
   * @param baseline the config that others are compared with
   */
  RunLog openLog(Path csv, Map<String, String> baseline) {
    return openLog(csv, Provenance.modelName(modelDirectory), baseline);
  }

  /**
   * Same as above.
   *
   * @param modelName the model's name in the file
   */
  RunLog openLog(Path csv, String modelName, Map<String, String> baseline) {
    // An interrupt that came before is for the runs: files would not be read, and tablesaw takes it
    // away.
    boolean isInterrupted = Thread.interrupted();
    try {
      ModelDirectory directory = ModelDirectory.open(modelDirectory);
      requireTexts(directory.config());
      return RunLog.open(csv, Provenance.of(this, directory, modelName, baseline));
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The configs without those that are there twice. */
  static List<Map<String, String>> distinct(List<Map<String, String>> configs) {
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

  private void requireTexts(ModelConfig model) {
    if (prompts.isEmpty() || prompts.stream().anyMatch(TokenIds::isEmpty)) {
      throw new ExperimentException("The experiment has no prompt: set it by prompt(ids).");
    }
    prompts.forEach(prompt -> requireFits("prompt", prompt, newTokens, model));
    if (perplexityText.size() == 1) {
      throw new ExperimentException(
          "The text for the perplexity is one token; it has to be 2 or more, or none.");
    }
    requireFits("text for the perplexity", perplexityText, 0, model);
  }

  private static void requireFits(String what, TokenIds ids, int newTokens, ModelConfig model) {
    ids.stream()
        .filter(id -> id < 0 || id >= model.vocabSize())
        .findFirst()
        .ifPresent(
            id -> {
              throw new ExperimentException(
                  String.format(
                      Locale.ROOT,
                      "The %s holds the id %d, but the model's ids go from 0 to %d.",
                      what,
                      id,
                      model.vocabSize() - 1));
            });
    if (ids.size() + newTokens > model.maxPositionEmbeddings()) {
      throw new ExperimentException(
          String.format(
              Locale.ROOT,
              "The %s of %d tokens%s more than the model's context of %d.",
              what,
              ids.size(),
              newTokens == 0
                  ? " is"
                  : String.format(Locale.ROOT, " and %d new ones are", newTokens),
              model.maxPositionEmbeddings()));
    }
  }
}
