package dev.ovchat.sampling;

import java.util.Arrays;

/**
 * Probabilities from logits. They are rounded to 32 bits as torch's are, so that a limit takes in
 * the same tokens. They are the same on every JDK and processor.
 */
public final class Softmax {
  private float[] probabilities = {};
  private int[] left = {};
  private int leftCount;
  private double logSum;

  /**
   * The probability of each token.
   *
   * @return [vocabulary], overwritten by the next call; 0 where a token was ruled out, NaN for the
   *     others if the highest logit is infinite or NaN, and NaN for all if no token is left
   */
  public float[] of(float[] logits) {
    if (probabilities.length != logits.length) {
      probabilities = new float[logits.length];
      left = new int[logits.length];
    }
    float highest = highest(logits);
    double sum = 0;
    leftCount = 0;
    for (int id = 0; id < logits.length; id++) {
      float logit = logits[id];
      if (logit == LogitsProcessor.RULED_OUT) {
        probabilities[id] = 0;
      } else {
        float part = NegativeExponential.of(logit - highest);
        probabilities[id] = part;
        sum += part;
        left[leftCount++] = id;
      }
    }
    if (leftCount == 0) {
      Arrays.fill(probabilities, Float.NaN);
    }
    for (int i = 0; i < leftCount; i++) {
      probabilities[left[i]] = (float) (probabilities[left[i]] / sum);
    }
    logSum = highest + StrictMath.log(sum); // Math's is another routine on each processor
    return probabilities;
  }

  /** The number of tokens that were not ruled out. */
  int leftCount() {
    return leftCount;
  }

  /** The id of a token that was not ruled out, by its index among them; the ids ascend. */
  int left(int index) {
    return left[index];
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
    for (float value : values) { // not Math.max, which takes three times as long in a notebook
      if (!(value <= highest)) {
        if (Float.isNaN(value)) {
          return value;
        }
        highest = value;
      }
    }
    return highest;
  }
}
