package dev.ovchat.sampling;

/**
 * Keeps the most typical tokens that together make up a share of the probability: those whose
 * surprise, -log p, is nearest to the one expected, the entropy.
 */
final class TypicalLogitsWarper implements LogitsProcessor {
  private final float mass;
  private final int minTokensToKeep;
  private final Softmax softmax = new Softmax();
  private final TokenSorter sorter = new TokenSorter();
  private float[] distances = {};

  TypicalLogitsWarper(double mass, int minTokensToKeep) {
    this.mass = (float) mass;
    this.minTokensToKeep = minTokensToKeep;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    float[] probabilities = softmax.of(logits);
    rank(logits);
    if (sorter.size() == 0) {
      return;
    }
    int last = 0;
    double sum = probabilities[sorter.id(0)];
    while ((float) sum < mass && last < sorter.size() - 1) {
      last++;
      sum += probabilities[sorter.id(last)];
    }
    float furthest = distances[sorter.id(last)];
    for (int index = Math.max(last + 1, minTokensToKeep); index < sorter.size(); index++) {
      int id = sorter.id(index);
      if (distances[id] > furthest) {
        logits[id] = RULED_OUT;
      }
    }
  }

  /** Ranks the tokens by how far their surprise is from the expected one. */
  private void rank(float[] logits) {
    if (distances.length != logits.length) {
      distances = new float[logits.length];
    }
    float entropy = (float) softmax.entropy(logits);
    sorter.clear(logits.length);
    for (int i = 0; i < softmax.leftCount(); i++) {
      int id = softmax.left(i);
      distances[id] = Math.abs(-softmax.log(logits[id]) - entropy);
      sorter.add(id, distances[id]);
    }
    sorter.sort();
  }
}
