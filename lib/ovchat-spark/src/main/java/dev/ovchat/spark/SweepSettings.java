package dev.ovchat.spark;

import dev.ovchat.experiment.Experiment;
import dev.ovchat.experiment.SharedRounds;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of an {@link Experiment} and its configs, as they are sent to the executors.
 *
 * @param location the model, as {@link ModelLocation} finds it
 * @param prompts token ids of each prompt
 */
record SweepSettings(
    String location,
    String device,
    List<List<Integer>> prompts,
    int newTokens,
    int repetitions,
    int generations,
    int requestsAtOnce,
    List<Integer> perplexityText,
    long seed,
    Duration timeLimit,
    List<TreeMap<String, String>> configs)
    implements Serializable {

  static SweepSettings of(
      String location, Experiment experiment, List<Map<String, String>> configs) {
    return new SweepSettings(
        location,
        experiment.device().name(),
        experiment.prompts().stream().map(SweepSettings::list).toList(),
        experiment.newTokens(),
        experiment.repetitions(),
        experiment.generations(),
        experiment.requestsAtOnce(),
        list(experiment.perplexityText()),
        experiment.seed(),
        experiment.timeLimit(),
        configs.stream().map(config -> new TreeMap<String, String>(config)).toList());
  }

  /**
   * The rounds on a machine.
   *
   * @param directory the model's directory there
   */
  SharedRounds rounds(Path directory) {
    Experiment experiment =
        new Experiment(
            directory,
            new Device(device),
            prompts.stream().map(SweepSettings::ids).toList(),
            newTokens,
            repetitions,
            generations,
            requestsAtOnce,
            ids(perplexityText),
            seed,
            timeLimit);
    return new SharedRounds(experiment, modelName(), List.copyOf(configs));
  }

  private static List<Integer> list(TokenIds ids) {
    return ids.stream().boxed().toList();
  }

  private static TokenIds ids(List<Integer> list) {
    return TokenIds.of(list.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The last two names of the location: where it leads to differs between hosts. */
  private String modelName() {
    String[] names = location.replaceFirst("/+$", "").split("/+", -1);
    return String.join(
        "/", Arrays.asList(names).subList(Math.max(0, names.length - 2), names.length));
  }
}
