package dev.ovchat.experiment;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Traces of a process that ended without a response.
 *
 * @param exitCode exit code; 128 + the signal's number if a signal ended the process
 * @param errors text on its standard error
 * @param crash the JVM's report of a crash; empty without one
 */
record ProcessEnd(int exitCode, String errors, String crash) {
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          134, "gave up (SIGABRT)",
          137, "was killed (SIGKILL): memory that runs out is the usual reason",
          139, "reached for memory that is not its own (SIGSEGV)",
          143, "was asked to end (SIGTERM)");

  /**
   * Pattern of a signal in a report: "# SIGSEGV (0xb) at pc=0x00007f1c" and, below it, the frame:
   * "# C [libx.so+0x5] f()".
   */
  private static final Pattern SIGNAL = Pattern.compile("(?m)^#\\s+(SIG\\w+)");

  private static final Pattern FRAME =
      Pattern.compile("(?m)^# Problematic frame:\\s*^#\\s*\\w+\\s+(.*)$");

  /** Pattern of lines that say nothing about the end. */
  private static final Pattern NOTE = Pattern.compile("^(NOTE: )?Picked up \\w+_OPTIONS:.*");

  private static final int LONGEST = 300;

  /** The reason of the end, in one sentence. */
  String reason() {
    String how = SIGNALS.getOrDefault(exitCode, "ended with exit code " + exitCode);
    Matcher signal = SIGNAL.matcher(crash);
    if (signal.find()) {
      Matcher frame = FRAME.matcher(crash);
      how = "crashed (" + signal.group(1) + (frame.find() ? " in " + frame.group(1) : "") + ")";
    }
    String words = lastLines();
    return "The run's process " + how + (words.isEmpty() ? "." : "; its last words: " + words);
  }

  private String lastLines() {
    List<String> lines =
        errors
            .lines()
            .map(String::strip)
            .filter(
                line -> !line.isEmpty() && !NOTE.matcher(line).matches() && !line.startsWith("at "))
            .toList();
    String last = String.join(" ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    return last.substring(Math.max(0, last.length() - LONGEST));
  }
}
