package dev.ovchat.spark;

import dev.ovchat.experiment.Results;
import dev.ovchat.experiment.SharedRounds;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The driver's folder of a sweep: a file of runs for each kind of machine, {@code MACHINE.csv}, and
 * {@code hosts.csv}, which says which host ran which round.
 *
 * <p>Files are read and written through streams that an interrupt does not close.
 */
record SweepFolder(Path path) {
  private static final String HOSTS = "hosts.csv";
  private static final String CSV = ".csv";

  /**
   * Makes the folder, or finds the files of an earlier call in it.
   *
   * @throws DatasetException if it cannot be written
   * @throws dev.ovchat.experiment.ExperimentException if a file in it is of something else
   */
  static SweepFolder open(Path path) {
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw notWritten(path, "it is a file", e);
    } catch (IOException e) {
      throw notWritten(path, e.toString(), e);
    }
    if (!Files.isWritable(path)) {
      throw notWritten(path, "you have no permission to", null);
    }
    SweepFolder folder = new SweepFolder(path);
    folder.results(); // which refuses what is something else
    return folder;
  }

  private static DatasetException notWritten(Path path, String reason, IOException cause) {
    return new DatasetException(
        "The runs cannot be written to %s: %s. Name a folder of the driver with room."
            .formatted(path, reason),
        cause);
  }

  /**
   * Adds what a host has run.
   *
   * @throws dev.ovchat.experiment.ExperimentException if the file of its kind of machine holds runs
   *     of another experiment, or cannot be written
   */
  void add(HostResult result) {
    boolean isInterrupted = Thread.interrupted(); // tablesaw would take it away
    try {
      SharedRounds.add(path.resolve(result.machine() + CSV), result.csv());
      addHost(result);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void addHost(HostResult result) {
    File hosts = path.resolve(HOSTS).toFile();
    String header = hosts.exists() ? "" : "host,machine,round\n";
    String row =
        String.format(Locale.ROOT, "%s,%s,%d\n", result.host(), result.machine(), result.round());
    try (OutputStream out = new FileOutputStream(hosts, true)) {
      out.write((header + row).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw notWritten(path, e.toString(), e);
    }
  }

  /** The runs so far, by the kind of machine. */
  Map<String, String> csvByMachine() {
    Map<String, String> texts = new TreeMap<>();
    for (Path file : files()) {
      try (InputStream in = new FileInputStream(file.toFile())) {
        texts.put(machine(file), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new DatasetException("%s cannot be read: %s.".formatted(file, e), e);
      }
    }
    return texts;
  }

  /** The results so far, by the kind of machine. */
  Map<String, Results> results() {
    Map<String, Results> results = new TreeMap<>();
    files().forEach(file -> results.put(machine(file), Results.read(file)));
    return results;
  }

  private static String machine(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - CSV.length());
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(CSV) && !file.endsWith(HOSTS)).toList();
    } catch (IOException e) {
      throw new DatasetException("The folder %s cannot be read: %s.".formatted(path, e), e);
    }
  }
}
