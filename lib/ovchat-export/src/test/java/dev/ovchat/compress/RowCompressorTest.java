package dev.ovchat.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compression gives NNCF's bits. */
class RowCompressorTest {
  private static final List<Matrix> MATRICES = GoldenCompression.read().matrices();

  static Stream<Matrix> matrices() {
    return MATRICES.stream();
  }

  static Stream<Arguments> results() {
    return matrices()
        .flatMap(matrix -> matrix.results().stream().map(result -> Arguments.of(matrix, result)));
  }

  @ParameterizedTest
  @MethodSource("results")
  void compressesAsNncfDoes(Matrix matrix, Result result) {
    assertCompressed(matrix, result, matrix.rows());
  }

  @ParameterizedTest
  @MethodSource("results")
  void compressesAnEvenNumberOfRowsAtATime(Matrix matrix, Result result) {
    assertCompressed(matrix, result, 2);
  }

  private static void assertCompressed(Matrix matrix, Result result, int rowsAtATime) {
    RowCompressor compressor = compressor(matrix, result);
    ByteBuffer weights = weights(matrix);
    ByteBuffer integers = ByteBuffer.allocate(result.integers().limit());
    ByteBuffer zeroPoints = ByteBuffer.allocate(result.zeroPoints().limit());
    ByteBuffer scales = ByteBuffer.allocate(result.scales().limit());
    for (int row = 0; row < matrix.rows(); row += rowsAtATime) {
      int rows = Math.min(rowsAtATime, matrix.rows() - row);
      compressor.convert(weights, rows, integers, zeroPoints, scales);
    }
    assertThat(scales.array()).isEqualTo(result.scales().array());
    assertThat(zeroPoints.array()).isEqualTo(result.zeroPoints().array());
    assertThat(integers.array()).isEqualTo(result.integers().array());
    assertThat(List.of(weights, integers, zeroPoints, scales)).noneMatch(ByteBuffer::hasRemaining);
  }

  private static RowCompressor compressor(Matrix matrix, Result result) {
    return new RowCompressor(
        IntegerMode.valueOf(result.mode()),
        matrix.columns(),
        result.groupSize(),
        new WeightReader(ElementType.valueOf(matrix.type()), matrix.columns()));
  }

  private static ByteBuffer weights(Matrix matrix) {
    return matrix.weights().duplicate();
  }

  @ParameterizedTest
  @MethodSource("matrices")
  void findsTheErrorThatNncfFinds(Matrix matrix) {
    RowCompressor compressor = scorer(matrix);
    ByteBuffer weights = weights(matrix);
    for (Double error : matrix.errors()) {
      double found = compressor.error(weights, 1);
      if (error == null) {
        assertThat(found).isNotFinite();
      } else {
        assertThat(found).isCloseTo(error, withPercentage(0.001));
      }
    }
    assertThat(weights.hasRemaining()).isFalse();
  }

  private static RowCompressor scorer(Matrix matrix) {
    ElementType type = ElementType.valueOf(matrix.type());
    return new RowCompressor(
        IntegerMode.INT8_ASYM, matrix.columns(), -1, new WeightReader(type, matrix.columns()));
  }

  @Test
  void theErrorOfRowsIsTheGreatest() {
    Matrix matrix = MATRICES.stream().filter(each -> each.name().equals("odd")).findFirst().get();
    double greatest = matrix.errors().stream().mapToDouble(Double::doubleValue).max().getAsDouble();
    assertThat(matrix.errors().indexOf(greatest)).isNotIn(0, matrix.rows() - 1);
    assertThat(scorer(matrix).error(weights(matrix), matrix.rows()))
        .isCloseTo(greatest, withPercentage(0.001));
  }

  @Test
  void takesRowsOfAnyLength() {
    int columns = 40_000;
    ByteBuffer row = ByteBuffer.allocate(columns * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < columns; i++) {
      row.putFloat(i % 256);
    }
    ByteBuffer integers = ByteBuffer.allocate(columns);
    new RowCompressor(
            IntegerMode.INT8_ASYM, columns, -1, new WeightReader(ElementType.F32, columns))
        .convert(row.flip(), 1, integers, ByteBuffer.allocate(1), ByteBuffer.allocate(2));
    for (int i = 0; i < columns; i++) {
      assertThat(integers.get(i)).isEqualTo((byte) i);
    }
  }

  @ParameterizedTest
  @CsvSource({"100, 32", "64, 128", "64, 0", "64, -2"})
  void wantsGroupsThatFillARow(int columns, int groupSize) {
    assertThatThrownBy(
            () ->
                new RowCompressor(
                    IntegerMode.INT4_SYM,
                    columns,
                    groupSize,
                    new WeightReader(ElementType.F32, columns)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Group size %d does not divide the %d columns of a row; give a divisor, or -1 for one"
                + " group a row.",
            groupSize, columns);
  }

  @Test
  void wantsColumns() {
    WeightReader reader = new WeightReader(ElementType.F32, 0);
    assertThatThrownBy(() -> new RowCompressor(IntegerMode.INT4_SYM, 0, -1, reader))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A row has 0 columns; give a number of 1 or more.");
  }
}
