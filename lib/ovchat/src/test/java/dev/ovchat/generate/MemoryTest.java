package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.ChildJvm;
import dev.ovchat.Slow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Slow
class MemoryTest {
  /** What the JVM itself takes stays the same: the whole heap at once, and one compiler. */
  private static final String STEADY_JVM =
      "-Xms48m -Xmx48m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  @Test
  void aThousandGenerationsTakeNoMoreMemoryThanAHundred(@TempDir Path folder) {
    var outcome =
        new ChildJvm(Map.of("JAVA_TOOL_OPTIONS", STEADY_JVM))
            .run(ThousandGenerations.class, folder, List.of());
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
    List<Double> kib = outcome.output().stream().map(Double::valueOf).toList();
    assertThat(kib).hasSize(10);
    double afterAHundred = kib.get(0);
    // 30 KB a generation: less than the smallest cache, more than what threads that come late take.
    assertThat(kib).allSatisfy(size -> assertThat(size).isLessThan(1.1 * afterAHundred));
  }
}
