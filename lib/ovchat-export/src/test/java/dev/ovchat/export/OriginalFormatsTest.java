package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.checkpoint.BlockFormat;
import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.graph.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginalFormatsTest {
  private static final List<Long> SHAPE = List.of(2L, 32L);
  private static final Path FILE = Path.of("any.gguf");

  /** The progress counts measured matrices twice: others would leave it short of its end. */
  @Test
  void measuresTheQuantizedMatricesAlone() {
    Matrix floats =
        new Matrix(new CheckpointTensor("floats", ElementType.F16, SHAPE, FILE, 0, 128), false);
    Matrix quantized =
        new Matrix(
            new CheckpointTensor(
                "quantized", ElementType.F32, Optional.of(BlockFormat.Q4_0), SHAPE, FILE, 128, 36),
            false);
    assertThat(new OriginalFormats(List.of(floats, quantized)).measured())
        .containsExactly(quantized);
  }
}
