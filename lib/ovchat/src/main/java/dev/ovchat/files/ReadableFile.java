package dev.ovchat.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** Opens the files of others, and says in words why one cannot be read. */
public final class ReadableFile {
  private ReadableFile() {}

  /**
   * Returns whether there is something of that name, be it a link that leads nowhere.
   *
   * @throws UnusableFileException if that cannot be determined, for lack of permission or because a
   *     parent is not a folder
   */
  public static boolean isThere(Path path) {
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
   * @throws UnusableFileException if that cannot be done, or it is not a regular file: a pipe would
   *     be waited for, and a device may have no end
   */
  public static void require(Path file) {
    requireRegular(file);
    try (InputStream in = Files.newInputStream(file)) {
      in.read();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void requireRegular(Path file) {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
        throw new UnusableFileException("Cannot read " + file + ": it is no regular file.");
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Opens a file that is to be read whole: so its size has a bound, also if it grows meanwhile. An
   * interrupt of the thread that reads ends the reading, which that of {@link Files} would not.
   *
   * @param largest the maximum size in bytes
   * @throws UnusableFileException if it is not a regular file, cannot be read, or is larger
   */
  public static InputStream open(Path file, long largest) {
    requireRegular(file);
    requireAtMost(file, largest);
    try {
      return new LimitedStream(Channels.newInputStream(FileChannel.open(file)), largest);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The same for a file that is to be read or copied whole.
   *
   * @throws UnusableFileException if it cannot be read, or has more bytes
   */
  public static void require(Path file, long largest) {
    require(file);
    requireAtMost(file, largest);
  }

  private static void requireAtMost(Path file, long largest) {
    if (size(file) > largest) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s has %,d bytes; a file of this name has at most %,d%s",
              file,
              size(file),
              largest,
              StrictJson.AGAIN));
    }
  }

  /**
   * The text of a file.
   *
   * @throws UnusableFileException as {@link #open}, and if the bytes are not of the character set
   */
  public static String text(Path file, Charset charset, long largest) {
    try (InputStream in = open(file, largest)) {
      return charset.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableFileException(file + " is no text in " + charset.name() + ".", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Size of a file, in bytes. */
  public static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The exception for a file that cannot be read, with the reason in words. */
  public static UnusableFileException unreadable(Path file, IOException e) {
    return new UnusableFileException("Cannot read " + file + ": " + reason(e) + ".", e);
  }

  /** The reason in words why a file cannot be written. */
  public static String writeReason(IOException e) {
    return e instanceof AccessDeniedException ? "you have no permission to" : reason(e);
  }

  /** The reason in words: the exceptions' own messages are often no more than the path. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "you have no permission to read it";
    }
    if (e instanceof NoSuchFileException missing) {
      return Files.isSymbolicLink(Path.of(missing.getFile()))
          ? "it is a link to a file that is not there"
          : "it is not there";
    }
    if (e instanceof FileAlreadyExistsException there) {
      return "there is " + there.getFile() + " already, which is no directory";
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
