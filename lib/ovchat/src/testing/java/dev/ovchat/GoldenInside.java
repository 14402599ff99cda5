package dev.ovchat;

import java.util.List;

/**
 * What optimum-intel and torch gave on the demo model; made by {@code
 * scripts/golden/golden_inside.py}. Logits are null where a token is ruled out.
 */
public record GoldenInside(List<Text> texts, List<Case> generations) {

  /**
   * A forward pass over a text.
   *
   * @param likeliest the id of the highest logit of each row
   * @param logSums the logarithm of the sum of exponentials of each row
   * @param stride which ids' logits the rows hold: 0, stride, twice the stride and so on
   * @param logProbabilities of each token but the first
   */
  public record Text(
      String name,
      List<Integer> ids,
      List<Integer> likeliest,
      List<Double> logSums,
      int stride,
      List<Row> rows,
      List<Double> logProbabilities,
      double logLikelihood,
      double perplexity) {

    /** Short: it names a test. */
    @Override
    public String toString() {
      return name;
    }
  }

  /** Some logits of one row. */
  public record Row(int place, List<Float> logits) {}

  /**
   * A generation.
   *
   * @param config a generation_config.json
   * @param sampled whether chance decided
   */
  public record Case(String config, boolean sampled, List<Integer> prompt, List<Step> steps) {

    @Override
    public String toString() {
      return config;
    }
  }

  /** One of its tokens, and the likeliest ones at its place, as far as rounding leaves no doubt. */
  public record Step(
      int id,
      double probability,
      double processedProbability,
      double entropy,
      double processedEntropy,
      List<Candidate> candidates) {}

  /** One of the likeliest tokens. */
  public record Candidate(
      int id, float logit, double probability, Float processedLogit, double processedProbability) {}

  public static GoldenInside read() {
    return Golden.read("inside.json", GoldenInside.class);
  }
}
