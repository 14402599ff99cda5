package dev.ovchat.spark;

import dev.ovchat.files.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A folder of results, which all executors reach, in files of JSON lines. A file appears as a
 * whole: it is written aside and then gets its name, {@code
 * part-RUN-PARTITION-ATTEMPT-NUMBER-ROWS.json}. So what is there counts, whatever was killed when.
 *
 * @param uri the folder, the same one from wherever it is looked at
 */
record ResultFolder(String uri, SerializableConfiguration hadoop) implements Serializable {
  private static final String JOB = "_ovchat.json";
  private static final String ASIDE = "_unfinished";
  private static final String PART = "part-";

  /**
   * The folder of a name; a relative one is below the driver's working directory.
   *
   * @throws DatasetException if it cannot be named so
   */
  static ResultFolder of(String name, SerializableConfiguration hadoop) {
    try {
      Path path = new Path(name);
      return new ResultFolder(
          path.getFileSystem(hadoop.value()).makeQualified(path).toString(), hadoop);
    } catch (IOException | IllegalArgumentException e) {
      throw new DatasetException(
          "%s cannot be a folder of results: %s. Name one that all executors reach."
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private FileSystem files() throws IOException {
    return path().getFileSystem(hadoop.value());
  }

  private Path path() {
    return new Path(uri);
  }

  /**
   * Makes the folder for a job, or finds that it is this job's.
   *
   * @param job what the results depend on, by name
   * @throws DatasetException if it is another job's, holds something else, or cannot be written
   */
  void open(Map<String, ?> job) {
    try {
      requirePlainName();
      Path description = new Path(path(), JOB);
      if (files().exists(description)) {
        requireSame(JsonText.map(text(description)), JsonText.map(JsonText.of(job)));
        return;
      }
      if (holdsSomethingElse()) {
        throw new DatasetException(
            "%s exists and holds no results of a job like this; name another folder."
                .formatted(uri));
      }
      write(description.getName(), List.of(job));
    } catch (IOException | IllegalArgumentException e) {
      throw notWritten(e);
    }
  }

  /** Hadoop takes the signs of patterns for patterns wherever files are looked for. */
  private void requirePlainName() {
    String name = path().toUri().getPath();
    if (name.matches(".*[:*?{}\\[\\]\\\\].*")) {
      throw new DatasetException(
          "The folder's name %s has one of the signs : * ? { } [ ] \\, which Hadoop does not take as such; name it without."
              .formatted(uri));
    }
  }

  /** A description that was not finished does not count: an earlier call was killed there. */
  private boolean holdsSomethingElse() throws IOException {
    return files().exists(path())
        && (files().getFileStatus(path()).isFile()
            || Stream.of(files().listStatus(path()))
                .anyMatch(file -> !file.getPath().getName().equals(ASIDE)));
  }

  private void requireSame(Map<String, Object> there, Map<String, Object> here) {
    for (String name : here.keySet()) {
      if (!here.get(name).equals(there.get(name))) {
        throw new DatasetException(
            "%s holds results with another %s: %s there, %s here. Name another folder, or go on with the same."
                .formatted(uri, name, there.get(name), here.get(name)));
      }
    }
  }

  private DatasetException notWritten(Exception reason) {
    return new DatasetException(
        "The results cannot be written to %s: %s. Name a folder with room that all executors reach."
            .formatted(uri, reason.getMessage()),
        reason);
  }

  /** Tests whether there are any results. */
  boolean hasParts() {
    return !parts("").isEmpty();
  }

  /** A name for the files of one call, which no other has. */
  static String newRun() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  /** The values of a field in what earlier attempts of a run's partition have written. */
  Set<String> written(String run, int partition, String field) {
    Set<String> values = new HashSet<>();
    for (FileStatus part : parts(run + "-" + partition + "-")) {
      try {
        text(part.getPath())
            .lines()
            .forEach(line -> values.add(String.valueOf(JsonText.map(line).get(field))));
      } catch (IOException e) {
        throw new DatasetException(
            "%s cannot be read: %s.".formatted(part.getPath(), e.getMessage()), e);
      }
    }
    return values;
  }

  /** Number of rows that a run has written, by partition. */
  Map<Integer, Integer> rowsByPartition(String run) {
    Map<Integer, Integer> counts = new TreeMap<>();
    for (FileStatus part : parts(run + "-")) {
      String[] fields = part.getPath().getName().split("[-.]", -1);
      counts.merge(Integer.valueOf(fields[2]), Integer.valueOf(fields[5]), Integer::sum);
    }
    return counts;
  }

  private List<FileStatus> parts(String beginning) {
    try {
      FileStatus[] found = files().globStatus(new Path(path(), PART + beginning + "*.json"));
      return found == null ? List.of() : List.of(found);
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s.".formatted(uri, e.getMessage()), e);
    }
  }

  private String text(Path file) throws IOException {
    try (var in =
        new BufferedReader(new InputStreamReader(files().open(file), StandardCharsets.UTF_8))) {
      StringBuilder text = new StringBuilder();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        text.append(line).append('\n');
      }
      return text.toString();
    }
  }

  private void write(String name, List<? extends Map<String, ?>> lines) throws IOException {
    Path aside = new Path(new Path(path(), ASIDE), name + "." + newRun());
    try {
      write(aside, new Path(path(), name), lines);
    } catch (IOException e) {
      try {
        files().delete(aside, false); // on a full disk it would take the room of others
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private void write(Path aside, Path file, List<? extends Map<String, ?>> lines)
      throws IOException {
    try (OutputStream out = files().create(aside, true)) {
      for (Map<String, ?> line : lines) {
        out.write((JsonText.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (FSError e) { // Hadoop throws it where a local disk is full
      throw new IOException(e.getCause().getMessage(), e);
    }
    if (!files().rename(aside, file)) {
      throw new IOException("the file %s cannot be renamed to %s".formatted(aside, file.getName()));
    }
  }

  /**
   * A writer for an attempt of a partition.
   *
   * @param attempt a number that no other attempt has, be it of the same partition or not
   */
  Writer writer(String run, int partition, long attempt) {
    return new Writer(PART + run + "-" + partition + "-" + attempt + "-");
  }

  /** Gathers rows, and writes a file of them from time to time. */
  final class Writer {
    private static final int MOST_ROWS = 32;
    private static final long LONGEST_NANOS = 10_000_000_000L;

    private final String name;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private long oldest;
    private int written;

    private Writer(String name) {
      this.name = name;
    }

    /** Adds a row. What is killed before it is written is generated again. */
    void add(String[] columns, Object[] values) {
      if (rows.isEmpty()) {
        oldest = System.nanoTime();
      }
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < columns.length; i++) {
        row.put(columns[i], values[i]);
      }
      rows.add(row);
      if (rows.size() >= MOST_ROWS || System.nanoTime() - oldest > LONGEST_NANOS) {
        flush();
      }
    }

    /** Writes the rest. */
    void flush() {
      if (!rows.isEmpty()) {
        try {
          write(name + written + "-" + rows.size() + ".json", rows);
        } catch (IOException e) {
          throw notWritten(e);
        }
        written++;
        rows.clear();
      }
    }
  }
}
