package dev.ovchat.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A path at which a directory can be made: nothing is there, or an empty directory. */
final class FreePlace {
  private FreePlace() {}

  /**
   * Checks a path before the work begins, and again before anything is written.
   *
   * @return the absolute path
   * @throws ExportException if there is something, or nothing can be made there
   */
  static Path require(Path directory) {
    Path target = directory.toAbsolutePath().normalize();
    if (target.getFileName() == null) {
      throw new ExportException(
          "%s cannot be a model directory; take one inside it.".formatted(target));
    }
    if (Files.isSymbolicLink(target)) {
      throw new ExportException(
          "%s is a link; name the directory that it is to lead to, or another one."
              .formatted(target));
    }
    if (Files.exists(target)) {
      requireEmpty(target);
    }
    requireWritable(target);
    return target;
  }

  private static void requireEmpty(Path target) {
    try (Stream<Path> entries = Files.list(target)) {
      if (entries.findAny().isPresent()) {
        throw taken(target);
      }
    } catch (IOException e) { // it is a file, or cannot be looked into
      throw taken(target);
    }
    if (isMountPoint(target)) {
      throw new ExportException(
          "Another disk is mounted at %s; take a directory inside it.".formatted(target));
    }
  }

  private static boolean isMountPoint(Path target) {
    try {
      return !Files.getFileStore(target).equals(Files.getFileStore(target.getParent()));
    } catch (IOException e) {
      return false; // in a chroot Java finds no disk; a mount point then refuses the rename
    }
  }

  private static void requireWritable(Path target) {
    Path above = target.getParent();
    while (!Files.exists(above)) {
      above = above.getParent();
    }
    if (!Files.isDirectory(above)) {
      throw new ExportException(
          "Cannot make %s: %s is no directory; take another place.".formatted(target, above));
    }
    if (!Files.isWritable(above)) {
      throw new ExportException(
          "Cannot make %s: you have no permission to write in %s; take another place."
              .formatted(target, above));
    }
  }

  static ExportException taken(Path target) {
    return new ExportException(
        "There is something at %s already; delete it, or export to another directory."
            .formatted(target));
  }
}
