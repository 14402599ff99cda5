package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StatusTest {

  @Test
  void showsTheReasonAndNotTheSourcePositions() {
    String message =
        """
        Exception from src/inference/src/cpp/core.cpp:133:
        Exception from src/plugins/intel_cpu/src/config.cpp:40:
        NotFound: Unsupported property NUM_STREAMZ by CPU plugin.

        """;
    assertThat(Status.reasonIn(message))
        .isEqualTo("NotFound: Unsupported property NUM_STREAMZ by CPU plugin.");
  }

  @Test
  void zeroIsNoError() {
    Status.check(
        0,
        () -> {
          throw new AssertionError("asked for a message without need");
        });
  }

  @Test
  void saysWhatWasTried() {
    assertThatThrownBy(() -> Status.check(-5, () -> "Cannot find it"))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageStartingWith("Cannot find it: ");
  }
}
