package dev.ovchat.experiment;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file of an experiment, in CSV: a row for each run, written as soon as it is done.
 *
 * <p>Tablesaw makes the rows and reads them ({@link RunTable}), but knows files as a whole only. So
 * this class appends them: it cuts off what a crash left of a row, keeps in memory what could not
 * be written, and refuses to continue what is of another experiment.
 *
 * <p>Files are read and written through streams that an interrupt does not close.
 */
final class RunLog {
  private final Path csv;
  private final Provenance provenance;
  private final List<Run> runs;

  /** Runs that are not in the file, since it could not be written. */
  private List<Run> unsaved = new ArrayList<>();

  /**
   * Length of the file's complete rows, in bytes, after a row was cut off; below 0 if all rows are
   * complete.
   */
  private long whole = -1;

  private Optional<String> problem = Optional.empty();

  private RunLog(Path csv, Provenance provenance, List<Run> runs) {
    this.csv = csv;
    this.provenance = provenance;
    this.runs = new ArrayList<>(runs);
  }

  /**
   * Opens a new file, or one that is to be continued.
   *
   * @throws ExperimentException if it cannot be written, or holds runs of something else
   */
  static RunLog open(Path csv, Provenance provenance) {
    if (!Files.exists(csv) || csv.toFile().length() == 0) {
      return create(csv, provenance, List.of());
    }
    requireWritable(csv);
    byte[] bytes = bytes(csv);
    String lines = wholeLines(bytes);
    RunLog log = new RunLog(csv, provenance, runs(csv, lines, provenance));
    requireOwnColumns(csv, lines);
    if (wholeLength(bytes) < bytes.length) {
      log.whole = wholeLength(bytes);
    }
    return log;
  }

  /**
   * Creates a new file with these runs.
   *
   * @throws ExperimentException if it cannot be written; then it is deleted
   */
  static RunLog create(Path csv, Provenance provenance, List<Run> runs) {
    requireWritable(csv);
    RunLog log = new RunLog(csv, provenance, runs);
    log.write();
    log.problem.ifPresent(
        problem -> {
          csv.toFile().delete();
          throw new ExperimentException(problem);
        });
    return log;
  }

  /**
   * Checks the columns and their order: rows are added in the order in which this class writes
   * them.
   */
  private static void requireOwnColumns(Path csv, String text) {
    if (!RunTable.hasOwnColumns(text)) {
      throw new ExperimentException(
          """
          %s cannot be continued: its columns are not those that were written, in their order. \
          Name another file; Results.read reads this one."""
              .formatted(csv));
    }
  }

  /** Reads a file that is not to be continued. */
  static Results read(Path csv) {
    List<Map.Entry<Provenance, Run>> rows = rows(csv, wholeLines(bytes(csv)));
    if (rows.isEmpty()) {
      throw new ExperimentException("%s holds no runs.".formatted(csv));
    }
    Provenance provenance = rows.get(0).getKey();
    for (var row : rows) {
      if (!row.getKey().equals(provenance)) {
        throw new ExperimentException(
            "%s holds runs of several experiments: they differ in %s. Keep each in a file of its own."
                .formatted(csv, String.join(", ", row.getKey().differencesFrom(provenance))));
      }
    }
    return Results.of(provenance, rows.stream().map(Map.Entry::getValue).toList());
  }

  /** The runs so far. */
  List<Run> runs() {
    return List.copyOf(runs);
  }

  Provenance provenance() {
    return provenance;
  }

  /** The reason that runs are in memory only; empty if all of them are in the file. */
  Optional<String> problem() {
    return problem;
  }

  /** Adds a run, and tries again to write those that could not be written before. */
  void append(Run run) {
    runs.add(run);
    unsaved.add(run);
    write();
  }

  private void write() {
    long before = 0;
    try {
      cutOff();
      before = csv.toFile().length();
      if (before == 0) { // new, or taken away in the meantime
        unsaved = new ArrayList<>(runs);
      }
      String text = RunTable.csv(provenance, unsaved, before == 0);
      // Appends at once: another process may do so, too.
      try (FileOutputStream out = new FileOutputStream(csv.toFile(), true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      unsaved.clear();
      whole = -1;
      problem = Optional.empty();
    } catch (IOException e) {
      whole = before;
      problem = Optional.of("Cannot write %s: %s.".formatted(csv.toAbsolutePath(), e.getMessage()));
    }
  }

  private void cutOff() throws IOException {
    if (whole >= 0 && whole < csv.toFile().length()) {
      try (RandomAccessFile file = new RandomAccessFile(csv.toFile(), "rw")) {
        file.setLength(whole);
      }
    }
  }

  private static void requireWritable(Path csv) {
    File folder = csv.toAbsolutePath().getParent().toFile();
    String problem = "";
    if (!folder.isDirectory()) {
      problem = "there is no folder " + folder + ". Make it, or name another file";
    } else if (Files.exists(csv) && !Files.isRegularFile(csv)) {
      problem = "it is no regular file. Name another one";
    } else if (!Files.isWritable(Files.exists(csv) ? csv : folder.toPath())) {
      problem = "you have no permission to. Name another file";
    }
    if (!problem.isEmpty()) {
      throw new ExperimentException(
          "Cannot write %s: %s.".formatted(csv.toAbsolutePath(), problem));
    }
  }

  private static List<Run> runs(Path csv, String text, Provenance provenance) {
    List<Run> runs = new ArrayList<>();
    for (var row : rows(csv, text)) {
      List<String> differences = provenance.differencesFrom(row.getKey());
      if (!differences.isEmpty()) {
        String column = differences.get(0);
        throw new ExperimentException(
            """
            %s holds runs of another experiment: %s is "%s" there, and "%s" now%s. \
            Name another file; Results.compareWith compares the two."""
                .formatted(
                    csv,
                    column,
                    row.getKey().values().get(column),
                    provenance.values().get(column),
                    differences.size() == 1
                        ? ""
                        : ", and "
                            + String.join(", ", differences.subList(1, differences.size()))
                            + (differences.size() == 2 ? " differs, too" : " differ, too")));
      }
      runs.add(row.getValue());
    }
    return runs;
  }

  private static List<Map.Entry<Provenance, Run>> rows(Path csv, String text) {
    try {
      return RunTable.read(text);
    } catch (ExperimentException e) {
      throw new ExperimentException(
          "%s is no file of an experiment: %s. Name another file."
              .formatted(csv, e.getMessage().replaceFirst("\\.$", "")),
          e);
    }
  }

  /**
   * Returns the complete lines, without a last row that was cut off when the machine stopped while
   * it was written.
   */
  private static String wholeLines(byte[] bytes) {
    return new String(bytes, 0, wholeLength(bytes), StandardCharsets.UTF_8);
  }

  private static int wholeLength(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] != '\n') {
      length--;
    }
    return length;
  }

  private static byte[] bytes(Path csv) {
    try (InputStream in = new FileInputStream(csv.toFile())) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ExperimentException("Cannot read " + e.getMessage() + ".", e);
    }
  }
}
