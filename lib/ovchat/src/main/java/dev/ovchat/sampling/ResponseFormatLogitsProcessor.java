package dev.ovchat.sampling;

import dev.ovchat.grammar.FormatRule;

/** Rules out the tokens by which the completion would leave its response format. */
record ResponseFormatLogitsProcessor(FormatRule rule) implements LogitsProcessor {
  @Override
  public void process(TokenSequence tokens, float[] logits) {
    rule.restrict(tokens.completion(), logits);
  }
}
