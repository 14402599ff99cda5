package dev.ovchat.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NegativeExponentialTest {
  /** Where the two differ, the exact value is in the middle between two numbers of 32 bits. */
  @Test
  void isTheExponentialRoundedTo32Bits() {
    Random random = new Random(1);
    int different = 0;
    for (int i = 0; i < 1_000_000; i++) {
      float x = -random.nextFloat() * (i % 2 == 0 ? 1 : 110);
      float expected = (float) StrictMath.exp(x);
      float actual = NegativeExponential.of(x);
      assertThat(Math.abs(actual - expected)).as("%s", x).isLessThanOrEqualTo(Math.ulp(expected));
      different += actual == expected ? 0 : 1;
    }
    assertThat(different).isLessThan(100);
  }

  @ParameterizedTest
  @ValueSource(
      floats = {
        0f,
        -0f,
        -1e-30f,
        -0.005415f,
        -0.0054153f,
        -1f,
        -17f,
        -87.33655f,
        -87.5f,
        -103.9f,
        -104f,
        -104.1f,
        -1e30f,
        Float.NEGATIVE_INFINITY,
        Float.NaN
      })
  void atTheEdges(float x) {
    Float expected = (float) StrictMath.exp(x); // boxed, since NaN is then equal to itself
    assertThat(NegativeExponential.of(x)).isEqualTo(expected);
  }
}
