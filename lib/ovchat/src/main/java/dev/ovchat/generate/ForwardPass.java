package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.sampling.Softmax;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a text from an empty cache, and looks at the logits that follow each token. */
final class ForwardPass {
  private final CausalLM model;
  private final Softmax softmax = new Softmax();
  private final List<TokenScore> scores = new ArrayList<>();

  private ForwardPass(CausalLM model) {
    this.model = model;
  }

  /** Implements {@link CausalLM#logits}. */
  static float[][] logits(CausalLM model, TokenIds ids) {
    requireReadable(ids, model.config());
    try (CachedSequence cache = model.newCache()) {
      readAtOnce(cache, ids);
      float[][] rows = new float[ids.size()][];
      for (int index = 0; index < rows.length; index++) {
        rows[index] = cache.logits(index).clone();
      }
      return rows;
    }
  }

  /**
   * Implements {@link CausalLM#score(TokenIds)}. Only one row of logits is on the heap at a time.
   */
  static Score score(CausalLM model, TokenIds ids) {
    requireReadable(ids, model.config());
    if (ids.size() == 1) {
      throw new GenerationException(
          "The text has 1 token; a score needs 2 or more, since the first has nothing before it.");
    }
    try (CachedSequence cache = model.newCache()) {
      readAtOnce(cache, ids);
      var pass = new ForwardPass(model);
      for (int index = 1; index < ids.size(); index++) {
        pass.score(index, ids.get(index), cache.logits(index - 1));
      }
      return new Score(pass.scores);
    }
  }

  /** Implements {@link CausalLM#score(TokenIds, TokenIds)}. */
  static Score score(CausalLM model, TokenIds prompt, TokenIds completion) {
    GenerationRequest.requirePrompt(prompt);
    if (completion.isEmpty()) {
      throw new GenerationException("The completion is empty; it has to hold at least one token.");
    }
    requireReadable(prompt.plus(completion), model.config());
    try (CachedSequence cache = model.newCache()) {
      var pass = new ForwardPass(model);
      requireDone(
          cache.readAgain(
              prompt,
              completion,
              new Cancellation()::isRequested,
              index -> pass.score(prompt.size() + index, completion.get(index), cache.logits(0))));
      return new Score(pass.scores);
    }
  }

  private static void readAtOnce(CachedSequence cache, TokenIds ids) {
    requireDone(cache.read(ids.toArray(), ids.size(), new Cancellation()::isRequested));
  }

  private static void requireDone(boolean done) {
    if (!done) {
      throw new GenerationException(
          "The text was not read to its end, since an interrupt came. Read it again; in a notebook, run the cell again.");
    }
  }

  private static void requireReadable(TokenIds ids, ModelConfig model) {
    if (ids.isEmpty()) {
      throw new GenerationException("The text is empty; it has to hold at least one token.");
    }
    if (ids.size() > model.maxPositionEmbeddings()) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "The text has %d tokens, but the model's context takes %d; give it in parts.",
              ids.size(),
              model.maxPositionEmbeddings()));
    }
    GenerationRequest.requireKnown("The text holds", ids.stream(), model);
  }

  /**
   * Scores the next token.
   *
   * @param index the index of the token in the text
   * @param logits [vocabulary] of the token that follows those before it
   * @throws GenerationException if the highest logit is NaN or infinite
   */
  private void score(int index, int id, float[] logits) {
    requireNumbers(logits, index);
    softmax.of(logits);
    String text = model.tokenizer().visibleToken(id);
    scores.add(new TokenScore(index, id, text, softmax.log(logits[id]), rank(logits, id)));
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
