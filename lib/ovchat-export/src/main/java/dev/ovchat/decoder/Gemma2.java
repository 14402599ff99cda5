package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gemma 2: a scaled embedding, norms before and after each part that multiply by 1 + their weight,
 * another activation, a window in each second layer, and soft caps for scores and logits.
 */
class Gemma2 extends Architecture {
  Gemma2() {
    this("gemma2");
  }

  Gemma2(String modelType) {
    super(modelType);
  }

  @Override
  Set<String> ownFields() {
    return Set.of("query_pre_attn_scalar", "attn_logit_softcapping", "final_logit_softcapping");
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 4;
  }

  @Override
  Optional<Integer> defaultHeadDim() {
    return Optional.of(256);
  }

  @Override
  boolean defaultTieWordEmbeddings() {
    return true;
  }

  @Override
  Activation activation(JsonFile json) {
    return Activation.read(json, "hidden_activation", Activation.GELU_TANH);
  }

  @Override
  public LayerNorms layerNorms() {
    return LayerNorms.AROUND;
  }

  @Override
  boolean normsAddOne() {
    return true;
  }

  @Override
  Factors factors(JsonFile json, DecoderSizes sizes) {
    return Factors.of(sizes)
        .embedding(Math.sqrt(sizes.hidden()))
        .attention(1 / Math.sqrt(Factors.read(json, "query_pre_attn_scalar", 256)))
        .scoreCap(softCap(json, "attn_logit_softcapping", 50))
        .logitCap(softCap(json, "final_logit_softcapping", 30));
  }

  /** A soft cap; {@code otherwise} where the config does not have the field, 0 for none. */
  static double softCap(JsonFile json, String field, double otherwise) {
    double missing = json.root().has(field) ? 0 : otherwise; // null is none
    return json.value(field).isPresent() ? Factors.read(json, field, missing) : missing;
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    if (json.truth("use_bidirectional_attention", false)) {
      throw new UnusableFileException(
          json.path()
              + " sets use_bidirectional_attention, for a model of embeddings; the export from"
              + " Java knows decoders, whose tokens see the ones before.");
    }
    Optional<Integer> window = SlidingWindows.field(json, 4096);
    return SlidingWindows.byType(
        json, layers, window, layer -> (layer + 1) % windowPattern(json) != 0);
  }

  /** Each layer of this number has full attention. */
  int windowPattern(JsonFile json) {
    return 2;
  }
}
