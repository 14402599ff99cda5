package dev.ovchat.sampling;

import java.util.BitSet;

/** Makes each token of prompt and completion less probable: once, however often it was there. */
final class RepetitionPenaltyLogitsProcessor implements LogitsProcessor {
  private final float penalty;
  private final BitSet seen = new BitSet();

  RepetitionPenaltyLogitsProcessor(double penalty) {
    this.penalty = (float) penalty;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    seen.clear();
    for (int i = 0; i < tokens.size(); i++) {
      int id = tokens.get(i);
      if (!seen.get(id)) {
        seen.set(id);
        logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
      }
    }
  }
}
