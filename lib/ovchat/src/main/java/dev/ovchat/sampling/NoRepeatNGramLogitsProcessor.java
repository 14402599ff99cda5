package dev.ovchat.sampling;

/** Rules out each token that would end an n-gram that prompt and completion already have. */
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
