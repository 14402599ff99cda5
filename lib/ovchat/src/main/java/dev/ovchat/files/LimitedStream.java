package dev.ovchat.files;

import java.io.IOException;
import java.io.InputStream;

/** The first bytes of another stream. */
public final class LimitedStream extends InputStream {
  private final InputStream in;
  private long left;

  /** The first {@code length} bytes of a stream. */
  public LimitedStream(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = left == 0 ? -1 : in.read(bytes, offset, (int) Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
