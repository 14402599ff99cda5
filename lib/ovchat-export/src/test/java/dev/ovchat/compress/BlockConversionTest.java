package dev.ovchat.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.checkpoint.BlockFormat;
import dev.ovchat.checkpoint.HalfPrecision;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quantized weights keep their integers, and their values as far as OpenVINO's forms allow. */
class BlockConversionTest {
  private static final int COLUMNS = 512;

  /** Positions of the scales in f16 in a block. */
  private static final Map<BlockFormat, List<Integer>> SCALES =
      Map.ofEntries(
          Map.entry(BlockFormat.Q4_0, List.of(0)),
          Map.entry(BlockFormat.Q4_1, List.of(0, 2)),
          Map.entry(BlockFormat.Q5_0, List.of(0)),
          Map.entry(BlockFormat.Q5_1, List.of(0, 2)),
          Map.entry(BlockFormat.Q8_0, List.of(0)),
          Map.entry(BlockFormat.Q2_K, List.of(80, 82)),
          Map.entry(BlockFormat.Q3_K, List.of(108)),
          Map.entry(BlockFormat.Q4_K, List.of(0, 2)),
          Map.entry(BlockFormat.Q5_K, List.of(0, 2)),
          Map.entry(BlockFormat.Q6_K, List.of(208)),
          Map.entry(BlockFormat.IQ4_NL, List.of(0)),
          Map.entry(BlockFormat.MXFP4, List.of()));

  private static final List<BlockFormat> EXACT =
      List.of(
          BlockFormat.Q4_0,
          BlockFormat.Q5_0,
          BlockFormat.Q8_0,
          BlockFormat.IQ4_NL,
          BlockFormat.MXFP4);

  @ParameterizedTest
  @EnumSource
  void keepsTheValues(BlockFormat format) {
    Storage.Carried last = last(BlockConversion.forms(format));
    double relative = deviation(format, last, rows(format, 4), 4).relative();
    if (EXACT.contains(format)) {
      assertThat(relative).isZero();
    } else { // half a step of f16 for each of the two numbers that are rounded
      assertThat(relative).isPositive().isLessThan(0x1p-9);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_1", "Q5_1", "Q2_K", "Q4_K", "Q5_K"})
  void zeroPointsInHalvesAreNearerThanIntegers(BlockFormat format) {
    List<Storage.Carried> forms = BlockConversion.forms(format);
    ByteBuffer rows = rows(format, 4);
    assertThat(forms)
        .extracting(form -> form.zeroPoints().get() == ElementType.F16)
        .containsExactly(false, true);
    assertThat(deviation(format, forms.get(1), rows.duplicate(), 4).squares())
        .isLessThan(deviation(format, forms.get(0), rows.duplicate(), 4).squares());
  }

  @ParameterizedTest
  @EnumSource
  void neverHasFewerBits(BlockFormat format) {
    for (Storage.Carried form : BlockConversion.forms(format)) {
      assertThat(form.type().bytes(1000) * 8).isGreaterThanOrEqualTo(1000L * format.bits());
      assertThat(form.groupSize()).isEqualTo(format.groupSize());
    }
  }

  @Test
  void writesIntegersAndScalesAsTheyAre() {
    ByteBuffer block = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    block.putShort(HalfPrecision.fromFloat(0.25f));
    for (int i = 0; i < 16; i++) {
      block.put((byte) (i + 16 * (15 - i))); // −8 … 7, then 7 … −8
    }
    ByteBuffer integers = ByteBuffer.allocate(16);
    ByteBuffer scales = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);

    Storage.Carried form = BlockConversion.forms(BlockFormat.Q4_0).get(0);
    new BlockConversion(BlockFormat.Q4_0, form, 32)
        .convert(block.flip(), 1, integers, ByteBuffer.allocate(0), scales);

    assertThat(form).isEqualTo(new Storage.Carried(ElementType.I4, Optional.empty(), 32));
    assertThat(integers.array())
        .containsExactly(
            0x98, 0xba, 0xdc, 0xfe, 0x10, 0x32, 0x54, 0x76, 0x67, 0x45, 0x23, 0x01, 0xef, 0xcd,
            0xab, 0x89);
    assertThat(HalfPrecision.toFloat(scales.getShort(0))).isEqualTo(0.25f);
  }

  /** A scale of 0 leaves the minimum; so does one that is lost beside it. */
  @Test
  void keepsGroupsOfOneValue() {
    for (float scale : new float[] {0f, 0x1p-24f}) {
      ByteBuffer block = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
      block.putShort(HalfPrecision.fromFloat(scale)).putShort(HalfPrecision.fromFloat(-3f));
      block.put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}).flip();
      for (Storage.Carried form : BlockConversion.forms(BlockFormat.Q4_1)) {
        Deviation deviation =
            new BlockConversion(BlockFormat.Q4_1, form, 32).deviation(block.duplicate(), 1);
        assertThat(deviation.relative()).isLessThan(1e-6);
        assertThat(deviation.ofWeights()).isGreaterThan(32 * 8.9);
      }
    }
  }

  @Test
  void refusesWhatIsNotFinite() {
    ByteBuffer block = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    block.putShort(0, (short) 0x7C00);
    Storage.Carried form = BlockConversion.forms(BlockFormat.Q4_0).get(0);
    BlockConversion conversion = new BlockConversion(BlockFormat.Q4_0, form, 32);
    ByteBuffer none = ByteBuffer.allocate(32);
    assertThatThrownBy(() -> conversion.convert(block, 1, none, none, none))
        .isInstanceOf(ArithmeticException.class);
  }

  private static Deviation deviation(
      BlockFormat format, Storage.Carried form, ByteBuffer rows, int count) {
    return new BlockConversion(format, form, COLUMNS).deviation(rows, count);
  }

  /** Random blocks with scales as of real models. */
  static ByteBuffer rows(BlockFormat format, int rows) {
    Random random = new Random(format.name().hashCode());
    int blocks = rows * COLUMNS / format.weights();
    byte[] bytes = new byte[blocks * format.bytes()];
    random.nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < blocks; block++) {
      for (int at : SCALES.get(format)) {
        float scale = (at == 0 ? 1 : -1) * (0.01f + random.nextFloat() / 64);
        buffer.putShort(block * format.bytes() + at, HalfPrecision.fromFloat(scale));
      }
      if (format == BlockFormat.MXFP4) {
        buffer.put(block * format.bytes(), (byte) (118 + random.nextInt(6)));
      }
    }
    return buffer;
  }

  private static Storage.Carried last(List<Storage.Carried> forms) {
    return forms.get(forms.size() - 1);
  }
}
