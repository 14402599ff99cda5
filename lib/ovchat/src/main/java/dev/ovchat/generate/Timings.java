package dev.ovchat.generate;

/**
 * What a generation took, with the time that its listener took.
 *
 * @param loadMillis loading and compiling the model, in ms
 * @param firstTokenMillis from the call to the first token, in ms: the prompt is read in it
 * @param perTokenMillis each further token in the mean, in ms; 0 where there is none
 */
public record Timings(double loadMillis, double firstTokenMillis, double perTokenMillis) {

  /** Tokens per second after the first one; 0 where there is none. */
  public double tokensPerSecond() {
    return perTokenMillis == 0 ? 0 : 1000 / perTokenMillis;
  }
}
