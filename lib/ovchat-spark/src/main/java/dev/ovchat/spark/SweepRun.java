package dev.ovchat.spark;

import dev.ovchat.progress.Progress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One call of a sweep: it runs stages as long as rounds are missing. In each, every host runs one
 * round at most.
 */
final class SweepRun {
  /** Stages that may fail one after the other, as they do when an executor is lost. */
  private static final int MOST_FAILURES = 3;

  private final SparkContext context;
  private final SweepSettings settings;
  private final SweepFolder folder;
  private final Consumer<Progress> progress;
  private final BarrierStage stage;
  private final long start = System.nanoTime();

  /** The result of each host, from the last stage that it took part in. */
  private final Map<String, HostResult> hosts = new TreeMap<>();

  /** Number of rounds that are missing, by the kind of machine. */
  private final Map<String, Integer> missing = new TreeMap<>();

  private int done;

  SweepRun(
      SparkContext context,
      SweepSettings settings,
      SweepFolder folder,
      Consumer<Progress> progress) {
    this.context = context;
    this.stage = new BarrierStage(context);
    this.settings = settings;
    this.folder = folder;
    this.progress = progress;
  }

  /** Does what {@link ClusterSweep#run} promises. */
  ClusterResults run() {
    tell("looks at the machines");
    try {
      runMissing();
      return results();
    } catch (InterruptedException e) {
      try {
        return results();
      } finally {
        Thread.currentThread().interrupt(); // not before: tablesaw takes it away
      }
    }
  }

  private void runMissing() throws InterruptedException {
    int failures = 0;
    boolean isMissing = true;
    while (isMissing) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      int before = done;
      try {
        stage.run(task(), this::take);
        isMissing = done > before;
        failures = 0;
      } catch (SparkException e) {
        failures = done > before ? 1 : failures + 1;
        requireFew(failures, e);
      }
    }
  }

  private HostTask task() {
    return new HostTask(
        settings,
        new SerializableConfiguration(context.hadoopConfiguration()),
        folder.csvByMachine());
  }

  private void take(HostResult result) {
    hosts.put(result.host(), result);
    if (result.hasRun()) {
      folder.add(result);
      done++;
      missing.merge(result.machine(), result.missing() - 1, (left, now) -> Math.min(left - 1, now));
      tell(
          String.format(
              Locale.ROOT,
              "round %d of %s on %s",
              result.round(),
              result.machine(),
              result.host()));
    }
  }

  private void requireFew(int failures, SparkException reason) {
    if (failures >= MOST_FAILURES) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%d stages have failed one after the other, the last one so: %s. The runs so far are in %s; call again to go on.",
              failures,
              reason.getMessage(),
              folder.path()),
          reason);
    }
  }

  private void tell(String what) {
    int left = missing.values().stream().mapToInt(Integer::intValue).sum();
    int total = missing.isEmpty() ? 0 : done + left;
    progress.accept(
        new Progress(what, done, total, "rounds", Duration.ofNanos(System.nanoTime() - start)));
  }

  private ClusterResults results() {
    Map<String, String> problems = new TreeMap<>();
    hosts.values().stream()
        .filter(host -> !host.problem().isEmpty())
        .forEach(host -> problems.put(host.host(), host.problem()));
    if (!hosts.isEmpty() && problems.size() == hosts.size() && done == 0) {
      throw new DatasetException(
          "No host can run the sweep. %s: %s"
              .formatted(problems.keySet().iterator().next(), problems.values().iterator().next()));
    }
    return new ClusterResults(folder.results(), problems);
  }
}
