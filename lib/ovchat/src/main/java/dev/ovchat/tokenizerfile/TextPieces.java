package dev.ovchat.tokenizerfile;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** A long text as it is written, in pieces: it grows without being copied. */
final class TextPieces extends Writer {
  private final List<String> pieces = new ArrayList<>();

  @Override
  public void write(char[] characters, int offset, int length) {
    pieces.add(new String(characters, offset, length));
  }

  /** The pieces in their order. */
  List<String> list() {
    return pieces;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
