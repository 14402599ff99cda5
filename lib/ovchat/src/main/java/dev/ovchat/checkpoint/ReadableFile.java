package dev.ovchat.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** Says in words why a file cannot be read. */
final class ReadableFile {
  private ReadableFile() {}

  /**
   * Whether there is something of that name, be it a link that leads nowhere.
   *
   * @throws CheckpointException if that cannot be told, for want of permission or because a folder
   *     above is none
   */
  static boolean isThere(Path path) {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Reads the first byte.
   *
   * @throws CheckpointException if that cannot be done
   */
  static void require(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) { // a pipe would be waited for
        throw new CheckpointException("Cannot read " + file + ": it is no regular file.");
      }
      try (InputStream in = Files.newInputStream(file)) {
        in.read();
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The same for a file that is then read whole: its size has a bound.
   *
   * @throws CheckpointException if it cannot be read, or is larger
   */
  static void require(Path file, long largest) {
    require(file);
    if (size(file) > largest) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s has %d bytes; a file of this name has at most %d%s",
              file,
              size(file),
              largest,
              StrictJson.AGAIN));
    }
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static CheckpointException unreadable(Path file, IOException e) {
    return new CheckpointException("Cannot read " + file + ": " + reason(e) + ".", e);
  }

  /** The reason in words why a file cannot be written. */
  static String writeReason(IOException e) {
    return e instanceof AccessDeniedException ? "you have no permission to" : reason(e);
  }

  /** The reason in words: the exceptions' own messages are often no more than the path. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "you have no permission to read it";
    }
    if (e instanceof NoSuchFileException missing) {
      return Files.isSymbolicLink(Path.of(missing.getFile()))
          ? "it is a link to a file that is not there"
          : "it is not there";
    }
    if (e instanceof NotDirectoryException) {
      return "it is a file and no directory";
    }
    if (e instanceof ClosedByInterruptException) {
      return "the thread that reads it was interrupted";
    }
    if (e instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason().startsWith("Too many levels of symbolic links")
          ? "a link leads back to itself"
          : failed.getReason();
    }
    return e.getMessage();
  }
}
