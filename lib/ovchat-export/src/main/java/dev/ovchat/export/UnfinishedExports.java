package dev.ovchat.export;

import dev.ovchat.files.FileNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Directories of unfinished exports: those of a killed process are deleted. */
final class UnfinishedExports {
  /** Uncertainty of a process's start time, which is known to about a second. */
  private static final Duration UNSURE = Duration.ofSeconds(2);

  private UnfinishedExports() {}

  /** Prefix of the name of a directory in which this process writes a target. */
  static String prefix(Path target) {
    return String.format(
        Locale.ROOT, ".%s.export-%d-", target.getFileName(), ProcessHandle.current().pid());
  }

  /** Deletes a target's unfinished directories whose process is gone. */
  static void delete(Path target) throws IOException {
    Pattern name =
        Pattern.compile(Pattern.quote("." + target.getFileName()) + "\\.export-(\\d{1,18})-\\d+");
    List<Path> siblings;
    try (Stream<Path> entries = Files.list(target.getParent())) {
      siblings = entries.toList();
    }
    for (Path sibling : siblings) {
      Matcher pid = name.matcher(sibling.getFileName().toString());
      if (pid.matches() && Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)) {
        deleteUnused(sibling, Long.parseLong(pid.group(1)));
      }
    }
  }

  private static void deleteUnused(Path aside, long pid) throws IOException {
    try {
      if (!isInUse(aside, pid)) {
        deleteOne(aside);
      }
    } catch (NoSuchFileException e) {
      if (Files.exists(aside)) { // else another export deleted it at the same time
        throw e;
      }
    }
  }

  /**
   * Tests whether the process that wrote a directory still runs. A later process may have the same
   * id, as is common in containers: it started after the directory was written.
   */
  private static boolean isInUse(Path aside, long pid) throws IOException {
    Instant written = Files.getLastModifiedTime(aside).toInstant();
    return ProcessHandle.of(pid)
        .map(process -> process.info().startInstant().orElse(Instant.MIN))
        .filter(start -> start.isBefore(written.plus(UNSURE)))
        .isPresent();
  }

  /**
   * Deletes a directory of files. It is not deleted as a tree ({@link dev.ovchat.files.FileTree}):
   * an export makes no directory in it but that of further chat templates, so another one is not
   * ours, and is a failure.
   */
  static void deleteOne(Path directory) throws IOException {
    Path templates = directory.resolve(FileNames.ADDITIONAL_CHAT_TEMPLATES);
    if (Files.isDirectory(templates, LinkOption.NOFOLLOW_LINKS)) {
      deleteFiles(templates);
    }
    deleteFiles(directory);
  }

  private static void deleteFiles(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Files.deleteIfExists(directory);
  }
}
