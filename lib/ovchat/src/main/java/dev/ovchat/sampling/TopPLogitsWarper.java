package dev.ovchat.sampling;

/** Keeps the most probable tokens that together make up a share of the probability. */
final class TopPLogitsWarper implements LogitsProcessor {
  private final float removedShare;
  private final int minTokensToKeep;
  private final Softmax softmax = new Softmax();
  private final TokenSorter ranking = new TokenSorter();

  TopPLogitsWarper(double topP, int minTokensToKeep) {
    this.removedShare = (float) (1 - topP);
    this.minTokensToKeep = minTokensToKeep;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    float[] probabilities = softmax.of(logits);
    rank(logits);
    double sum = 0;
    for (int index = 0; index < ranking.size() - minTokensToKeep; index++) {
      int id = ranking.id(index);
      sum += probabilities[id];
      if ((float) sum > removedShare) {
        return;
      }
      logits[id] = RULED_OUT;
    }
  }

  private void rank(float[] logits) {
    ranking.clear(logits.length);
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] != RULED_OUT) {
        ranking.add(id, logits[id]);
      }
    }
    ranking.sort();
  }
}
