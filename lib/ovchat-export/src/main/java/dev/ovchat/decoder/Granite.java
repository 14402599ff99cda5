package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Set;

/** Granite 3: Llama with four factors. */
class Granite extends Llama {
  Granite() {
    this("granite");
  }

  Granite(String modelType) {
    super(modelType);
  }

  @Override
  Set<String> ownFields() {
    return Set.of(
        "embedding_multiplier", "attention_multiplier", "residual_multiplier", "logits_scaling");
  }

  @Override
  Factors factors(JsonFile json, DecoderSizes sizes) {
    return Factors.of(sizes)
        .embedding(Factors.read(json, "embedding_multiplier", 1))
        .attention(Factors.read(json, "attention_multiplier", 1))
        .residual(Factors.read(json, "residual_multiplier", 1))
        .logitsDivisor(Factors.read(json, "logits_scaling", 1));
  }
}
