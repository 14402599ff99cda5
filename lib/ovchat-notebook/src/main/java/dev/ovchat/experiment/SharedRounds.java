package dev.ovchat.experiment;

import dev.ovchat.files.ProcessFolder;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.openvino.OpenVino;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The rounds of an experiment that machines of one kind share. Each machine does some of them, and
 * one file has all:
 *
 * <pre>{@code
 * var rounds = new SharedRounds(experiment, "smollm2/int4", configs);
 * rounds.runMissing(Files.readString(csv), 0).ifPresent(round -> SharedRounds.add(csv, round.csv()));
 * }</pre>
 *
 * <p>A round runs every config once, on one machine, and configs are compared within a round. So a
 * slow machine slows all configs of its rounds alike, and favours none.
 *
 * @param experiment the model's directory on this machine, and how it is measured
 * @param modelName the model's name in the file, the same on all machines
 * @param configs the configs, the first of which is the baseline
 */
public record SharedRounds(
    Experiment experiment, String modelName, List<Map<String, String>> configs) {
  /** Columns of the provenance that are the machine's. */
  private static final List<String> MACHINE =
      List.of("CPU", Provenance.INSTRUCTION_SETS, "threads", "OpenVINO", "Java", "ovchat");

  /**
   * A round that was run.
   *
   * @param number its number, from 1
   * @param missing number of rounds that were missing before it
   * @param csv its runs, as a file of their own
   */
  public record Round(int number, int missing, String csv) {}

  /**
   * Leaves out configs that are there twice.
   *
   * @throws ExperimentException if there is no config, or one cannot be written on a line
   */
  public SharedRounds {
    configs = Experiment.distinct(configs);
  }

  /**
   * Properties that make this machine's runs comparable with another's: processor, instruction
   * sets, threads, device, and the versions of OpenVINO, Java and ovchat.
   *
   * @throws dev.ovchat.files.UnusableFileException if the model directory is not complete here
   * @throws dev.ovchat.openvino.OpenVinoException if the device is not there
   */
  public Map<String, String> machine() {
    ModelDirectory directory = ModelDirectory.open(experiment.modelDirectory());
    Map<String, String> values =
        Provenance.of(experiment, directory, modelName, configs.get(0)).values();
    Map<String, String> machine = new TreeMap<>();
    MACHINE.forEach(column -> machine.put(column, values.get(column)));
    String device = experiment.device().name();
    machine.put("device", device + ": " + OpenVino.property(device, "FULL_DEVICE_NAME").strip());
    return machine;
  }

  /**
   * Runs one of the missing rounds: all of its configs that have no run in it yet.
   *
   * @param csv the runs so far, of all machines of this kind; empty for none
   * @param skipped number of missing rounds that are left to other machines
   * @return the round; empty if no more rounds than these are missing
   * @throws ExperimentException if OpenVINO does not know a key or a value, or the runs so far are
   *     of another experiment
   * @throws dev.ovchat.files.UnusableFileException if the model directory is not complete
   */
  public Optional<Round> runMissing(String csv, int skipped) {
    Path folder = null;
    try {
      folder = ProcessFolder.newDirectory("rounds");
      Path file = folder.resolve("runs.csv");
      Files.writeString(file, csv);
      return runMissing(open(file), skipped);
    } catch (IOException e) {
      throw new ExperimentException(
          "The runs cannot be written to the folder for temporary files: " + e + ".", e);
    } finally {
      ProcessFolder.delete(folder);
    }
  }

  private RunLog open(Path file) {
    try {
      return experiment.openLog(file, modelName, configs.get(0));
    } catch (ExperimentException e) { // the caller knows nothing of this file
      throw new ExperimentException(e.getMessage().replace(file.toString(), "The file"), e);
    }
  }

  private Optional<Round> runMissing(RunLog log, int skipped) {
    List<Sweep.Trial> trials = experiment.trials(configs, log);
    List<Integer> missing =
        IntStream.rangeClosed(1, experiment.repetitions())
            .filter(round -> trials.stream().anyMatch(trial -> !trial.isDone(round)))
            .boxed()
            .toList();
    if (skipped >= missing.size()) {
      return Optional.empty();
    }
    int before = log.runs().size();
    int number = missing.get(skipped);
    String failure =
        Experiment.sweep(
            new Sweep.Stage("", number, 1),
            trials,
            new ChildProcess(Worker.class, experiment.timeLimit()),
            progress -> {});
    if (!failure.isEmpty()) {
      throw new ExperimentException(failure.strip());
    }
    List<Run> runs = log.runs().subList(before, log.runs().size());
    return Optional.of(
        new Round(number, missing.size(), RunTable.csv(log.provenance(), runs, true)));
  }

  /**
   * Adds the runs of a round to a file, unless it has them already; {@link Results#read} reads it.
   *
   * @param csv the file; created if missing
   * @param round {@link Round#csv()}
   * @throws ExperimentException if the file holds runs of another experiment, or cannot be written
   */
  public static void add(Path csv, String round) {
    List<Map.Entry<Provenance, Run>> rows = RunTable.read(round);
    if (rows.isEmpty()) {
      return;
    }
    RunLog log = RunLog.open(csv, rows.get(0).getKey());
    List<Run> known = log.runs();
    rows.stream().map(Map.Entry::getValue).filter(run -> !known.contains(run)).forEach(log::append);
    log.problem()
        .ifPresent(
            problem -> {
              throw new ExperimentException(problem);
            });
  }
}
