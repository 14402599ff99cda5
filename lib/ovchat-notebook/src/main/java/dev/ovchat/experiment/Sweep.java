package dev.ovchat.experiment;

import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.progress.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.function.Consumer;

/** One call of {@link Experiment#run}: it does the runs that are missing in the file. */
final class Sweep {
  private final Experiment experiment;
  private final List<Map<String, String>> configs;
  private final RunLog log;
  private final ChildProcess process;
  private final Consumer<Progress> progress;
  private final Deque<Planned> queue;
  private final long start = System.nanoTime();
  private int done;

  private record Planned(int round, Map<String, String> config) {}

  Sweep(
      Experiment experiment,
      List<Map<String, String>> configs,
      RunLog log,
      ChildProcess process,
      Consumer<Progress> progress) {
    this.experiment = experiment;
    this.configs = configs;
    this.log = log;
    this.process = process;
    this.progress = progress;
    this.queue = missing();
  }

  /** Runs to do: all rounds, each in a random order of its own, without the runs in the file. */
  private Deque<Planned> missing() {
    Deque<Planned> missing = new ArrayDeque<>();
    for (int round = 1; round <= experiment.repetitions(); round++) {
      List<Map<String, String>> order = new ArrayList<>(configs);
      Collections.shuffle(order, new Random(31 * experiment.seed() + round));
      for (Map<String, String> config : order) {
        if (!isDone(round, config)) {
          missing.add(new Planned(round, config));
        }
      }
    }
    return missing;
  }

  private boolean isDone(int round, Map<String, String> config) {
    return log.runs().stream()
        .filter(run -> run.config().equals(config))
        .anyMatch(run -> run.failed() || run.round() == round);
  }

  Results run() {
    boolean interrupted = false;
    String failure = "";
    try {
      if (!queue.isEmpty()) {
        requireKnownValues();
      }
      while (!queue.isEmpty()) {
        runNext();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (RuntimeException e) {
      if (log.problem().isEmpty()) { // all runs are in the file
        throw e;
      }
      failure = e.getMessage() + " ";
    }
    Optional<String> problem = log.problem().map(failure::concat);
    Results results = new Results(log.provenance(), configs, log.runs(), problem);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return results;
  }

  /**
   * Checks the device and the values with a graph of one node. A config that fails only on the
   * model becomes a row.
   */
  private void requireKnownValues() throws InterruptedException {
    tell("looks whether OpenVINO knows the values");
    Properties response = process.run(Request.check(experiment.device().name(), configs));
    if (response.containsKey(Request.REFUSED)) {
      throw new ExperimentException(response.getProperty(Request.REFUSED));
    }
  }

  private void runNext() throws InterruptedException {
    Planned next = queue.getFirst();
    String what =
        String.format(
            Locale.ROOT,
            "round %d of %d, %s",
            next.round(),
            experiment.repetitions(),
            ConfigText.label(next.config(), configs.get(0)));
    tell(what);
    Properties response = process.run(Request.measure(experiment, next.config()));
    Run run = run(next, response);
    log.append(run);
    done++;
    queue.removeFirst();
    if (run.failed()) {
      queue.removeIf(planned -> planned.config().equals(next.config()));
    }
    tell(what + ": " + outcome(run));
  }

  private Run run(Planned planned, Properties response) {
    String reason = oneLine(response.getProperty(Request.REASON, ""));
    Optional<Measured> measured =
        reason.isEmpty() ? Optional.of(Request.measured(response, keys())) : Optional.empty();
    return new Run(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        experiment.seed(),
        planned.round(),
        planned.config(),
        measured,
        reason);
  }

  /**
   * Returns a reason on one line, without the path of the model, which differs between machines.
   */
  private String oneLine(String reason) {
    Path directory = new ModelDirectory(experiment.modelDirectory()).path();
    return reason
        .replace(directory + "/", "")
        .replace(directory.toString(), directory.getFileName().toString())
        .replaceAll("\\s+", " ")
        .strip();
  }

  private List<String> keys() {
    return configs.stream().flatMap(config -> config.keySet().stream()).distinct().toList();
  }

  private static String outcome(Run run) {
    return run.measured()
        .map(it -> String.format(Locale.ROOT, "%.1f tokens/s", it.tokensPerSecond()))
        .orElse(run.reason());
  }

  private void tell(String what) {
    String problem =
        log.problem().map(reason -> " (" + reason + " The runs are kept in memory.)").orElse("");
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    progress.accept(new Progress(what + problem, done, done + queue.size(), "runs", elapsed));
  }
}
