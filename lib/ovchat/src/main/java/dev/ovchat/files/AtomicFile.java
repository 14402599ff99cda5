package dev.ovchat.files;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is there as a whole, or not at all: it is written under another name in the same
 * folder, and renamed when it is complete.
 *
 * <pre>{@code
 * AtomicFile.write(file, out -> properties.store(out, null));
 * }</pre>
 */
public final class AtomicFile {
  /**
   * Permissions for all, limited by the user's umask; temporary files are otherwise for the user
   * alone.
   */
  private static final FileAttribute<?> OPEN_TO_ALL =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"));

  private AtomicFile() {}

  /** Writes the content of a file. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, or replaces it: the old content stays until all of the new one is written. A
   * link is replaced, too, and not followed. An interrupt of the thread does not end the writing.
   *
   * @throws IOException if it cannot be written; nothing is left of it then
   */
  public static void write(Path file, Content content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path part = Files.createTempFile(folder, "ovchat", ".part", OPEN_TO_ALL);
    try {
      try (OutputStream out = new FileOutputStream(part.toFile())) { // no interrupt closes it
        content.writeTo(out);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
