package dev.ovchat.openvino;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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
   * free swap; less where the process is in a control group with a limit, as in a container. Empty
   * where the system does not say.
   */
  OptionalLong free() {
    OptionalLong available = figure("proc/meminfo", "MemAvailable");
    if (available.isEmpty()) {
      return available;
    }
    long swap = figure("proc/meminfo", "SwapFree").orElse(0);
    long machine = (available.getAsLong() + swap) * KIB;
    return LongStream.concat(LongStream.of(machine), freeInContainers()).min();
  }

  /** Of the process's control group and each one around it, for both versions of Linux's groups. */
  private LongStream freeInContainers() {
    return read(root.resolve("proc/self/cgroup"))
        .lines()
        .map(line -> line.split(":", 3)) // number, controllers (none in version 2), path
        .filter(group -> group.length == 3)
        .flatMapToLong(
            group ->
                switch (group[1]) {
                  case "" -> free("sys/fs/cgroup", group[2], "memory.max", "memory.current");
                  case "memory" ->
                      free(
                          "sys/fs/cgroup/memory",
                          group[2],
                          "memory.limit_in_bytes",
                          "memory.usage_in_bytes");
                  default -> LongStream.empty();
                });
  }

  /** The limits less what is used; pages that only cache files do not count as used. */
  private LongStream free(String mount, String group, String limitFile, String usedFile) {
    Path top = root.resolve(mount);
    return Stream.iterate(Path.of(group), Objects::nonNull, Path::getParent)
        .map(path -> top.resolve(Path.of("/").relativize(path)))
        .flatMapToLong(
            folder -> {
              OptionalLong limit = number(folder.resolve(limitFile));
              OptionalLong used = number(folder.resolve(usedFile));
              long cached = figure(folder.resolve("memory.stat"), "inactive_file").orElse(0);
              return limit.isPresent() && used.isPresent()
                  ? LongStream.of(Math.max(0, limit.getAsLong() - used.getAsLong() + cached))
                  : LongStream.empty();
            });
  }

  private OptionalLong number(Path file) {
    String text = read(file).strip();
    return text.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty(); // "max", or no such file
  }

  private OptionalLong figure(String file, String name) {
    return figure(root.resolve(file), name);
  }

  private OptionalLong figure(Path file, String name) {
    Matcher figures = FIGURE.matcher(read(file));
    while (figures.find()) {
      if (figures.group(1).equals(name)) {
        return OptionalLong.of(Long.parseLong(figures.group(2)));
      }
    }
    return OptionalLong.empty();
  }

  /** The file's text; empty where there is none, since not every system has each of them. */
  private String read(Path file) {
    try {
      return Files.readString(file);
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
