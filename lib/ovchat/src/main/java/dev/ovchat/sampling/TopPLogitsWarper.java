package dev.ovchat.sampling;

/** Keeps the most probable tokens that together make up a share of the probability. */
final class TopPLogitsWarper implements LogitsProcessor {
  private final float removedShare;
  private final int minTokensToKeep;
  private final Softmax softmax = new Softmax();
  private final TokenSorter sorter = new TokenSorter();

  TopPLogitsWarper(double topP, int minTokensToKeep) {
    this.removedShare = (float) (1 - topP);
    this.minTokensToKeep = minTokensToKeep;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    float[] probabilities = softmax.of(logits);
    double sum = removeSmallest(logits, probabilities);
    sorter.sort();
    for (int index = 0; index < sorter.size() - minTokensToKeep; index++) {
      int id = sorter.id(index);
      sum += probabilities[id];
      if ((float) sum > removedShare) {
        return;
      }
      logits[id] = RULED_OUT;
    }
  }

  /**
   * Rules out the tokens that together have less than half of the share to be removed, whatever
   * their order, so that the others alone have to be sorted; they are few as a rule. Where several
   * tokens have to be kept, one of the smallest may be among them, and all are sorted.
   *
   * @return the sum of their probabilities
   */
  private double removeSmallest(float[] logits, float[] probabilities) {
    float least = minTokensToKeep == 1 ? removedShare / 2 / logits.length : 0;
    sorter.clear(logits.length);
    double sum = 0;
    for (int i = 0; i < softmax.leftCount(); i++) {
      int id = softmax.left(i);
      if (probabilities[id] < least) {
        sum += probabilities[id];
        logits[id] = RULED_OUT;
      } else {
        sorter.add(id, logits[id]);
      }
    }
    return sum;
  }
}
