package dev.ovchat.tokenizerfile;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a JSON file without the blanks that indent its lines, half of a large one. A string
 * of JSON cannot hold a line end, so that none of these blanks belongs to one.
 */
final class UnindentedStream extends FilterInputStream {
  private boolean isIndentation;

  UnindentedStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = super.read(bytes, offset, length);
    while (count > 0) {
      int left = unindent(bytes, offset, count);
      if (left > 0) {
        return left;
      }
      count = super.read(bytes, offset, length);
    }
    return count;
  }

  /** Moves together what is not indentation, and returns how much it is. */
  private int unindent(byte[] bytes, int offset, int count) {
    int to = offset;
    boolean indentation = isIndentation;
    for (int from = offset; from < offset + count; from++) {
      byte b = bytes[from];
      indentation &= b == ' ' || b == '\t';
      if (!indentation) {
        bytes[to++] = b;
        indentation = b == '\n';
      }
    }
    isIndentation = indentation;
    return to - offset;
  }
}
