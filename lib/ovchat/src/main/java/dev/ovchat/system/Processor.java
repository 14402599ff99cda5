package dev.ovchat.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processor of this machine, by Linux's own account.
 *
 * @param instructionSets names of the instruction sets that decide how fast a model computes, such
 *     as {@code AVX2}, in ascending order of what they can do; empty where the system does not say
 * @param isHyperThreaded whether a core runs two threads or more
 * @param hasCoreTypes whether there are fast cores beside economical ones
 */
public record Processor(
    List<String> instructionSets, boolean isHyperThreaded, boolean hasCoreTypes) {
  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static { // Linux's names
    NAMES.put("avx2", "AVX2");
    NAMES.put("avx_vnni", "AVX-VNNI");
    NAMES.put("avx512f", "AVX-512");
    NAMES.put("avx512_vnni", "AVX-512 VNNI");
    NAMES.put("avx512_bf16", "AVX-512 BF16");
    NAMES.put("avx512_fp16", "AVX-512 FP16");
    NAMES.put("amx_int8", "AMX INT8");
    NAMES.put("amx_bf16", "AMX BF16");
  }

  /** Copies the list. */
  public Processor {
    instructionSets = List.copyOf(instructionSets);
  }

  /** The processor that this process runs on. */
  public static Processor here() {
    return of(Path.of("/"));
  }

  /**
   * @param root the file system to look at: {@code /}
   */
  static Processor of(Path root) {
    String text = read(root.resolve("proc/cpuinfo"));
    Set<String> flags = new HashSet<>(Arrays.asList(value(text, "flags").split("\\s+")));
    return new Processor(
        NAMES.keySet().stream().filter(flags::contains).map(NAMES::get).toList(),
        number(text, "siblings").orElse(1) > number(text, "cpu cores").orElse(Integer.MAX_VALUE),
        Files.exists(root.resolve("sys/devices/cpu_core"))
            && Files.exists(root.resolve("sys/devices/cpu_atom")));
  }

  /** The first processor's value of that name; empty without one. */
  private static String value(String text, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + "\\s*:[ \\t]*(.*)$").matcher(text);
    return line.find() ? line.group(1) : "";
  }

  private static OptionalInt number(String text, String name) {
    String value = value(text, name);
    return value.matches("\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(value))
        : OptionalInt.empty();
  }

  /** The file's text; empty where it cannot be read. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException absent) {
      return "";
    }
  }
}
