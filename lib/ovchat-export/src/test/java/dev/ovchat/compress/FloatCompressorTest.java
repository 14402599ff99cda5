package dev.ovchat.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.GoldenCompression;
import dev.ovchat.GoldenCompression.Matrix;
import dev.ovchat.GoldenCompression.Result;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compression to small floats gives NNCF's bits; the golden file is made by
 * scripts/golden/golden_float_compression.py.
 */
class FloatCompressorTest {
  static Stream<Arguments> results() {
    return GoldenCompression.readSmallFloats().stream()
        .flatMap(matrix -> matrix.results().stream().map(result -> Arguments.of(matrix, result)));
  }

  @ParameterizedTest
  @MethodSource("results")
  void compressesAsNncfDoes(Matrix matrix, Result result) {
    assertCompressed(matrix, result, matrix.rows());
  }

  @ParameterizedTest
  @MethodSource("results")
  void compressesTwoRowsAtATime(Matrix matrix, Result result) {
    assertCompressed(matrix, result, 2);
  }

  private static void assertCompressed(Matrix matrix, Result result, int rowsAtATime) {
    FloatCompressor compressor =
        new FloatCompressor(
            FloatMode.valueOf(result.mode()),
            matrix.columns(),
            result.groupSize(),
            new WeightReader(ElementType.valueOf(matrix.type()), matrix.columns()));
    ByteBuffer weights = matrix.weights().duplicate();
    ByteBuffer codes = ByteBuffer.allocate(result.integers().limit());
    ByteBuffer scales = ByteBuffer.allocate(result.scales().limit());
    for (int row = 0; row < matrix.rows(); row += rowsAtATime) {
      int rows = Math.min(rowsAtATime, matrix.rows() - row);
      compressor.convert(weights, rows, codes, ByteBuffer.allocate(0), scales);
    }
    assertThat(scales.array()).isEqualTo(result.scales().array());
    assertThat(codes.array()).isEqualTo(result.integers().array());
    assertThat(List.of(weights, codes, scales)).noneMatch(ByteBuffer::hasRemaining);
  }

  @Test
  void refusesWhatIsNotANumber() {
    ByteBuffer row = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    row.putFloat(1).putFloat(Float.NaN).flip();
    FloatCompressor compressor =
        new FloatCompressor(FloatMode.NF4, 2, -1, new WeightReader(ElementType.F32, 2));
    ByteBuffer target = ByteBuffer.allocate(8);
    assertThatThrownBy(() -> compressor.convert(row, 1, target, target, target))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("A weight is infinite or no number.");
  }

  @Test
  void theCodebookIsThatOfNncf() {
    assertThat(Codebook.f8e4m3())
        .containsExactly(
            0xC6, 0xC2, 0xBF, 0xBB, 0xB8, 0xB2, 0xAA, 0x00, 0x29, 0x31, 0x36, 0x39, 0x3C, 0x40,
            0x42, 0x46);
  }
}
