package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.GoldenCompression;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Halves from and to floats. */
class HalfPrecisionTest {

  @Test
  void readsEveryHalf() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertThat(HalfPrecision.toFloat((short) bits)).isEqualTo((Float) (float) value(bits));
    }
  }

  /** By the standard's definition. */
  private static double value(int bits) {
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 1023;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    double significand = exponent == 0 ? fraction : 1024 + fraction;
    return sign * Math.scalb(significand, Math.max(exponent, 1) - 25);
  }

  @Test
  void everyHalfComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.toFloat((short) bits);
      int expected = Float.isNaN(value) ? 0x7E00 | (bits & 0x8000) : bits;
      assertThat(HalfPrecision.fromFloat(value)).isEqualTo((short) expected);
    }
  }

  @Test
  void roundsAsTorchDoes() {
    GoldenCompression.Conversion golden = GoldenCompression.read().conversion();
    ByteBuffer floats = golden.floats().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer halves = golden.halves().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(floats.remaining()).isEqualTo(2 * halves.remaining()).isGreaterThan(6_000);
    while (floats.hasRemaining()) {
      float value = floats.getFloat();
      assertThat(HalfPrecision.fromFloat(value)).as("%s", value).isEqualTo(halves.getShort());
    }
  }
}
