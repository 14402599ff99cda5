package dev.ovchat.generate;

import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.Softmax;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Scores the tokens of a text, one after the other. */
final class Scorer {
  private final Tokenizer tokenizer;
  private final Softmax softmax = new Softmax();
  private final List<TokenScore> scores = new ArrayList<>();

  Scorer(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Scores the next token.
   *
   * @param index the index of the token in the text
   * @param logits [vocabulary] of the token that follows those before it
   * @throws GenerationException if the highest logit is NaN or infinite
   */
  void add(int index, int id, float[] logits) {
    requireNumbers(logits, index);
    softmax.of(logits);
    float logProbability = softmax.log(logits[id]);
    scores.add(
        new TokenScore(index, id, tokenizer.visibleToken(id), logProbability, rank(logits, id)));
  }

  Score score() {
    return new Score(scores);
  }

  private static int rank(float[] logits, int id) {
    int rank = 1;
    for (float logit : logits) {
      if (logit > logits[id]) {
        rank++;
      }
    }
    return rank;
  }

  private static void requireNumbers(float[] logits, int index) {
    float highest = Softmax.highest(logits);
    if (Float.isNaN(highest) || Float.isInfinite(highest)) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
              The model gave %s as a logit for the token at %d of the text: its weights are \
              damaged or of another model, or the precision is too low for it.\
              """,
              highest,
              index));
    }
  }
}
