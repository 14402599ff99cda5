package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Set;

/**
 * MiniCPM and MiniCPM4, whose code comes with their checkpoints instead of transformers: Llama with
 * three factors, which grow or shrink with its width and depth.
 */
final class MiniCpm extends Architecture {
  MiniCpm() {
    super("minicpm");
  }

  @Override
  Set<String> ownFields() {
    return Set.of("scale_emb", "scale_depth", "dim_model_base");
  }

  @Override
  boolean defaultTieWordEmbeddings() {
    return true;
  }

  @Override
  Factors factors(JsonFile json, DecoderSizes sizes) {
    double depth = Factors.read(json, "scale_depth", 1);
    double baseWidth = Factors.read(json, "dim_model_base", 1);
    return Factors.of(sizes)
        .embedding(Factors.read(json, "scale_emb", 1))
        .residual(depth / Math.sqrt(sizes.layers()))
        .logitsDivisor(sizes.hidden() / baseWidth);
  }
}
