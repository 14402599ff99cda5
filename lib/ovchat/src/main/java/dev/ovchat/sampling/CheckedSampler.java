package dev.ovchat.sampling;

import dev.ovchat.config.GenerationException;
import java.util.Locale;

/**
 * A sampler of the caller's own. It works on a copy of the logits, so that what it writes there
 * neither counts as ruled out nor shows as what the processors made; and its choice is checked.
 */
public final class CheckedSampler implements Sampler {
  private final Sampler own;
  private float[] copy = {};

  /** Checks a sampler of the caller's own. */
  public CheckedSampler(Sampler own) {
    this.own = own;
  }

  @Override
  public int choose(float[] logits) {
    if (copy.length != logits.length) {
      copy = new float[logits.length];
    }
    System.arraycopy(logits, 0, copy, 0, logits.length);
    int id = own.choose(copy);
    if (id < 0 || id >= logits.length) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "Your sampler chose the id %d; this model's vocabulary allows 0 to %d.",
              id,
              logits.length - 1));
    }
    if (logits[id] == LogitsProcessor.RULED_OUT) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "Your sampler chose the id %d, which is ruled out; it has to choose one whose logit is"
                  + " not minus infinity.",
              id));
    }
    return id;
  }
}
