package dev.ovchat.sampling;

/** Draws the logits together (above 1) or apart (below 1). */
final class TemperatureLogitsWarper implements LogitsProcessor {
  private final float temperature;

  TemperatureLogitsWarper(double temperature) {
    this.temperature = (float) temperature;
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      logits[id] /= temperature;
    }
  }
}
