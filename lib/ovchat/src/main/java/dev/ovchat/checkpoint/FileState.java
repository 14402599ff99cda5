package dev.ovchat.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** What tells whether a file was written since it was looked at. */
record FileState(Path path, long size, FileTime modified) {
  static FileState of(Path path) {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new FileState(path, attributes.size(), attributes.lastModifiedTime());
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  void requireUnchanged() {
    if (!of(path).equals(this)) {
      throw new CheckpointException(
          "%s has changed since it was opened: it is being written; wait until it is complete, and export again."
              .formatted(path));
    }
  }
}
