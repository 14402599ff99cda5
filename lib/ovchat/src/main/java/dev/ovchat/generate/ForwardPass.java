package dev.ovchat.generate;

import dev.ovchat.checkpoint.ModelConfig;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a text once, from an empty cache, and looks at the logits that follow each token. */
final class ForwardPass implements AutoCloseable {
  private final TokenIds ids;
  private final CachedSequence cache;

  /**
   * Reads a text.
   *
   * @throws GenerationException if it holds an id outside the vocabulary, is empty or longer than
   *     the context, or if the reading is interrupted
   */
  private ForwardPass(LoadedModel model, TokenIds ids) {
    requireReadable(ids, model.config());
    this.ids = ids;
    cache = model.newCache();
    boolean done = false;
    try {
      done = cache.read(ids.toArray(), ids.size(), new Cancellation()::isAskedFor);
    } finally {
      if (!done) {
        cache.close();
      }
    }
    if (!done) {
      throw new GenerationException(
          "The text was not read to its end, since an interrupt came. Run the cell again.");
    }
  }

  /** What {@link CausalLM#logits} gives. */
  static float[][] logits(LoadedModel model, TokenIds ids) {
    try (var pass = new ForwardPass(model, ids)) {
      float[][] rows = new float[ids.size()][];
      for (int place = 0; place < rows.length; place++) {
        rows[place] = pass.cache.logits(place).clone();
      }
      return rows;
    }
  }

  /** What {@link CausalLM#score} gives. */
  static Score score(LoadedModel model, TokenIds ids) {
    if (ids.size() == 1) {
      throw new GenerationException(
          "The text has 1 token; a score needs 2 or more, since the first has nothing before it.");
    }
    try (var pass = new ForwardPass(model, ids);
        var lease = model.ownTokenizer().lease()) {
      return pass.score(lease.tokenizer().orElseThrow());
    }
  }

  /** Only one row of logits is on the heap at a time. */
  private Score score(Tokenizer tokenizer) {
    var softmax = new Softmax();
    List<TokenScore> scores = new ArrayList<>();
    for (int place = 1; place < ids.size(); place++) {
      int id = ids.get(place);
      float[] logits = cache.logits(place - 1);
      requireNumbers(logits, place);
      softmax.of(logits);
      float logProbability = softmax.log(logits[id]);
      scores.add(new TokenScore(place, id, tokenizer.token(id), logProbability, rank(logits, id)));
    }
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

  private static void requireNumbers(float[] logits, int place) {
    float highest = Softmax.highest(logits);
    if (Float.isNaN(highest) || Float.isInfinite(highest)) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
          The model gave %s as a logit for the token at %d of the text: its weights are damaged, or \
          the precision is too low for it.""",
              highest,
              place));
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
