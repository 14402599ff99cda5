package dev.ovchat.export;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * The directory that an export makes. It is written under another name in the same parent, and
 * renamed when it is complete: so it is there as a whole, or not at all.
 *
 * <p>Unlike an {@link dev.ovchat.files.AtomicFile} it replaces nothing, and its temporary name
 * holds the process, so that a later export finds what a killed one left.
 */
final class TargetDirectory implements AutoCloseable {
  /**
   * Permissions for all, limited by the user's umask; temporary directories are otherwise for the
   * user alone.
   */
  private static final FileAttribute<?> OPEN_TO_ALL =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx"));

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
   * Makes the directory under its temporary name.
   *
   * @param needed number of bytes that will be written
   * @throws ExportException if there is something at its path, or no space or permission
   */
  static TargetDirectory create(Path directory, long needed) {
    Path target = FreePlace.require(directory);
    try {
      Path parent = Files.createDirectories(target.getParent());
      UnfinishedExports.delete(target);
      long free = parent.toFile().getUsableSpace(); // 0 also where the system does not say
      if (free > 0 && free < needed) {
        throw noSpace(target, needed);
      }
      Path aside = Files.createTempDirectory(parent, UnfinishedExports.prefix(target), OPEN_TO_ALL);
      return new TargetDirectory(target, aside, needed);
    } catch (IOException e) {
      throw failure(target, needed, e);
    }
  }

  /** Path of a file while the directory has its temporary name. */
  Path file(String name) {
    return aside.resolve(name);
  }

  /** Path of the directory while it has its temporary name. */
  Path path() {
    return aside;
  }

  /** Renames the directory to its final name. */
  void complete() {
    try {
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      complete = true;
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      throw FreePlace.taken(target);
    } catch (AtomicMoveNotSupportedException e) {
      throw new ExportException(
          "The directory cannot take its place at %s: %s.".formatted(target, e.getReason()), e);
    } catch (IOException e) {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) { // the system's words for it differ
        throw FreePlace.taken(target);
      }
      throw failure(target, needed, e);
    }
  }

  /** Returns the exception, with a sentence, for a failure while the directory was written. */
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
    return new ExportException(
        String.format(
            Locale.ROOT,
            "Cannot write the model of %,d MB to %s: %s.",
            needed / 1_000_000 + 1,
            target,
            reason),
        e);
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
        UnfinishedExports.deleteOne(aside);
      } catch (IOException e) {
        throw new ExportException(
            "The unfinished directory %s cannot be deleted: %s. Delete it."
                .formatted(aside, e.getMessage()),
            e);
      }
    }
  }
}
