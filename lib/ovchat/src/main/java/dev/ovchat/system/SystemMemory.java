package dev.ovchat.system;

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

/** Memory that this process may still take and has taken, by Linux's own account. */
public final class SystemMemory {
  private static final Pattern FIGURE = Pattern.compile("(?m)^(\\w+):?\\s+(\\d{1,18})");
  private static final long KIB = 1024;

  /**
   * Files that hold the limits of control groups (containers, services, jobs).
   *
   * @param prefix the prefix of those figures in memory.stat that count the groups inside, too
   */
  private record ControlGroups(String mount, String limit, String used, String prefix) {
    static final ControlGroups VERSION_1 =
        new ControlGroups(
            "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
    static final ControlGroups VERSION_2 =
        new ControlGroups("sys/fs/cgroup", "memory.max", "memory.current", "");
  }

  private final Path root;

  /** The memory of the system that this process runs in. */
  public static SystemMemory here() {
    return new SystemMemory(Path.of("/"));
  }

  /**
   * @param root the file system to look at: {@code /}
   */
  SystemMemory(Path root) {
    this.root = root;
  }

  /**
   * Bytes that this process can have: what the kernel calls available, and free swap; less where a
   * control group has a limit. Empty where the system does not say.
   */
  public OptionalLong free() {
    Path figures = root.resolve("proc/meminfo");
    OptionalLong available = figure(figures, "MemAvailable");
    if (available.isEmpty()) {
      return available;
    }
    long machine = (available.getAsLong() + figure(figures, "SwapFree").orElse(0)) * KIB;
    return LongStream.concat(LongStream.of(machine), freeInGroups()).min();
  }

  /**
   * The most physical memory that this process had at any time, in bytes, pages of mapped files
   * included; empty where the system does not say.
   */
  public OptionalLong peakResident() {
    return ofThisProcess("VmHWM");
  }

  /** The same at this moment. */
  public OptionalLong resident() {
    return ofThisProcess("VmRSS");
  }

  private OptionalLong ofThisProcess(String name) {
    OptionalLong figure = figure(root.resolve("proc/self/status"), name);
    return figure.isPresent() ? OptionalLong.of(figure.getAsLong() * KIB) : figure;
  }

  private LongStream freeInGroups() {
    return read(root.resolve("proc/self/cgroup"))
        .lines()
        .map(line -> line.split(":", 3)) // number, controllers (none in version 2), path
        .filter(group -> group.length == 3)
        .flatMapToLong(
            group ->
                switch (group[1]) {
                  case "" -> free(ControlGroups.VERSION_2, group[2]);
                  case "memory" -> free(ControlGroups.VERSION_1, group[2]);
                  default -> LongStream.empty();
                });
  }

  /** Free bytes in a group and in each one around it. */
  private LongStream free(ControlGroups groups, String path) {
    Path top = root.resolve(groups.mount);
    return Stream.iterate(Path.of(path), Objects::nonNull, Path::getParent)
        .map(group -> top.resolve(Path.of("/").relativize(group)))
        .flatMapToLong(folder -> free(groups, folder).stream());
  }

  /** The limit less what is used; pages that only cache files can be had back. */
  private OptionalLong free(ControlGroups groups, Path folder) {
    String limit = read(folder.resolve(groups.limit)).strip();
    String used = read(folder.resolve(groups.used)).strip();
    if (!isNumber(limit) || !isNumber(used)) { // "max", or no such file
      return OptionalLong.empty();
    }
    Path figures = folder.resolve("memory.stat");
    long cached =
        figure(figures, groups.prefix + "active_file").orElse(0)
            + figure(figures, groups.prefix + "inactive_file").orElse(0);
    return OptionalLong.of(Math.max(0, Long.parseLong(limit) - Long.parseLong(used) + cached));
  }

  /** Tests whether a text is a number that fits. Longer ones stand for no limit. */
  private static boolean isNumber(String text) {
    return text.matches("\\d{1,18}");
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

  /** The file's text; empty where it is missing, since not every system has each of them. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException absent) {
      return "";
    }
  }

  /** A size for people, for instance 2.8 GB (powers of ten). */
  public static String readable(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
