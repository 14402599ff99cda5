package dev.ovchat.grammar;

import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.Random;

/** Answers of tokens that are chosen at random among those that a format allows. */
final class RandomAnswer {
  private final Tokenizer tokenizer;
  private final Grammars grammars;
  private final int endToken;

  /**
   * @param ids the tokens, without the end token
   * @param isComplete whether it came to an end
   */
  record Answer(TokenIds ids, String text, boolean isComplete) {}

  RandomAnswer(Tokenizer tokenizer, Grammars grammars, int endToken) {
    this.tokenizer = tokenizer;
    this.grammars = grammars;
    this.endToken = endToken;
  }

  Answer of(ResponseFormat format, long seed, int longest) {
    var random = new Random(seed);
    TokenIds ids = TokenIds.of();
    try (FormatRule rule = grammars.rule(format, List.of(endToken), 1)) {
      while (ids.size() < longest) {
        int id = pick(rule, ids, random);
        if (id == endToken) {
          return answer(ids, true);
        }
        ids = ids.plus(TokenIds.of(id));
      }
    }
    return answer(ids, false);
  }

  private int pick(FormatRule rule, TokenIds ids, Random random) {
    float[] logits = new float[tokenizer.vocabSize()];
    rule.restrict(ids, logits);
    int[] allowed = allowed(logits);
    boolean mayEnd = logits[endToken] == 0;
    return mayEnd && random.nextInt(4) == 0 ? endToken : allowed[random.nextInt(allowed.length)];
  }

  static int[] allowed(float[] logits) {
    return java.util.stream.IntStream.range(0, logits.length)
        .filter(id -> logits[id] == 0)
        .toArray();
  }

  private Answer answer(TokenIds ids, boolean isComplete) {
    return new Answer(ids, tokenizer.decode(ids, DecodeOptions.READABLE), isComplete);
  }
}
