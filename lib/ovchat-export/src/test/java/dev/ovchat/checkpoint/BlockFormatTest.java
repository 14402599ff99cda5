package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.graph.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Quantized weights are restored to the bit as by the gguf package; the golden file is made by
 * {@code scripts/golden/golden_gguf.py}.
 */
class BlockFormatTest {
  private static final Path GOLDEN =
      Path.of("../ovchat/src/test/resources/golden/gguf-blocks.json");

  record Case(BlockFormat format, List<String> blocks, List<String> weights) {
    @Override
    public String toString() {
      return format.toString();
    }

    byte[] bytes(List<String> digits) {
      return HexFormat.of().parseHex(String.join("", digits));
    }
  }

  static List<Case> cases() throws IOException {
    return List.of(new ObjectMapper().readValue(GOLDEN.toFile(), Case[].class));
  }

  @Test
  void everyFormatHasACase() throws IOException {
    assertThat(cases()).extracting(Case::format).containsExactlyInAnyOrder(BlockFormat.values());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void weightsAreThoseOfTheOriginalToTheBit(Case golden) {
    ByteBuffer source = ByteBuffer.wrap(golden.bytes(golden.blocks()));
    ByteBuffer expected =
        ByteBuffer.wrap(golden.bytes(golden.weights())).order(ByteOrder.LITTLE_ENDIAN);
    int count = expected.remaining() / Float.BYTES;
    float[] weights = new float[count];

    reader(golden.format(), source.remaining(), count).read(source, weights, count);

    float[] original = new float[count];
    expected.asFloatBuffer().get(original);
    assertThat(bits(weights)).isEqualTo(bits(original));
    assertThat(source.hasRemaining()).isFalse();
  }

  private static WeightReader reader(BlockFormat format, int bytes, int count) {
    CheckpointTensor tensor =
        new CheckpointTensor(
            "any",
            ElementType.F32,
            Optional.of(format),
            List.of((long) count),
            Path.of("any.gguf"),
            0,
            bytes);
    return WeightReader.of(tensor, count);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
