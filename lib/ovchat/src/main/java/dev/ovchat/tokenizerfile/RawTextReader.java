package dev.ovchat.tokenizerfile;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Characters of a file on their way to a parser, which reads them ahead in chunks. What stands
 * between two of its positions can be kept, as it is in the file.
 */
final class RawTextReader extends FilterReader {
  private char[] chunk = {};

  /** Index in the file at which the chunk begins. */
  private long start;

  /** Index in the chunk up to which it was kept. */
  private int kept;

  private TextPieces text;

  RawTextReader(Reader in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] characters, int offset, int length) throws IOException {
    keep(chunk.length);
    start += chunk.length;
    int count = super.read(characters, offset, length);
    chunk = Arrays.copyOfRange(characters, offset, offset + Math.max(0, count));
    kept = 0;
    return count;
  }

  /**
   * Begins to keep the text.
   *
   * @param index an index in the last chunk, counted from the file's beginning
   */
  void keepFrom(long index) {
    kept = (int) (index - start);
    text = new TextPieces();
  }

  /** Ends it, at such an index, and returns the text. */
  TextPieces keptUpTo(long index) {
    keep((int) (index - start));
    TextPieces all = text;
    text = null;
    return all;
  }

  private void keep(int end) {
    if (text != null) {
      text.write(chunk, kept, end - kept);
      kept = end;
    }
  }
}
