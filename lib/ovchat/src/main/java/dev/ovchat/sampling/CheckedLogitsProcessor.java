package dev.ovchat.sampling;

import dev.ovchat.config.GenerationException;
import java.util.Locale;

/** A logits processor of the caller's own: NaN is refused where it was made. */
record CheckedLogitsProcessor(LogitsProcessor own) implements LogitsProcessor {
  @Override
  public void process(TokenSequence tokens, float[] logits) {
    own.process(tokens, logits);
    int id = TokenChoice.mostProbable(logits);
    if (Float.isNaN(logits[id])) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "A logits processor of your own made NaN, which is no number, of the logit of id %d at"
                  + " token %d of the answer. To rule a token out, set LogitsProcessor.RULED_OUT.",
              id,
              tokens.completionSize() + 1));
    }
  }
}
