package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;

/**
 * The constant factors of a decoder's graph; 1 without one. A soft cap c keeps numbers between -c
 * and c: c · tanh(x / c); 0 stands for none.
 *
 * @param embedding of the embedding of a token
 * @param attention of the scores of attention
 * @param residual of what a part of a layer gives, before that is added
 * @param logitsDivisor what the logits are divided by
 * @param scoreCap soft cap of the scores, after their factor
 * @param logitCap soft cap of the logits, after their factor
 */
public record Factors(
    float embedding,
    float attention,
    float residual,
    float logitsDivisor,
    float scoreCap,
    float logitCap) {
  /** Llama's factors: scores are divided by the square root of a head's size. */
  static Factors of(DecoderSizes sizes) {
    return new Factors(1, (float) (1 / Math.sqrt(sizes.headDim())), 1, 1, 0, 0);
  }

  Factors embedding(double value) {
    return new Factors((float) value, attention, residual, logitsDivisor, scoreCap, logitCap);
  }

  Factors attention(double value) {
    return new Factors(embedding, (float) value, residual, logitsDivisor, scoreCap, logitCap);
  }

  Factors residual(double value) {
    return new Factors(embedding, attention, (float) value, logitsDivisor, scoreCap, logitCap);
  }

  Factors logitsDivisor(double value) {
    return new Factors(embedding, attention, residual, (float) value, scoreCap, logitCap);
  }

  Factors scoreCap(double value) {
    return new Factors(embedding, attention, residual, logitsDivisor, (float) value, logitCap);
  }

  Factors logitCap(double value) {
    return new Factors(embedding, attention, residual, logitsDivisor, scoreCap, (float) value);
  }

  /** Reads a factor, which has to be above 0 and not out of all bounds. */
  static double read(JsonFile json, String field, double otherwise) {
    double value = json.number(field).orElse(otherwise);
    if (!(value > 1e-9 && value < 1e9)) {
      throw json.wrong(field, "a number above 0", json.root().path(field));
    }
    return value;
  }
}
