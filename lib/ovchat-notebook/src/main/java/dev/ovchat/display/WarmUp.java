package dev.ovchat.display;

import dev.ovchat.openvino.OpenVino;
import tech.tablesaw.api.Table;

/**
 * Loads in the background what the first cells of a notebook need, while their reader still reads:
 * OpenVINO with its devices, and the tables' library.
 */
final class WarmUp {
  private WarmUp() {}

  static void start() {
    load("OpenVINO", OpenVino::availableDevices);
    load("tables", () -> Table.create("first"));
  }

  private static void load(String what, Runnable part) {
    Thread thread = new Thread(part, "ovchat loads " + what);
    thread.setDaemon(true);
    // A cell that needs the part meets the same fault, and shows it.
    thread.setUncaughtExceptionHandler((failed, fault) -> {});
    thread.start();
  }
}
