package dev.ovchat.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SoftmaxTest {
  private static final float NONE = LogitsProcessor.RULED_OUT;
  private static final float INFINITE = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;

  private final Softmax softmax = new Softmax();

  @Test
  void whatIsRuledOutHasNoProbability() {
    assertThat(softmax.of(new float[] {NONE, 2, NONE, 2})).containsExactly(0, 0.5f, 0, 0.5f);
    assertThat(softmax.of(new float[] {NONE, -3e38f})).containsExactly(0, 1);
    assertThat(softmax.of(new float[] {3e38f, -3e38f})).containsExactly(1, 0);
  }

  @Test
  void thereAreNoProbabilitiesOfLogitsThatAreNoNumbers() {
    assertThat(softmax.of(new float[] {NONE, NONE})).containsExactly(NAN, NAN);
    assertThat(softmax.of(new float[] {INFINITE, NONE, 1})).containsExactly(NAN, 0, NAN);
    assertThat(softmax.of(new float[] {NAN, NONE, 1})).containsExactly(NAN, 0, NAN);
  }
}
