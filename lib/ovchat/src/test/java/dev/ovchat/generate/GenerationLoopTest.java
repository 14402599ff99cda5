package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationLoopTest {

  @Test
  void takesTheHighestScoreAndOfEqualOnesTheFirst() {
    assertThat(GenerationLoop.likeliest(new float[] {-3, 2, 5, 5, 1})).isEqualTo(2);
    assertThat(GenerationLoop.likeliest(new float[] {-3, -2, -5})).isEqualTo(1);
    assertThat(GenerationLoop.likeliest(new float[] {Float.NEGATIVE_INFINITY, -1e30f}))
        .isEqualTo(1);
  }
}
