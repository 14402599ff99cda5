package dev.ovchat.experiment;

import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Looks for the format of the weights and the config that are fast on this machine together, under
 * a bound on the perplexity.
 *
 * <pre>{@code
 * TuningResults results =
 *     Tuning.of(Path.of("model.gguf"), Device.of("CPU"))
 *         .prompts(List.of(first, second))
 *         .perplexityText(page)
 *         .run(Path.of("model/tuned"), Path.of("experiments/tuning"), new ProgressLine());
 * results.tuned().save();
 * CausalLM model = Tuned.load(Path.of("model/tuned"));
 * }</pre>
 *
 * <p>To try all pairs would take hours, so it goes in stages. First each format runs once with the
 * baseline config; those whose perplexity is beyond the bound are out. The fastest formats then run
 * with other configs, first those that decide how the layers are computed, then, for the fastest
 * pair, those that decide what the threads do. In the final the fastest pairs, first one of each
 * format, run against the baseline, in several rounds of random order, and only these count for the
 * advice: what looked fast in one run may have been lucky. The baseline is the first format with
 * the documented config.
 *
 * @param checkpoint the checkpoint's directory or GGUF file
 * @param formats the formats, the first of which is the baseline's
 * @param config the baseline's config
 * @param grid the configs to try with the fastest formats; empty for those that are worth a try on
 *     this machine
 * @param prompts the prompts, encoded as they are: a chat template's marks are part of them
 * @param perplexityText the text whose perplexity is measured; a page says more than a sentence
 * @param mostPerplexity the bound: largest ratio of a pair's perplexity to the baseline's
 * @param finalists number of formats that other configs are tried with, and of pairs in the final,
 *     1 or more
 * @param experiment how each pair is measured; its model directory and its texts are not used
 */
public record Tuning(
    Path checkpoint,
    List<ExportVariant> formats,
    Map<String, String> config,
    Optional<ConfigGrid> grid,
    List<String> prompts,
    String perplexityText,
    double mostPerplexity,
    int finalists,
    Experiment experiment) {
  private static final Map<String, String> DOCUMENTED =
      Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");

  /**
   * Checks the values, and copies the lists and the map.
   *
   * @throws ExperimentException if a value is out of range
   */
  public Tuning {
    formats = List.copyOf(formats);
    config = Map.copyOf(config);
    prompts = List.copyOf(prompts);
    if (formats.isEmpty()) {
      throw new ExperimentException(
          "There is no format to try; name one or more, the baseline's first.");
    }
    if (formats.stream().map(ExportVariant::name).distinct().count() < formats.size()) {
      throw new ExperimentException("A format is named twice: %s.".formatted(names(formats)));
    }
    if (!(mostPerplexity > 0) || Double.isInfinite(mostPerplexity)) {
      throw new ExperimentException(
          "mostPerplexity is %s; it is a ratio to the baseline's perplexity, such as 1.01."
              .formatted(mostPerplexity));
    }
    if (finalists < 1) {
      throw new ExperimentException(
          String.format(Locale.ROOT, "finalists is %d; it has to be 1 or more.", finalists));
    }
  }

  private static String names(List<ExportVariant> formats) {
    return String.join(", ", formats.stream().map(ExportVariant::name).toList());
  }

  /**
   * A tuning with the formats of {@link ExportVariant#listFor}, the documented config, a bound of
   * 1.01, and 3 finalists, measured as in {@link Experiment#of}; but no texts yet.
   *
   * @throws dev.ovchat.files.UnusableFileException if the checkpoint is not what it has to be
   */
  public static Tuning of(Path checkpoint, Device device) {
    return new Tuning(
        checkpoint,
        ExportVariant.listFor(checkpoint),
        DOCUMENTED,
        Optional.empty(),
        List.of(),
        "",
        1.01,
        3,
        Experiment.of(checkpoint, device));
  }

  /** A copy with this value for {@link #formats()}. */
  public Tuning formats(List<ExportVariant> formats) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /**
   * A copy with the combinations of this grid for {@link #grid()}, and its baseline for {@link
   * #config()}.
   */
  public Tuning grid(ConfigGrid grid) {
    return new Tuning(
        checkpoint,
        formats,
        grid.baseline(),
        Optional.of(grid),
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /** A copy with this value for {@link #config()}. */
  public Tuning config(Map<String, String> config) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /** A copy with this value for {@link #prompts()}. */
  public Tuning prompts(List<String> prompts) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /** A copy with this value for {@link #perplexityText()}. */
  public Tuning perplexityText(String perplexityText) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /** A copy with this value for {@link #mostPerplexity()}. */
  public Tuning mostPerplexity(double mostPerplexity) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /** A copy with this value for {@link #finalists()}. */
  public Tuning finalists(int finalists) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        experiment);
  }

  /** A copy that measures with so many new tokens: {@link Experiment#newTokens()}. */
  public Tuning newTokens(int newTokens) {
    return with(it -> it.newTokens(newTokens));
  }

  /** A copy that measures so many generations of a run: {@link Experiment#generations()}. */
  public Tuning generations(int generations) {
    return with(it -> it.generations(generations));
  }

  /** A copy with so many rounds of the final: {@link Experiment#repetitions()}. */
  public Tuning rounds(int rounds) {
    return with(it -> it.repetitions(rounds));
  }

  /**
   * A copy with so many requests at once, for a program that answers several questions at a time:
   * {@link Experiment#requestsAtOnce()}.
   */
  public Tuning requestsAtOnce(int requests) {
    return with(it -> it.requestsAtOnce(requests));
  }

  /** A copy with this random seed of the order of the runs. */
  public Tuning seed(long seed) {
    return with(it -> it.seed(seed));
  }

  /** A copy with this longest time of a run: {@link Experiment#timeLimit()}. */
  public Tuning timeLimit(Duration timeLimit) {
    return with(it -> it.timeLimit(timeLimit));
  }

  private Tuning with(UnaryOperator<Experiment> change) {
    return new Tuning(
        checkpoint,
        formats,
        config,
        grid,
        prompts,
        perplexityText,
        mostPerplexity,
        finalists,
        change.apply(experiment));
  }

  /**
   * Exports the formats, and runs the stages. A model directory that is there already is taken as
   * it is, so the folder has to be of this checkpoint alone. Each run is a row of a file as soon as
   * it is done; a repeated call with the same folders does only what is missing. With other
   * formats, configs or finalists take another folder of runs: rounds of another hour are no
   * rivals.
   *
   * <p>An interrupt ends the call, also one that came before it: what was measured is returned, and
   * the thread's interrupt flag is set.
   *
   * @param models the folder of the model directories, one for each format; made if missing
   * @param runs the folder of the CSV files, one for each format; made if missing
   * @param progress receives the progress; its total is unknown, 0, before the final
   * @throws ExperimentException before anything is measured: if OpenVINO does not know a key or a
   *     value, a folder cannot be written, a file holds runs of something else, a text is missing
   *     or does not fit, or an interrupt came before the baseline's format was exported
   * @throws dev.ovchat.export.ExportException if the baseline's format cannot be exported; another
   *     format that cannot becomes a row with its reason
   * @throws dev.ovchat.files.UnusableFileException if the checkpoint or a model directory is not
   *     what it has to be
   */
  public TuningResults run(Path models, Path runs, Consumer<Progress> progress) {
    return run(models, runs, progress, new ChildProcess(Worker.class, experiment.timeLimit()));
  }

  TuningResults run(Path models, Path runs, Consumer<Progress> progress, ChildProcess process) {
    if (prompts.isEmpty()) {
      throw new ExperimentException("The tuning has no prompts: set them by prompts(texts).");
    }
    if (perplexityText.isBlank()) {
      throw new ExperimentException(
          "The tuning has no text for the perplexity: set one by perplexityText(text).");
    }
    if (prompts.stream().anyMatch(String::isBlank)) {
      throw new ExperimentException("A prompt of the tuning is blank; each has to have some text.");
    }
    return new TuningRun(this, models, runs, progress, process).run();
  }
}
