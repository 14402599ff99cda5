package dev.ovchat.sampling;

/** Divides the logits by the temperature: above 1 it moves them together, below 1 apart. */
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
