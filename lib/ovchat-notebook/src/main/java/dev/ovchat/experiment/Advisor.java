package dev.ovchat.experiment;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Proposes the fastest config that keeps the baseline's text.
 *
 * <p>The config has to be faster for certain: the ratio of its speed to the baseline's, from the
 * rounds in which both were run, has to be above 1.05 at the lower bound of its interval. The
 * interval is Student's t on the logarithms of the ratios. It is wider with fewer rounds and with
 * more configs, since the best of many is fast by chance: the bounds hold for all configs at once
 * with 95 % (Bonferroni). If all configs are equally fast, at most 1 sweep in 20 gives a proposal.
 */
public final class Advisor {
  /** The least speed-up that is worth a change. */
  static final double LEAST = 1.05;

  private static final Comparator<Compared> BY_SPEED_UP =
      Comparator.comparingDouble(Compared::ratio);

  private final ConfigRuns baseline;
  private final List<Compared> others;

  /**
   * A config beside the baseline.
   *
   * @param sameTexts number of prompts whose completions are the baseline's; empty if one of the
   *     two has no completion
   * @param speedUp ratio of its speed to the baseline's; empty if no round has both
   */
  private record Compared(
      ConfigRuns runs, Optional<SameTexts> sameTexts, Optional<RatioInterval> speedUp) {

    boolean keepsTheText() {
      return runs.reason().isEmpty()
          && sameTexts.filter(SameTexts::all).isPresent()
          && speedUp.isPresent();
    }

    boolean hasAnotherText() {
      return sameTexts.filter(texts -> !texts.all()).isPresent();
    }

    boolean isFaster() {
      return speedUp.filter(interval -> interval.lower() > LEAST).isPresent();
    }

    double ratio() {
      return speedUp.orElseThrow().ratio();
    }
  }

  private Advisor(Results results) {
    this.baseline = results.baseline();
    List<ConfigRuns> all = results.others();
    var t = new StudentsT(all.size());
    this.others =
        all.stream()
            .map(
                runs -> new Compared(runs, runs.sameTexts(baseline), runs.speedUpOver(baseline, t)))
            .toList();
  }

  /** Returns the proposal, or the reason for proposing none. */
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
    List<Compared> keeping = others.stream().filter(Compared::keepsTheText).toList();
    Optional<Compared> best = keeping.stream().filter(Compared::isFaster).max(BY_SPEED_UP);
    return best.map(this::found).orElseGet(() -> notFound(keeping));
  }

  private Advice found(Compared best) {
    return new Advice(
        best.runs().config(),
        true,
        "Take %s: %s. The text is the same.%s"
            .formatted(best.runs().label(), figures(best), fasterWithAnotherText(best.ratio())));
  }

  private Advice notFound(List<Compared> keeping) {
    String highest =
        keeping.stream()
            .max(BY_SPEED_UP)
            .map(
                it ->
                    "The highest ratio is that of %s: %s."
                        .formatted(it.runs().label(), figures(it)))
            .orElse("No other config that ran to its end kept the text.");
    return none(
        String.format(
            Locale.ROOT,
            "No difference found: no config that keeps the text is for certain %.2f times as fast"
                + " as the baseline. %s%s",
            LEAST,
            highest,
            fasterWithAnotherText(1)));
  }

  private Advice none(String evidence) {
    return new Advice(baseline.config(), false, evidence);
  }

  private String figures(Compared config) {
    return config.speedUp().orElseThrow().inWords("the baseline", others.size(), "config");
  }

  /** Mentions the fastest config with another text, which need not be a worse one. */
  private String fasterWithAnotherText(double least) {
    return others.stream()
        .filter(Compared::hasAnotherText)
        .filter(Compared::isFaster)
        .filter(config -> config.ratio() > least)
        .max(BY_SPEED_UP)
        .map(
            config ->
                " Faster, but with another text, is %s: %s."
                    .formatted(config.runs().label(), figures(config)))
        .orElse("");
  }
}
