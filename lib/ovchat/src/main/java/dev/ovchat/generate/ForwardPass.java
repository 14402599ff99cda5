package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.text.TokenIds;
import java.util.Locale;

/** Reads a text from an empty cache, and looks at the logits that follow each token. */
final class ForwardPass {
  private ForwardPass() {}

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
      var scorer = new Scorer(model.tokenizer());
      for (int index = 1; index < ids.size(); index++) {
        scorer.add(index, ids.get(index), cache.logits(index - 1));
      }
      return scorer.score();
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
      var scorer = new Scorer(model.tokenizer());
      requireDone(
          Rereading.of(
              prompt,
              completion,
              cache,
              new Cancellation()::isRequested,
              index -> scorer.add(prompt.size() + index, completion.get(index), cache.logits(0))));
      return scorer.score();
    }
  }

  private static void readAtOnce(CachedSequence cache, TokenIds ids) {
    requireDone(cache.read(ids.toArray(), ids.size(), new Cancellation()::isRequested));
  }

  private static void requireDone(boolean done) {
    if (!done) {
      throw new GenerationException(
          "The text was not read to its end, since an interrupt came. Run the cell again.");
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
}
