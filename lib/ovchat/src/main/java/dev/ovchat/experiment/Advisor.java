package dev.ovchat.experiment;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Proposes the fastest config that keeps the baseline's text.
 *
 * <p>Only one that is faster for certain: the ratio of its speed to the baseline's, from the rounds
 * in which both were run, has to be above 1.05 at the lower bound of its interval. The interval is
 * Student's t on the logarithms of the ratios. It is wide where there are few rounds, and the wider
 * the more configs were tried, since the best of many is fast by chance: the bounds hold for all
 * configs at once with 95 % (Bonferroni). Where all configs are equally fast, 1 sweep in 20 at most
 * has one proposed.
 */
public final class Advisor {
  /** A gain below that is not worth a change. */
  private static final double LEAST = 1.05;

  private final ConfigRuns baseline;
  private final List<ConfigRuns> others;

  private Advisor(Results results) {
    this.baseline = results.baseline();
    this.others = results.others();
  }

  /** The proposal, or why there is none. */
  public static Advice advise(Results results) {
    return new Advisor(results).advise();
  }

  private Advice advise() {
    if (baseline.measured().isEmpty()) {
      String reason = baseline.reason();
      return none(
          "There is nothing to compare with: the baseline was not measured."
              + (reason.isEmpty() ? "" : " " + reason));
    }
    if (others.isEmpty()) {
      return none("There is nothing to compare: only the baseline was measured.");
    }
    List<ConfigRuns> keeping = others.stream().filter(this::keepsTheText).toList();
    Optional<ConfigRuns> best = keeping.stream().filter(this::isFaster).max(bySpeedUp());
    return best.map(this::found).orElseGet(() -> notFound(keeping));
  }

  private boolean keepsTheText(ConfigRuns config) {
    return config.reason().isEmpty()
        && config.hasTextOf(baseline).orElse(false)
        && interval(config).isPresent();
  }

  private boolean isFaster(ConfigRuns config) {
    return interval(config).filter(speedUp -> speedUp.lower() > LEAST).isPresent();
  }

  private Comparator<ConfigRuns> bySpeedUp() {
    return Comparator.comparingDouble(config -> interval(config).orElseThrow().ratio());
  }

  private Optional<RatioInterval> interval(ConfigRuns config) {
    return config.speedUpOver(baseline, others.size());
  }

  private Advice found(ConfigRuns best) {
    return new Advice(
        best.config(),
        true,
        "Take %s: %s. The text is the same.%s"
            .formatted(
                best.label(),
                figures(best),
                fasterWithAnotherText(interval(best).orElseThrow().ratio())));
  }

  private Advice notFound(List<ConfigRuns> keeping) {
    String fastest =
        keeping.stream()
            .max(bySpeedUp())
            .map(config -> "The fastest is %s: %s.".formatted(config.label(), figures(config)))
            .orElse("No other config that ran to its end kept the text.");
    return none(
        String.format(
            Locale.ROOT,
            "No difference found: no config that keeps the text is for certain %.2f times as fast as"
                + " the baseline. %s%s",
            LEAST,
            fastest,
            fasterWithAnotherText(1)));
  }

  private Advice none(String evidence) {
    return new Advice(baseline.config(), false, evidence);
  }

  private String figures(ConfigRuns config) {
    RatioInterval speedUp = interval(config).orElseThrow();
    return String.format(
        Locale.ROOT,
        "%.1f tokens/s in the median instead of the baseline's %.1f; %.2f times as fast, round by"
            + " round (%s; %d rounds, %d configs compared)",
        config.median(Measured::tokensPerSecond),
        baseline.median(Measured::tokensPerSecond),
        speedUp.ratio(),
        speedUp.pairs() < 2
            ? "from one round nothing is certain"
            : String.format(
                Locale.ROOT,
                "with 95 %% confidence at least %.2f, at most %.2f",
                speedUp.lower(),
                speedUp.upper()),
        speedUp.pairs(),
        others.size());
  }

  /** What one may want to know of: another text need not be a worse one. */
  private String fasterWithAnotherText(double least) {
    return others.stream()
        .filter(config -> !config.hasTextOf(baseline).orElse(true))
        .filter(this::isFaster)
        .filter(config -> interval(config).orElseThrow().ratio() > least)
        .max(bySpeedUp())
        .map(
            config ->
                " Faster, but with another text, is %s: %s."
                    .formatted(config.label(), figures(config)))
        .orElse("");
  }
}
