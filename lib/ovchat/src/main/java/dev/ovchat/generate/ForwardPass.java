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
  static float[][] logits(LoadedModel model, TokenIds ids) {
    requireReadable(ids, model.config());
    try (CachedSequence cache = model.newCache()) {
      readAtOnce(cache, ids);
      float[][] rows = new float[ids.size()][];
      for (int place = 0; place < rows.length; place++) {
        rows[place] = cache.logits(place).clone();
      }
      return rows;
    }
  }

  /**
   * Implements {@link CausalLM#score(TokenIds)}. Only one row of logits is on the heap at a time.
   */
  static Score score(LoadedModel model, TokenIds ids) {
    requireReadable(ids, model.config());
    if (ids.size() == 1) {
      throw new GenerationException(
          "The text has 1 token; a score needs 2 or more, since the first has nothing before it.");
    }
    try (CachedSequence cache = model.newCache();
        var lease = model.ownTokenizer().lease()) {
      readAtOnce(cache, ids);
      var scorer = new Scorer(lease.tokenizer().orElseThrow());
      for (int place = 1; place < ids.size(); place++) {
        scorer.add(place, ids.get(place), cache.logits(place - 1));
      }
      return scorer.score();
    }
  }

  /** Implements {@link CausalLM#score(TokenIds, TokenIds)}. */
  static Score score(LoadedModel model, TokenIds prompt, TokenIds answer) {
    GenerationRequest.requirePrompt(prompt);
    if (answer.isEmpty()) {
      throw new GenerationException("The answer is empty; it has to hold at least one token.");
    }
    requireReadable(prompt.plus(answer), model.config());
    try (CachedSequence cache = model.newCache();
        var lease = model.ownTokenizer().lease()) {
      var scorer = new Scorer(lease.tokenizer().orElseThrow());
      requireDone(
          Rereading.of(
              prompt,
              answer,
              cache,
              new Cancellation()::isAskedFor,
              place -> scorer.add(prompt.size() + place, answer.get(place), cache.logits(0))));
      return scorer.score();
    }
  }

  private static void readAtOnce(CachedSequence cache, TokenIds ids) {
    requireDone(cache.read(ids.toArray(), ids.size(), new Cancellation()::isAskedFor));
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
