package dev.ovchat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
  @TempDir Path root;

  private Processor processor(String cpuinfo) throws IOException {
    Files.writeString(Files.createDirectories(root.resolve("proc")).resolve("cpuinfo"), cpuinfo);
    return Processor.of(root);
  }

  @Test
  void namesTheInstructionSetsThatCount() throws IOException {
    Processor processor =
        processor(
            """
            processor\t: 0
            siblings\t: 2
            cpu cores\t: 2
            flags\t\t: fpu sse avx2 avx512f avx512_vnni vaes amx_bf16 amx_tile amx_int8
            vmx flags\t: avx_vnni
            """);
    assertThat(processor.instructionSets())
        .containsExactly("AVX2", "AVX-512", "AVX-512 VNNI", "AMX INT8", "AMX BF16");
    assertThat(processor.isHyperThreaded()).isFalse();
    assertThat(processor.hasCoreTypes()).isFalse();
  }

  @Test
  void knowsHyperThreadsAndCoreTypes() throws IOException {
    Files.createDirectories(root.resolve("sys/devices/cpu_core"));
    assertThat(processor("siblings\t: 20\ncpu cores\t: 14\n").isHyperThreaded()).isTrue();
    assertThat(Processor.of(root).hasCoreTypes()).isFalse();
    Files.createDirectories(root.resolve("sys/devices/cpu_atom"));
    assertThat(Processor.of(root).hasCoreTypes()).isTrue();
  }

  @Test
  void saysNothingWhereTheSystemDoesNot() {
    Processor processor = Processor.of(root);
    assertThat(processor.instructionSets()).isEmpty();
    assertThat(processor.isHyperThreaded()).isFalse();
  }
}
