package dev.ovchat.sampling;

/** Rules out each token that would end a row of n tokens that prompt and answer already have. */
final class NoRepeatNGramLogitsProcessor implements LogitsProcessor {
  private final int prefix;

  NoRepeatNGramLogitsProcessor(int ngramSize) {
    prefix = ngramSize - 1;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    int last = tokens.size() - prefix;
    for (int start = 0; start < last; start++) {
      if (tokens.repeats(start, last, prefix)) {
        logits[tokens.get(start + prefix)] = RULED_OUT;
      }
    }
  }
}
