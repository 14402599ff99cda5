package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramJarsTest {
  @TempDir Path lib;

  private Path module(String name) throws IOException {
    Path target = Files.createDirectories(lib.resolve(name + "/target"));
    Files.createDirectories(target.resolve("dependency"));
    return target;
  }

  @Test
  void saysHowTheyAreInstalledWhereTheyAreNot() throws IOException {
    List<Path> modules = List.of(module("one"));
    assertThatThrownBy(() -> ProgramJars.jars(modules))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("./scripts/setup programs");
  }

  @Test
  void leavesOutWhatTheKernelHas() throws IOException {
    Path dependency = module("ovchat-notebook").resolve("dependency");
    Files.createFile(dependency.resolve("jackson.jar"));
    Path one = module("one");
    Path two = module("two");
    Path oneJar = Files.createFile(one.resolve("one.jar"));
    Path twoJar = Files.createFile(two.resolve("two.jar"));
    Files.createFile(one.resolve("dependency/jackson.jar"));
    Path chat = Files.createFile(one.resolve("dependency/chat.jar"));
    assertThat(ProgramJars.jars(List.of(one, two))).containsExactly(oneJar, chat, twoJar);
  }

  @Test
  void aPlainProgramNeedsNoKernel() {
    ProgramJars.add();
    assertThat(Display.kernel()).isEmpty();
  }
}
