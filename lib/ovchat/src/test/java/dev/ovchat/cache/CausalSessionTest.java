package dev.ovchat.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Slow
class CausalSessionTest {
  private static final int[] TEXT =
      IntStream.range(0, 1500).map(i -> 260 + i * 7 % 1500).toArray(); // takes far over 20 ms

  /**
   * It runs on, and one that fails spoils the model for all that follow. Rows that were chosen for
   * it are chosen until it is over.
   */
  @Test
  void aReadThatIsGivenUpKeepsItsInputs() {
    try (var model =
        CompiledModel.compile(
            DemoModel.DIRECTORY.resolve("openvino_model.xml"),
            new Device("CPU"),
            DemoModel.ACCURATE)) {
      float[] expected = logits(model);
      try (var session = CausalSession.of(model, 1)) {
        assertThat(session.read(new int[][] {{300, 301}}, 1, () -> false)).isTrue();
        session.keep(new int[] {0, 0, 0});
        assertThat(session.read(new int[][] {TEXT, TEXT, TEXT}, 1, () -> true)).isFalse();
      }
      assertThat(logits(model)).isEqualTo(expected);
    }
  }

  private static float[] logits(CompiledModel model) {
    try (var session = CausalSession.of(model, 1)) {
      session.read(new int[][] {{300, 301, 302}}, 1, () -> false);
      return session.logits(0, 0).clone();
    }
  }
}
