package dev.ovchat.export;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory that an export makes. It is written under another name beside its place, and gets
 * its name when it is complete: so it is there as a whole, or not at all.
 */
final class TargetDirectory implements AutoCloseable {
  private final Path target;
  private final Path aside;
  private final long needed;
  private boolean complete;

  private TargetDirectory(Path target, Path aside, long needed) {
    this.target = target;
    this.aside = aside;
    this.needed = needed;
  }

  /**
   * Makes the directory under its other name.
   *
   * @param needed how many bytes will be written
   * @throws ExportException if there is something in its place, or no space or permission
   */
  static TargetDirectory create(Path directory, long needed) {
    Path target = directory.toAbsolutePath().normalize();
    requireFree(target);
    try {
      Path parent = Files.createDirectories(target.getParent());
      deleteLeftOvers(target);
      Path aside =
          Files.createDirectory(
              parent.resolve(
                  "." + target.getFileName() + ".export-" + ProcessHandle.current().pid()));
      TargetDirectory created = new TargetDirectory(target, aside, needed);
      created.requireSpace();
      return created;
    } catch (IOException e) {
      throw failure(target, needed, e);
    }
  }

  /** Before the work begins, and again when the directory takes its place. */
  static void requireFree(Path target) {
    if (target.getFileName() == null) {
      throw new ExportException(
          "%s cannot be a model directory; take one inside it.".formatted(target));
    }
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<Path> entries = Files.list(target)) {
      if (entries.findAny().isPresent()) {
        throw taken(target);
      }
    } catch (IOException e) { // it is a file, or cannot be looked into
      throw taken(target);
    }
  }

  private static ExportException taken(Path target) {
    return new ExportException(
        "There is something at %s already; delete it, or export to another directory."
            .formatted(target));
  }

  /** What a process left that was killed. */
  private static void deleteLeftOvers(Path target) throws IOException {
    Pattern name =
        Pattern.compile(Pattern.quote("." + target.getFileName()) + "\\.export-(\\d{1,18})");
    List<Path> siblings;
    try (Stream<Path> entries = Files.list(target.getParent())) {
      siblings = entries.toList();
    }
    for (Path sibling : siblings) {
      Matcher pid = name.matcher(sibling.getFileName().toString());
      if (pid.matches() && ProcessHandle.of(Long.parseLong(pid.group(1))).isEmpty()) {
        delete(sibling);
      }
    }
  }

  private void requireSpace() throws IOException {
    long free = Files.getFileStore(aside).getUsableSpace();
    if (free < needed) {
      delete(aside);
      throw noSpace(target, needed);
    }
  }

  /** Where a file is written until then. */
  Path file(String name) {
    return aside.resolve(name);
  }

  /** The directory until then. */
  Path path() {
    return aside;
  }

  /** Gives the directory its name. */
  void complete() {
    try {
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      complete = true;
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      throw taken(target);
    } catch (AtomicMoveNotSupportedException e) {
      throw new ExportException(
          "The directory cannot take its place at %s: %s.".formatted(target, e.getReason()), e);
    } catch (IOException e) {
      if (Files.exists(target)) { // the system's words for it differ
        throw taken(target);
      }
      throw failure(target, needed, e);
    }
  }

  /** A sentence for what went wrong while it was written. */
  ExportException failure(IOException e) {
    return failure(target, needed, e);
  }

  private static ExportException failure(Path target, long needed, IOException e) {
    String reason = e.getMessage();
    if (e instanceof AccessDeniedException) {
      reason = "you have no permission to write in " + e.getMessage();
    } else if (e instanceof FileSystemException failed && failed.getReason() != null) {
      reason = failed.getReason() + " (" + failed.getFile() + ")";
    }
    if (reason != null && (reason.contains("No space left") || reason.contains("quota"))) {
      return noSpace(target, needed);
    }
    return new ExportException("Cannot write the model to %s: %s.".formatted(target, reason), e);
  }

  private static ExportException noSpace(Path target, long needed) {
    return new ExportException(
        String.format(
            Locale.ROOT,
            "There is not enough space for %s: the model needs %,d MB; free some, or export to"
                + " another disk.",
            target,
            needed / 1_000_000 + 1));
  }

  /** Deletes what was written, if it did not become complete. */
  @Override
  public void close() {
    if (!complete) {
      try {
        delete(aside);
      } catch (IOException e) {
        throw new ExportException(
            "The unfinished directory %s cannot be deleted: %s. Delete it."
                .formatted(aside, e.getMessage()),
            e);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(directory)) {
      files = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
