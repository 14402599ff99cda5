package dev.ovchat.sampling;

/** Keeps the tokens whose probability is at least a share of the most probable one's. */
final class MinPLogitsWarper implements LogitsProcessor {
  private final float minP;
  private final int minTokensToKeep;
  private final Softmax softmax = new Softmax();
  private final TokenSorter sorter = new TokenSorter();

  MinPLogitsWarper(double minP, int minTokensToKeep) {
    this.minP = (float) minP;
    this.minTokensToKeep = minTokensToKeep;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    float[] probabilities = softmax.of(logits);
    float least = minP * Softmax.highest(probabilities);
    sorter.clear(logits.length);
    for (int i = 0; i < softmax.leftCount(); i++) {
      int id = softmax.left(i);
      if (probabilities[id] < least) {
        sorter.add(id, probabilities[id]);
      }
    }
    int spared = minTokensToKeep - (softmax.leftCount() - sorter.size());
    if (spared > 0) {
      sorter.sort();
    }
    for (int index = 0; index < sorter.size() - Math.max(spared, 0); index++) {
      logits[sorter.id(index)] = RULED_OUT;
    }
  }
}
