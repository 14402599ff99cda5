package dev.ovchat.decoder;

import java.util.Optional;

/**
 * Qwen3: Qwen2 whose heads are normalized, and as wide as it says, and whose biases are optional.
 */
class Qwen3 extends Qwen2 {
  Qwen3() {
    this("qwen3");
  }

  Qwen3(String modelType) {
    super(modelType);
  }

  @Override
  Optional<Integer> defaultHeadDim() {
    return Optional.of(128);
  }

  @Override
  boolean queryKeyValueBias(boolean attentionBias) {
    return attentionBias;
  }

  @Override
  boolean attentionOutputBias(boolean attentionBias) {
    return attentionBias;
  }

  @Override
  public HeadNorms headNorms() {
    return HeadNorms.EACH;
  }
}
