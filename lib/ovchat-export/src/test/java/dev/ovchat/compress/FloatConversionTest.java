package dev.ovchat.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.GoldenCompression;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights in other float types. */
class FloatConversionTest {

  @Test
  void narrowsSinglesAsSaveModelDoes() {
    GoldenCompression.Conversion golden = GoldenCompression.read().conversion();
    assertThat(converted(golden.savedFloats().array(), ElementType.F32, ElementType.F16))
        .isEqualTo(golden.savedHalves().array());
  }

  @Test
  void widensHalves() {
    byte[] source = halves(0x3C00, 0xC000, 0x0001, 0x7C00, 0x8000);
    assertThat(converted(source, ElementType.F16, ElementType.F32))
        .isEqualTo(floats(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY, -0f));
  }

  @Test
  void widensBrainFloats() {
    byte[] source = halves(0x3F80, 0xC000, 0x0001, 0x7F80, 0x8000);
    assertThat(converted(source, ElementType.BF16, ElementType.F32))
        .isEqualTo(floats(1f, -2f, 0x1p-133f, Float.POSITIVE_INFINITY, -0f));
  }

  /** As torch does: 65,536 and more are infinite, 2⁻²⁵ is 0. */
  @Test
  void narrowsBrainFloats() {
    byte[] source = halves(0x3F80, 0x477F, 0x4780, 0xFF7F, 0x3300, 0x3301);
    assertThat(converted(source, ElementType.BF16, ElementType.F16))
        .isEqualTo(halves(0x3C00, 0x7BF8, 0x7C00, 0xFC00, 0, 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void keepsTheBitsOfAnEqualType(ElementType type) {
    byte[] source = floats(Float.NaN, 1f, Float.intBitsToFloat(0x7FA1_2345), -0f, 1e-40f);
    assertThat(converted(source, type, type)).isEqualTo(source);
  }

  @Test
  void convertsMoreThanABlock() {
    ByteBuffer source = ByteBuffer.allocate(20_000).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer expected = ByteBuffer.allocate(40_000).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 10_000; i++) {
      source.putShort((short) (Float.floatToIntBits(i % 256) >>> 16));
      expected.putFloat(i % 256);
    }
    assertThat(converted(source.array(), ElementType.BF16, ElementType.F32))
        .isEqualTo(expected.array());
  }

  @Test
  void doesNotMakeBrainFloats() {
    WeightReader reader = new WeightReader(ElementType.F32, FloatConversion.BLOCK);
    assertThatThrownBy(() -> new FloatConversion(reader, ElementType.BF16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Weights cannot be converted from F32 to BF16; take F32 or F16.");
  }

  private static byte[] converted(byte[] source, ElementType from, ElementType to) {
    int count = source.length / from.bytes();
    ByteBuffer target = ByteBuffer.allocate(count * to.bytes());
    ByteBuffer weights = ByteBuffer.wrap(source);
    new FloatConversion(new WeightReader(from, FloatConversion.BLOCK), to)
        .convert(weights, count, target);
    assertThat(weights.hasRemaining()).isFalse();
    assertThat(target.hasRemaining()).isFalse();
    return target.array();
  }

  private static byte[] halves(int... bits) {
    ByteBuffer bytes = ByteBuffer.allocate(bits.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int each : bits) {
      bytes.putShort((short) each);
    }
    return bytes.array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float each : values) {
      bytes.putInt(Float.floatToRawIntBits(each));
    }
    return bytes.array();
  }
}
