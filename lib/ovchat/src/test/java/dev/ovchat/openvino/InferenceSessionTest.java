package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InferenceSessionTest {
  private static final Path XML = DemoModel.DIRECTORY.resolve("openvino_model.xml");
  private static CompiledModel model;

  @BeforeAll
  static void compile() {
    model = CompiledModel.compile(XML, new Device("CPU"), DemoModel.ACCURATE);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Reads some tokens behind those that the session has read before. */
  static float[] logitsAfter(InferenceSession session, int first, int... ids) {
    session.input("beam_idx").reshape(1).put(0, 0);
    InputTensor inputs = session.input("input_ids").reshape(1, ids.length);
    InputTensor positions = session.input("position_ids").reshape(1, ids.length);
    InputTensor mask = session.input("attention_mask").reshape(1, first - 1 + ids.length);
    for (int i = 0; i < ids.length; i++) {
      inputs.put(i, ids[i]);
      positions.put(i, first - 1 + i);
      mask.put(first - 1 + i, 1);
    }
    session.infer();
    return session.output("logits").row(ids.length - 1).clone();
  }

  @Test
  void readingInOnePieceOrTokenByTokenGivesTheSame() {
    int[] ids = IntStream.range(0, 40).map(i -> 260 + 7 * i).toArray();
    float[] stepwise = null;
    try (var session = model.newSession()) {
      for (int i = 0; i < ids.length; i++) {
        stepwise = logitsAfter(session, i + 1, ids[i]);
      }
    }
    try (var session = model.newSession()) {
      assertThat(logitsAfter(session, 1, ids)).hasSameSizeAs(stepwise);
      assertThat(logitsAfterWhole(ids))
          .usingComparatorWithPrecision(1e-3f)
          .containsExactly(stepwise);
    }
  }

  private static float[] logitsAfterWhole(int... ids) {
    try (var session = model.newSession()) {
      return logitsAfter(session, 1, ids);
    }
  }

  @Test
  void inputsKeepTheirValuesWhenTheyGrow() {
    try (var session = model.newSession()) {
      InputTensor mask = session.input("attention_mask");
      for (int length = 1; length <= 3000; length++) {
        mask.reshape(1, length).put(length - 1, length);
      }
      for (int i = 0; i < 3000; i++) {
        assertThat(mask.get(i)).isEqualTo(i + 1L);
      }
    }
  }

  @Test
  void aPromptLongerThanTheFirstAllocationReadsAsInTwoPieces() {
    int[] ids = IntStream.range(0, 700).map(i -> 260 + i % 900).toArray();
    float[] whole = logitsAfterWhole(ids);
    try (var session = model.newSession()) {
      logitsAfter(session, 1, Arrays.copyOf(ids, 200));
      assertThat(logitsAfter(session, 201, Arrays.copyOfRange(ids, 200, 700)))
          .usingComparatorWithPrecision(1e-3f)
          .containsExactly(whole);
    }
  }

  @Test
  void shapesThatNoInputHasAreRefused() {
    try (var session = model.newSession()) {
      InputTensor ids = session.input("input_ids");
      for (long[] shape : new long[][] {{}, {0}, {-1}, {1, 0}, {1, 2, 3, 4}}) {
        assertThatThrownBy(() -> ids.reshape(shape))
            .isInstanceOf(OpenVinoException.class)
            .hasMessageContaining(
                "Input input_ids cannot have the shape " + Arrays.toString(shape));
      }
    }
  }

  @Test
  void anOutputHoldsNothingBeforeTheFirstInference() {
    try (var session = model.newSession()) {
      assertThatThrownBy(() -> session.output("logits").row(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("holds nothing yet");
    }
  }

  @Test
  void placesOutsideTheShapeAreRefused() {
    try (var session = model.newSession()) {
      InputTensor ids = session.input("input_ids").reshape(1, 3);
      assertThatThrownBy(() -> ids.put(3, 1))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Input input_ids has 3 values; there is no place 3.");
      assertThatThrownBy(() -> ids.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void namesThatTheModelDoesNotHaveAreRefused() {
    try (var session = model.newSession()) {
      assertThatThrownBy(() -> session.input("tokens"))
          .isInstanceOf(OpenVinoException.class)
          .hasMessageContaining("no input named tokens");
      assertThatThrownBy(() -> session.output("scores").row(0))
          .isInstanceOf(OpenVinoException.class)
          .hasMessageContaining("no output named scores");
    }
  }

  @Test
  void aClosedSessionSaysSoAndTouchesNoFreedMemory() {
    var session = model.newSession();
    InputTensor ids = session.input("input_ids").reshape(1, 3);
    session.close();
    session.close();
    assertThatThrownBy(session::infer)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This session is closed");
    assertThatThrownBy(() -> ids.put(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ids.reshape(1, 900)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatWasGivenUpTakesNoMoreInputs() {
    int[] ids = IntStream.range(0, 1500).map(i -> 260 + i * 7 % 1500).toArray();
    try (var session = model.newSession()) {
      logitsAfter(session, 1, 300);
      InputTensor input = session.input("input_ids").reshape(1, ids.length);
      session.input("position_ids").reshape(1, ids.length);
      session.input("attention_mask").reshape(1, ids.length + 1);
      assertThat(session.infer(() -> true)).isFalse();
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              () -> input.put(0, 1), () -> input.reshape(1, 1), session::infer)) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "An inference of this session was cancelled and may still run. Make a new session.");
      }
    }
  }
}
