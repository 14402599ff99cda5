package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkJarsTest {
  @TempDir Path lib;

  private Path module() throws IOException {
    return Files.createDirectories(lib.resolve("ovchat-spark/target"));
  }

  @Test
  void saysHowSparkIsInstalledWhereItIsNot() throws IOException {
    Path module = module();
    assertThatThrownBy(() -> SparkJars.jars(module))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Apache Spark is not installed. ./scripts/setup spark brings it, 800 MB to download; then restart the kernel.");
  }

  @Test
  void leavesOutWhatTheKernelHas() throws IOException {
    Path module = module();
    Path own = Files.createFile(module.resolve("ovchat-spark.jar"));
    Path spark = Files.createDirectory(module.resolve("spark"));
    Path core = Files.createFile(spark.resolve("spark-core.jar"));
    Files.createFile(spark.resolve("jackson.jar"));
    Files.createFile(spark.resolve("LICENSE"));
    Path dependency = Files.createDirectories(lib.resolve("ovchat-notebook/target/dependency"));
    Files.createFile(dependency.resolve("jackson.jar"));
    assertThat(SparkJars.jars(module)).containsExactly(own, core);
  }

  @Test
  void aPlainProgramNeedsNoKernel() {
    SparkJars.add();
    assertThat(Display.kernel()).isEmpty();
  }
}
