package dev.ovchat.compress;

import static dev.ovchat.GoldenAwq.HIDDEN;
import static dev.ovchat.GoldenAwq.INNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.GoldenAwq;
import dev.ovchat.GoldenAwq.Layer;
import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.WeightChange;
import dev.ovchat.checkpoint.WeightReader;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data-free AWQ gives NNCF's bits; the golden file is made by scripts/golden/golden_awq.py. */
class AwqScaleTest {
  private static final int GROUP = 32;

  static List<Layer> layers() {
    return GoldenAwq.read().layers();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void featuresAreMultipliedAsNncfDoes(Layer layer) {
    float[] factors = scale(layer).featureFactors();
    ByteBuffer found = ByteBuffer.allocate(4 * INNER).order(ByteOrder.LITTLE_ENDIAN);
    found.asFloatBuffer().put(factors);
    assertThat(found.array()).isEqualTo(layer.factors().array());
  }

  @ParameterizedTest
  @MethodSource("layers")
  void columnsAreScaledAsNncfDoes(Layer layer) {
    ElementType type = type(layer);
    WeightChange change = ScaledWeights.columns(scale(layer).weightFactors(), type);
    RowCompressor compressor =
        new RowCompressor(
            IntegerMode.INT4_SYM, INNER, GROUP, reader(layer.down(), type, HIDDEN, INNER, change));
    ByteBuffer integers = ByteBuffer.allocate(layer.integers().limit());
    ByteBuffer scales = ByteBuffer.allocate(layer.scales().limit());
    compressor.convert(layer.down().duplicate(), HIDDEN, integers, ByteBuffer.allocate(0), scales);
    assertThat(scales.array()).isEqualTo(layer.scales().array());
    assertThat(integers.array()).isEqualTo(layer.integers().array());
  }

  /** In two parts, as a matrix of several blocks is read. */
  @ParameterizedTest
  @MethodSource("layers")
  void rowsAreScaledBackAsNncfDoes(Layer layer) {
    ByteBuffer found = ByteBuffer.allocate(layer.scaledUp().limit());
    ByteBuffer source = layer.up().duplicate();
    convert(layer, source, 0, 30, found);
    convert(layer, source, 30, INNER - 30, found);
    assertThat(found.array()).isEqualTo(layer.scaledUp().array());
  }

  private static void convert(
      Layer layer, ByteBuffer source, int firstRow, int rows, ByteBuffer target) {
    ElementType type = type(layer);
    WeightChange change = ScaledWeights.rows(scale(layer).featureFactors(), HIDDEN, firstRow, type);
    new FloatConversion(reader(layer.up(), type, INNER, HIDDEN, change), type)
        .convert(source, rows * HIDDEN, target);
  }

  private static AwqScale scale(Layer layer) {
    AwqScale scale = new AwqScale(INNER);
    WeightReader reader = new WeightReader(type(layer), INNER);
    ByteBuffer source = layer.down().duplicate();
    float[] row = new float[INNER];
    for (int i = 0; i < HIDDEN; i++) {
      reader.read(source, row, INNER);
      scale.add(row);
    }
    return scale;
  }

  private static ElementType type(Layer layer) {
    return ElementType.valueOf(layer.type());
  }

  private static WeightReader reader(
      ByteBuffer weights, ElementType type, long rows, long columns, WeightChange change) {
    var tensor =
        new CheckpointTensor(
            "weight", type, List.of(rows, columns), Path.of("none"), 0, weights.limit());
    return WeightReader.of(tensor, FloatConversion.BLOCK, List.of(change));
  }
}
