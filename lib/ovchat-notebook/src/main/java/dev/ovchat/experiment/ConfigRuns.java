package dev.ovchat.experiment;

import static java.util.stream.Collectors.toSet;

import dev.ovchat.text.TokenIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/**
 * The runs of one config.
 *
 * @param label the difference from the baseline
 */
record ConfigRuns(Map<String, String> config, String label, List<Run> runs) {

  /** The runs that did not fail. */
  List<Measured> measured() {
    return runs.stream().flatMap(run -> run.measured().stream()).toList();
  }

  /** Median over the runs that did not fail; NaN without one. */
  double median(ToDoubleFunction<Measured> figure) {
    return Median.withDefaults().evaluate(measured().stream().mapToDouble(figure).toArray());
  }

  /** The reasons of failed runs; empty if none failed. */
  String reason() {
    List<String> reasons = runs.stream().filter(Run::failed).map(Run::reason).distinct().toList();
    long failed = runs.stream().filter(Run::failed).count();
    String which =
        failed > 0 && failed < runs.size() ? failed + " of " + runs.size() + " runs failed: " : "";
    return which + String.join(" ", reasons);
  }

  /**
   * Compares the completions with the baseline's, token by token; empty if one of them has none.
   */
  Optional<SameTexts> sameTexts(ConfigRuns baseline) {
    int prompts = Math.max(prompts(), baseline.prompts());
    return measured().isEmpty() || baseline.measured().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SameTexts(
                (int) IntStream.range(0, prompts).filter(i -> isSame(i, baseline)).count(),
                prompts));
  }

  private int prompts() {
    return measured().stream().mapToInt(run -> run.answers().size()).max().orElse(0);
  }

  private boolean isSame(int prompt, ConfigRuns baseline) {
    Set<TokenIds> wanted = baseline.texts(prompt);
    return wanted.size() == 1 && texts(prompt).equals(wanted);
  }

  /** The different completions of a prompt. */
  private Set<TokenIds> texts(int prompt) {
    return measured().stream()
        .map(Measured::answers)
        .map(answers -> prompt < answers.size() ? answers.get(prompt) : TokenIds.of())
        .collect(toSet());
  }

  /** The runs of these rounds. */
  ConfigRuns ofRounds(IntPredicate rounds) {
    return new ConfigRuns(
        config, label, runs.stream().filter(run -> rounds.test(run.round())).toList());
  }

  /**
   * Tokens per second, as a geometric mean with its confidence interval.
   *
   * @return the interval; empty if no run was measured
   */
  Optional<RatioInterval> speed(StudentsT t) {
    double[] speeds = measured().stream().mapToDouble(Measured::tokensPerSecond).toArray();
    return speeds.length == 0 ? Optional.empty() : Optional.of(RatioInterval.single(speeds, t));
  }

  /**
   * Ratio of its speed to the baseline's, from the rounds in which both were measured.
   *
   * @return the interval; empty without such a round
   */
  Optional<RatioInterval> speedUpOver(ConfigRuns baseline, StudentsT t) {
    List<Integer> rounds = roundsWith(baseline);
    return rounds.isEmpty()
        ? Optional.empty()
        : Optional.of(RatioInterval.paired(speeds(rounds), baseline.speeds(rounds), t));
  }

  private List<Integer> roundsWith(ConfigRuns other) {
    return runs.stream()
        .filter(run -> !run.failed())
        .map(Run::round)
        .distinct() // a file that two sweeps wrote has rounds twice
        .filter(round -> other.run(round).isPresent())
        .toList();
  }

  private double[] speeds(List<Integer> rounds) {
    return rounds.stream()
        .mapToDouble(round -> run(round).orElseThrow().tokensPerSecond())
        .toArray();
  }

  private Optional<Measured> run(int round) {
    return runs.stream()
        .filter(run -> run.round() == round)
        .flatMap(run -> run.measured().stream())
        .findFirst();
  }
}
