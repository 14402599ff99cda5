package dev.ovchat.spark;

import java.util.Locale;
import java.util.Map;

/** The name of a kind of machine, which is a file's name, too. */
final class MachineName {
  private MachineName() {}

  /**
   * The processor, its threads and OpenVINO's version, which a reader knows it by; and a hash of
   * all: {@code Intel-R-Xeon-R-Processor-2-threads-OpenVINO-2026.2.0-1f3a9c02}. The same on each
   * host.
   *
   * @param machine what makes its runs comparable, by column
   */
  static String of(Map<String, String> machine) {
    String readable =
        "%s %s threads OpenVINO %s"
            .formatted(
                machine.get("CPU"),
                machine.get("threads"),
                machine.get("OpenVINO").replaceFirst("-.*", ""));
    return String.format(
        Locale.ROOT,
        "%s-%08x",
        readable.replaceAll("[^A-Za-z0-9.]+", "-").replaceFirst("^-", ""),
        machine.hashCode());
  }
}
