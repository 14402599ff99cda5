package dev.ovchat.decoder;

/** OLMo 2: norms after attention and feed-forward part, and of all queries and all keys at once. */
final class Olmo2 extends Architecture {
  Olmo2() {
    super("olmo2");
  }

  @Override
  double defaultRmsNormEps() {
    return 1e-5;
  }

  @Override
  public LayerNorms layerNorms() {
    return LayerNorms.AFTER;
  }

  @Override
  public HeadNorms headNorms() {
    return HeadNorms.ALL;
  }
}
