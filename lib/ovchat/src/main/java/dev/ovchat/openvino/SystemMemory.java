package dev.ovchat.openvino;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process may still take, by Linux's own account. */
final class SystemMemory {
  private static final Pattern FIGURE = Pattern.compile("(?m)^(\\w+):?\\s+(\\d+)");
  private static final long KIB = 1024;

  private final Path root;

  /**
   * @param root the file system to look at: {@code /}
   */
  SystemMemory(Path root) {
    this.root = root;
  }

  /**
   * Bytes that can be had without pressing anything else out: what the kernel calls available, with
   * free swap; less where the process is in a container (cgroup) with a limit. Empty where the
   * system does not say.
   */
  OptionalLong free() {
    OptionalLong available = figure("proc/meminfo", "MemAvailable");
    if (available.isEmpty()) {
      return available;
    }
    long swap = figure("proc/meminfo", "SwapFree").orElse(0);
    long machine = (available.getAsLong() + swap) * KIB;
    return OptionalLong.of(Math.min(machine, freeInContainer().orElse(Long.MAX_VALUE)));
  }

  /** The limit less what is used; pages that only cache files do not count as used. */
  private OptionalLong freeInContainer() {
    for (List<String> files :
        List.of(
            List.of("memory.max", "memory.current", "memory.stat"),
            List.of(
                "memory/memory.limit_in_bytes",
                "memory/memory.usage_in_bytes",
                "memory/memory.stat"))) {
      OptionalLong limit = number(files.get(0));
      OptionalLong used = number(files.get(1));
      if (limit.isPresent() && used.isPresent()) {
        long cached = figure("sys/fs/cgroup/" + files.get(2), "inactive_file").orElse(0);
        return OptionalLong.of(Math.max(0, limit.getAsLong() - used.getAsLong() + cached));
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong number(String file) {
    String text = read("sys/fs/cgroup/" + file).strip();
    return text.matches("\\d+") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private OptionalLong figure(String file, String name) {
    Matcher figures = FIGURE.matcher(read(file));
    while (figures.find()) {
      if (figures.group(1).equals(name)) {
        return OptionalLong.of(Long.parseLong(figures.group(2)));
      }
    }
    return OptionalLong.empty();
  }

  /** The file's text; empty where there is none, since not every system has each of them. */
  private String read(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException absent) {
      return "";
    }
  }

  /** A size for people, for instance 2.8 GB (powers of ten). */
  static String readable(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
