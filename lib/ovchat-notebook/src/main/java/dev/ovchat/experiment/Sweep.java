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
import java.util.Set;
import java.util.function.Consumer;

/**
 * Rounds of runs: it does those that are missing in their files. Each round runs everything once,
 * in a random order of its own.
 */
final class Sweep {
  private final Stage stage;
  private final List<Trial> trials;
  private final List<Map<String, String>> toCheck;
  private final Set<String> keys;
  private final ChildProcess process;
  private final Consumer<Progress> progress;
  private final Deque<Planned> queue;
  private final long start = System.nanoTime();
  private int done;

  /**
   * The rounds of a sweep.
   *
   * @param name what they are for, for the progress; may be empty
   * @param first number of the first round
   * @param rounds number of the rounds
   */
  record Stage(String name, int first, int rounds) {
    static Stage rounds(int rounds) {
      return new Stage("", 1, rounds);
    }

    /** Number of the round after the last one. */
    int end() {
      return first + rounds;
    }

    String title(int round) {
      String title = String.format(Locale.ROOT, "round %d of %d, ", round - first + 1, rounds);
      return name.isEmpty() ? title : name + ", " + title;
    }
  }

  /**
   * A config that is run in each round.
   *
   * @param experiment the model directory, and how it is measured
   * @param log the file of its runs
   * @param label its name in the progress
   */
  record Trial(Experiment experiment, Map<String, String> config, RunLog log, String label) {
    boolean isDone(int round) {
      return log.runs().stream()
          .filter(run -> run.config().equals(config))
          .anyMatch(run -> run.failed() || run.round() == round);
    }
  }

  private record Planned(int round, Trial trial) {}

  /**
   * @param trials one or more, on the same device
   * @param toCheck the configs whose values are checked before anything runs
   * @param keys the keys whose effective values are kept
   */
  Sweep(
      Stage stage,
      List<Trial> trials,
      List<Map<String, String>> toCheck,
      Set<String> keys,
      ChildProcess process,
      Consumer<Progress> progress) {
    this.stage = stage;
    this.trials = trials;
    this.toCheck = toCheck;
    this.keys = keys;
    this.process = process;
    this.progress = progress;
    this.queue = missing();
  }

  /** Runs to do: all rounds, each in a random order of its own, without the runs in the file. */
  private Deque<Planned> missing() {
    Deque<Planned> missing = new ArrayDeque<>();
    for (int round = stage.first(); round < stage.end(); round++) {
      List<Trial> order = new ArrayList<>(trials);
      Collections.shuffle(order, new Random(31 * settings().seed() + round));
      for (Trial trial : order) {
        if (!trial.isDone(round)) {
          missing.add(new Planned(round, trial));
        }
      }
    }
    return missing;
  }

  /** The settings that all trials have in common. */
  private Experiment settings() {
    return trials.get(0).experiment();
  }

  /**
   * Does the runs. After an interrupt the thread's interrupt flag is set.
   *
   * @return a sentence with a blank at its end if it failed while a file could not be written; else
   *     empty
   */
  String run() {
    try {
      if (!queue.isEmpty() && !toCheck.isEmpty()) {
        requireKnownValues();
      }
      while (!queue.isEmpty()) {
        runNext();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (problem().isEmpty()) { // all runs are in their files
        throw e;
      }
      return e.getMessage() + " ";
    }
    return "";
  }

  private Optional<String> problem() {
    return trials.stream().flatMap(trial -> trial.log().problem().stream()).findFirst();
  }

  /**
   * Checks the device and the values with a graph of one node. A config that fails only on the
   * model becomes a row.
   */
  private void requireKnownValues() throws InterruptedException {
    tell("looks whether OpenVINO knows the values");
    Properties response = process.run(Request.check(settings().device().name(), toCheck));
    if (response.containsKey(Request.REFUSED)) {
      throw new ExperimentException(response.getProperty(Request.REFUSED));
    }
  }

  private void runNext() throws InterruptedException {
    Planned next = queue.getFirst();
    Trial trial = next.trial();
    String what = stage.title(next.round()) + trial.label();
    tell(what);
    Properties response = process.run(Request.measure(trial.experiment(), trial.config()));
    Run run = run(next, response);
    trial.log().append(run);
    done++;
    queue.removeFirst();
    if (run.failed()) {
      queue.removeIf(planned -> planned.trial().equals(trial));
    }
    tell(what + ": " + outcome(run));
  }

  private Run run(Planned planned, Properties response) {
    String reason = oneLine(planned.trial(), response.getProperty(Request.REASON, ""));
    Optional<Measured> measured =
        reason.isEmpty() ? Optional.of(Request.measured(response, keys)) : Optional.empty();
    return new Run(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        settings().seed(),
        planned.round(),
        planned.trial().config(),
        measured,
        reason);
  }

  /**
   * Returns a reason on one line, without the path of the model, which differs between machines.
   */
  private static String oneLine(Trial trial, String reason) {
    Path directory = new ModelDirectory(trial.experiment().modelDirectory()).path();
    return reason
        .replace(directory + "/", "")
        .replace(directory.toString(), directory.getFileName().toString())
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static String outcome(Run run) {
    return run.measured()
        .map(it -> String.format(Locale.ROOT, "%.1f tokens/s", it.tokensPerSecond()))
        .orElse(run.reason());
  }

  private void tell(String what) {
    String problem =
        problem().map(reason -> " (" + reason + " The runs are kept in memory.)").orElse("");
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    progress.accept(new Progress(what + problem, done, done + queue.size(), "runs", elapsed));
  }
}
