package dev.ovchat.spark;

import dev.ovchat.files.FileState;
import dev.ovchat.files.ProcessFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkFiles;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The places of models: directories of this machine, and others that Hadoop's file systems reach.
 */
final class ModelLocation {
  private static final Map<String, Path> COPIES = new HashMap<>();

  private ModelLocation() {}

  /**
   * The directory of a model here: as it is named, in the folder of Spark's archives, or for a URI
   * a copy, which is made once for each process.
   *
   * @throws DatasetException if a URI leads to no directory, or it cannot be copied
   */
  static Path of(String location, SerializableConfiguration hadoop) {
    if (isUri(location)) {
      return copy(location, hadoop);
    }
    Path named = Path.of(location);
    Path inArchives = Path.of(SparkFiles.getRootDirectory()).resolve(named);
    return !Files.isDirectory(named) && Files.isDirectory(inArchives) ? inArchives : named;
  }

  private static boolean isUri(String location) {
    return location.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }

  /** A location for the executors: a directory that is here gets its whole path. */
  static String seenFromHere(String location) {
    return isUri(location) || !Files.isDirectory(Path.of(location))
        ? location
        : Path.of(location).toAbsolutePath().normalize().toString();
  }

  private static synchronized Path copy(String uri, SerializableConfiguration hadoop) {
    if (!COPIES.containsKey(uri)) {
      try {
        COPIES.put(uri, copied(new org.apache.hadoop.fs.Path(uri), hadoop));
      } catch (IOException | IllegalArgumentException e) {
        throw new DatasetException(
            "The model at %s cannot be copied to this machine: %s. Name a model directory that the executors reach."
                .formatted(uri, e.getMessage()),
            e);
      }
    }
    return COPIES.get(uri);
  }

  private static Path copied(org.apache.hadoop.fs.Path remote, SerializableConfiguration hadoop)
      throws IOException {
    Path directory = ProcessFolder.newDirectory("model-");
    try {
      FileSystem files = remote.getFileSystem(hadoop.value());
      for (FileStatus file : files.listStatus(remote)) {
        if (file.isFile()) {
          files.copyToLocalFile(
              false, file.getPath(), new org.apache.hadoop.fs.Path(directory.toUri()), true);
        }
      }
      return directory;
    } catch (IOException | RuntimeException e) {
      ProcessFolder.delete(directory);
      throw e;
    }
  }

  /** The files of a directory as they are now; none where it is not there. */
  static Set<FileState> state(Path directory) {
    Set<FileState> files = new HashSet<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> entries = Files.list(directory)) {
        entries.map(FileState::of).forEach(files::add);
      } catch (IOException e) {
        throw new DatasetException(
            "The folder %s cannot be read: %s.".formatted(directory, e.getMessage()), e);
      }
    }
    return files;
  }
}
