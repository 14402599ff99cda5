package dev.ovchat.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemMemoryTest {
  private static final long GIB = 1L << 30;

  @TempDir Path root;

  @Test
  void thisMachineHasSome() {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    // What caches files can be had back, so it is more than what is free; others may take of it.
    assertThat(new SystemMemory(Path.of("/")).free().orElseThrow())
        .isBetween(
            machine.getFreeMemorySize() / 4,
            machine.getTotalMemorySize() + machine.getTotalSwapSpaceSize());
  }

  @Test
  void isWhatTheKernelCallsAvailableWithFreeSwap() throws IOException {
    write(
        "proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable:  3145728 kB\nSwapFree: 1048576 kB\n");
    assertThat(new SystemMemory(root).free()).hasValue(4 * GIB);
  }

  @Test
  void aContainerMayHaveLess() throws IOException {
    write("proc/meminfo", "MemAvailable: 8388608 kB\n");
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", 3 * GIB + "\n");
    write("sys/fs/cgroup/memory.current", 2 * GIB + "\n");
    assertThat(new SystemMemory(root).free()).hasValue(GIB);
    write(
        "sys/fs/cgroup/memory.stat",
        "anon 5\nactive_file " + GIB / 4 + "\ninactive_file " + GIB / 2 + "\n");
    assertThat(new SystemMemory(root).free()).hasValue(GIB + GIB / 4 + GIB / 2);
    write("sys/fs/cgroup/memory.max", "max\n");
    assertThat(new SystemMemory(root).free()).hasValue(8 * GIB);
  }

  @Test
  void theTightestOfTheGroupsAroundCounts() throws IOException {
    write("proc/meminfo", "MemAvailable: 8388608 kB\n");
    write("proc/self/cgroup", "0::/user.slice/session.scope\n");
    write("sys/fs/cgroup/user.slice/session.scope/memory.max", 7 * GIB + "\n");
    write("sys/fs/cgroup/user.slice/session.scope/memory.current", GIB + "\n");
    write("sys/fs/cgroup/user.slice/memory.max", 6 * GIB + "\n");
    write("sys/fs/cgroup/user.slice/memory.current", 5 * GIB + "\n");
    assertThat(new SystemMemory(root).free()).hasValue(GIB);
  }

  @Test
  void anOlderContainerTellsItElsewhere() throws IOException {
    write("proc/meminfo", "MemAvailable: 8388608 kB\n");
    // The path is the machine's; the container sees its own group at the top.
    write("proc/self/cgroup", "5:cpu,cpuacct:/\n4:memory:/docker/0123\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", 3 * GIB + "\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", GIB + "\n");
    write(
        "sys/fs/cgroup/memory/memory.stat",
        "inactive_file 0\ntotal_active_file 0\ntotal_inactive_file " + GIB / 2 + "\n");
    assertThat(new SystemMemory(root).free()).hasValue(2 * GIB + GIB / 2);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(new SystemMemory(root).free()).hasValue(8 * GIB);
  }

  @Test
  void isUnknownWhereTheSystemDoesNotSay() {
    assertThat(new SystemMemory(root).free()).isEmpty();
  }

  @Test
  void sizesAreReadable() {
    assertThat(SystemMemory.readable(2_706_185)).isEqualTo("2.7 MB");
    assertThat(SystemMemory.readable(2_780_000_000L)).isEqualTo("2.8 GB");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
