package dev.ovchat.text;

import java.util.Arrays;

/**
 * Turns a growing sequence of ids into pieces of text, each as soon as it is certain. The pieces
 * joined are the decoded text of the whole sequence: no space is lost and no character broken.
 * (Where bytes that make no character stand right after one that bytes make, the whole run of bytes
 * decodes to U+FFFD, while the pieces keep the character that was given out.)
 *
 * <p>One token's text depends on its neighbours: the first word of a text loses its leading space,
 * and an emoji may come as four byte tokens. So a short window is decoded: the last ids whose text
 * was given out, and those after them. What the window's text gained is the next piece. A text that
 * ends in U+FFFD ends inside a character, and waits.
 */
public final class TextDecoder {
  private static final char REPLACEMENT = '\uFFFD';

  /** A window that is longer begins anew: with the ids that gave the last piece. */
  private static final int LONGEST = 16;

  private final Tokenizer tokenizer;
  private final DecodeOptions options;
  private int[] window = new int[2 * LONGEST];
  private int given; // ids of the window whose text has been given out
  private String givenText = "";
  private int size; // ids in the window

  /** A decoder for one sequence. */
  public TextDecoder(Tokenizer tokenizer, DecodeOptions options) {
    this.tokenizer = tokenizer;
    this.options = options;
  }

  /** Another decoder that has taken the same ids: for a sequence that goes on in several ways. */
  public TextDecoder copy() {
    TextDecoder copy = new TextDecoder(tokenizer, options);
    copy.window = window.clone();
    copy.given = given;
    copy.givenText = givenText;
    copy.size = size;
    return copy;
  }

  /**
   * Takes the next id.
   *
   * @return the text that is certain now; empty if the id's text is not complete yet
   */
  public String push(int id) {
    if (size == window.length) {
      window = Arrays.copyOf(window, 2 * size);
    }
    window[size++] = id;
    String text = decode(size);
    if (!text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT) {
      return "";
    }
    return giveOut(text);
  }

  /**
   * Ends the sequence.
   *
   * @return the text that was held back: a character that stayed incomplete comes as U+FFFD
   */
  public String finish() {
    return given == size ? "" : giveOut(decode(size));
  }

  private String giveOut(String text) {
    String piece = text.substring(Math.min(givenText.length(), text.length()));
    boolean isLong = size > LONGEST;
    if (piece.isEmpty()) {
      size = isLong ? given : size; // so many tokens without a text are special ones
      return piece;
    }
    if (isLong) {
      System.arraycopy(window, given, window, 0, size - given);
      size -= given;
    }
    given = size;
    givenText = isLong ? decode(size) : text;
    return piece;
  }

  private String decode(int count) {
    return tokenizer.decode(TokenIds.of(Arrays.copyOf(window, count)), options);
  }
}
