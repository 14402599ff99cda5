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
    rank(logits);
    double sum = 0;
    for (int index = 0; index < sorter.size() - minTokensToKeep; index++) {
      int id = sorter.id(index);
      sum += probabilities[id];
      if ((float) sum > removedShare) {
        return;
      }
      logits[id] = RULED_OUT;
    }
  }

  private void rank(float[] logits) {
    sorter.clear(logits.length);
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] != RULED_OUT) {
        sorter.add(id, logits[id]);
      }
    }
    sorter.sort();
  }
}
