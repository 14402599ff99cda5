package dev.ovchat.sampling;

import java.util.Arrays;

/** Keeps the k highest logits, and those that equal the last of them. */
final class TopKLogitsWarper implements LogitsProcessor {
  private final int topK;

  /** A heap of the k highest logits so far: its first element is the lowest of them. */
  private float[] highest = {};

  TopKLogitsWarper(int topK, int minTokensToKeep) {
    this.topK = Math.max(topK, minTokensToKeep);
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    float last = lastKept(logits);
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] < last) {
        logits[id] = RULED_OUT;
      }
    }
  }

  private float lastKept(float[] logits) {
    int kept = Math.min(topK, logits.length);
    if (highest.length != kept) {
      highest = new float[kept];
    }
    Arrays.fill(highest, Float.NEGATIVE_INFINITY);
    for (float logit : logits) {
      if (logit > highest[0]) {
        replaceLowest(logit);
      }
    }
    return highest[0];
  }

  private void replaceLowest(float logit) {
    int index = 0;
    for (int child = 1; child < highest.length; child = 2 * index + 1) {
      if (child + 1 < highest.length && highest[child + 1] < highest[child]) {
        child++;
      }
      if (highest[child] >= logit) {
        break;
      }
      highest[index] = highest[child];
      index = child;
    }
    highest[index] = logit;
  }
}
