package dev.ovchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * ovchat's side of the comparison of exports: what {@code ./scripts/export} runs, many times in one
 * JVM, which saves its starts. Reads the arguments of one export from each line, parted by tabs,
 * and ends at the first that fails.
 */
final class Exports {
  public static void main(String[] none) throws IOException {
    var exports = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = exports.readLine(); line != null; line = exports.readLine()) {
      int exit = ExportArguments.commandLine().execute(line.split("\t"));
      if (exit != 0) {
        System.exit(exit);
      }
    }
  }
}
