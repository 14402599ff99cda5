package dev.ovchat.sampling;

/**
 * The two penalties of OpenAI's API, which transformers lacks: from the logit of a token that is in
 * the completion n times, {@code presence + n * frequency} is subtracted. The prompt does not
 * count.
 */
final class PresenceAndFrequencyPenaltyProcessor implements LogitsProcessor {
  private final double presence;
  private final double frequency;
  private int[] counts = {};

  PresenceAndFrequencyPenaltyProcessor(double presence, double frequency) {
    this.presence = presence;
    this.frequency = frequency;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    if (counts.length != logits.length) {
      counts = new int[logits.length];
    }
    for (int i = tokens.promptSize(); i < tokens.size(); i++) {
      counts[tokens.get(i)]++;
    }
    for (int i = tokens.promptSize(); i < tokens.size(); i++) {
      int id = tokens.get(i);
      if (counts[id] > 0) {
        logits[id] = (float) (logits[id] - presence - counts[id] * frequency);
        counts[id] = 0;
      }
    }
  }
}
