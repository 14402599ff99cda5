package dev.ovchat.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** Size and time of a file, which show whether it was written since it was looked at. */
public record FileState(Path path, long size, FileTime modified) {
  /** The state of a file as it is now. */
  public static FileState of(Path path) {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new FileState(path, attributes.size(), attributes.lastModifiedTime());
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  /** Requires that the file is as it was. */
  public void requireUnchanged() {
    if (!of(path).equals(this)) {
      throw new UnusableFileException(
          "%s has changed since it was opened: it is being written; wait until it is complete, and export again."
              .formatted(path));
    }
  }
}
