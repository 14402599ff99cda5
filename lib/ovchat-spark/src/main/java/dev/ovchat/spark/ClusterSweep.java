package dev.ovchat.spark;

import dev.ovchat.experiment.Experiment;
import dev.ovchat.experiment.SharedRounds;
import dev.ovchat.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Measures a model with several configs on the machines of a cluster.
 *
 * <pre>{@code
 * var experiment = Experiment.of(Path.of("/models/smollm2/int4"), device).prompt(input).repetitions(5);
 * ClusterResults results =
 *     ClusterSweep.on(spark).run(experiment, grid.oneAtATime(), Path.of("sweep"), System.out::println);
 * results.advice()
 * }</pre>
 *
 * <p>Each kind of machine (processor, threads, device, versions) gets all rounds of the experiment.
 * Hosts of the same kind share them: a round runs every config once, in random order, on one of
 * them, so that a slow host slows all configs of its rounds alike. A host has one run at a time,
 * with all of its cores, as a process of its own.
 */
public final class ClusterSweep {
  private final SparkSession spark;
  private final Optional<String> location;

  private ClusterSweep(SparkSession spark, Optional<String> location) {
    this.spark = spark;
    this.location = location;
  }

  /** A sweep over the cluster of a session. */
  public static ClusterSweep on(SparkSession spark) {
    return new ClusterSweep(Objects.requireNonNull(spark, "spark"), Optional.empty());
  }

  /**
   * A copy that takes the model from here, and not from the experiment's model directory, which
   * each host has to have at the same path.
   *
   * @param location as in {@link Prompts#model}
   */
  public ClusterSweep model(String location) {
    return new ClusterSweep(spark, Optional.of(location));
  }

  /**
   * Runs the configs on each kind of machine. What a host has run is written as soon as its round
   * is over; a repeated call with the same folder does only the missing runs. A config that fails
   * on the model is a row with its reason, and is not run again on this kind of machine.
   *
   * <p>A host that can run nothing is left out, and {@link ClusterResults#problems()} has the
   * reason: the model directory or the device is not there, or OpenVINO does not know a key or a
   * value. A round that was lost with its executor is run again.
   *
   * <p>An interrupt, such as a notebook's stop button, ends the call: the runs so far are returned,
   * and the thread's interrupt flag is set.
   *
   * @param configs the configs, the first of which is the baseline
   * @param folder a folder of the driver, created if missing: {@code MACHINE.csv} for each kind of
   *     machine, which {@link dev.ovchat.experiment.Results#read} reads, and {@code hosts.csv} with
   *     the host of each round
   * @param progress receives the progress at the end of each round
   * @throws DatasetException if there is no executor, no host can run anything, the folder cannot
   *     be written, or executors are lost again and again
   * @throws dev.ovchat.experiment.ExperimentException if there is no config, or the folder holds
   *     something else
   */
  public ClusterResults run(
      Experiment experiment,
      List<Map<String, String>> configs,
      Path folder,
      Consumer<Progress> progress) {
    String model = location.orElse(experiment.modelDirectory().toString());
    List<Map<String, String>> distinct = new SharedRounds(experiment, model, configs).configs();
    SweepSettings settings = SweepSettings.of(model, experiment, distinct);
    return new SweepRun(spark.sparkContext(), settings, SweepFolder.open(folder), progress).run();
  }
}
