package dev.ovchat.gguf;

import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** The numbers and texts of a GGUF file, one after the other, little-endian. */
final class GgufInput {
  /** A limit far above any real text (a chat template of 50 KB), in bytes. */
  private static final long LONGEST_TEXT = 4_000_000;

  /** A limit far above any real file's (20 MB), in bytes. */
  private static final long LARGEST_HEADER = 64_000_000;

  private final Path path;
  private final long size;
  private final InputStream in;
  private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  /**
   * @param size size of the file, in bytes
   */
  GgufInput(Path path, long size, InputStream in) {
    this.path = path;
    this.size = size;
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** Number of bytes that were read. */
  long position() {
    return position;
  }

  /**
   * Reads a whole number without a sign.
   *
   * @param bytes its size, from 1 to 8; one of 8 bytes is negative from 2⁶³ on
   */
  long number(int bytes) throws IOException {
    require(bytes);
    fill(number.array(), bytes);
    for (int i = bytes; i < 8; i++) {
      number.put(i, (byte) 0);
    }
    return number.getLong(0);
  }

  /** Reads a number of 4 bytes; negative from 2³¹ on. */
  int u32() throws IOException {
    return (int) number(4);
  }

  /**
   * Reads a count of things that follow in the file.
   *
   * @param what a description of it, for a message; here and below
   * @param least the least number of bytes that each takes
   * @param most a limit far above any real file
   */
  int count(String what, int least, int most) throws IOException {
    long start = position;
    long count = number(8);
    if (count < 0 || count > most || count > (size - position) / least) {
      throw broken(
          String.format(
              Locale.ROOT,
              "%s would be %s, more than fit in the file or than %d",
              what,
              Long.toUnsignedString(count),
              most),
          start);
    }
    return (int) count;
  }

  /** Reads a text in UTF-8. */
  String text(String what) throws IOException {
    long start = position;
    byte[] bytes = bytes(what);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw broken(what + " is no UTF-8", start);
    }
  }

  private byte[] bytes(String what) throws IOException {
    long start = position;
    long length = number(8);
    if (length < 0 || length > LONGEST_TEXT || length > size - position) {
      throw broken(
          String.format(
              Locale.ROOT,
              "%s would be %s bytes long, more than fit in the file or than %d",
              what,
              Long.toUnsignedString(length),
              LONGEST_TEXT),
          start);
    }
    require(length);
    byte[] bytes = new byte[(int) length];
    fill(bytes, bytes.length);
    return bytes;
  }

  private void require(long bytes) {
    if (bytes > size - position) {
      throw cutOff(path, size, "its header goes on after them");
    }
    if (position + bytes > LARGEST_HEADER) {
      throw broken(
          String.format(Locale.ROOT, "its header has more than %d bytes", LARGEST_HEADER),
          position);
    }
  }

  private void fill(byte[] bytes, int count) throws IOException {
    if (in.readNBytes(bytes, 0, count) < count) {
      throw broken("it became shorter while it was read", position);
    }
    position += count;
  }

  /**
   * The exception about a file that ends too early.
   *
   * @param size its size in bytes
   * @param missing what would come after them
   */
  static UnusableFileException cutOff(Path path, long size, String missing) {
    return new UnusableFileException(
        String.format(
            Locale.ROOT,
            "%s is cut off: it has %d bytes, and %s; if it is being written, wait until it is complete, or else copy the file again from where the model comes from.",
            path,
            size,
            missing));
  }

  /** The exception about a damaged file. */
  UnusableFileException broken(String what, long at) {
    return new UnusableFileException(
        String.format(Locale.ROOT, "%s: %s, at byte %d%s", path, what, at, StrictJson.AGAIN));
  }
}
