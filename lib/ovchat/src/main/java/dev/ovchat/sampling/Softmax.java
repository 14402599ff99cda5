package dev.ovchat.sampling;

/**
 * Probabilities from logits. They are rounded to 32 bits as torch's are, so that a limit takes in
 * the same tokens. Java's exponential is the same routine on every JDK for x86-64.
 */
public final class Softmax {
  private float[] probabilities = {};
  private double logSum;

  /**
   * The probability of each token.
   *
   * @return [vocabulary], overwritten by the next call; NaN where no logit is finite
   */
  public float[] of(float[] logits) {
    if (probabilities.length != logits.length) {
      probabilities = new float[logits.length];
    }
    float highest = highest(logits);
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] =
          logits[id] == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp(logits[id] - highest);
      sum += probabilities[id];
    }
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] = (float) (probabilities[id] / sum);
    }
    logSum = highest + Math.log(sum);
    return probabilities;
  }

  /** The logarithm of a token's probability, by the logits that were given last. */
  public float log(float logit) {
    return (float) (logit - logSum);
  }

  /**
   * The entropy in nats, by the logits that were given last, which are given here again: {@code -Σ
   * p ln p}.
   */
  public double entropy(float[] logits) {
    double entropy = 0;
    for (int id = 0; id < logits.length; id++) {
      if (probabilities[id] > 0) {
        entropy -= log(logits[id]) * probabilities[id];
      }
    }
    return entropy;
  }

  /** Replaces each logit by the log-probability of its token. */
  public void toLogs(float[] logits) {
    of(logits);
    for (int id = 0; id < logits.length; id++) {
      logits[id] = log(logits[id]);
    }
  }

  /** The highest value; NaN if one of them is. */
  public static float highest(float[] values) {
    float highest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      if (Float.isNaN(value)) {
        return value;
      }
      if (value > highest) { // not Math.max, which takes three times as long in a notebook's JVM
        highest = value;
      }
    }
    return highest;
  }
}
