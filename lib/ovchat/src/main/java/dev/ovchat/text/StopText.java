package dev.ovchat.text;

import java.util.List;

/**
 * The text of a completion while it grows, up to the first of its stop strings. Text that may turn
 * out to be the beginning of one is held back until that is decided. Special tokens are not part of
 * it.
 */
public final class StopText {

  private final TextDecoder decoder;
  private final List<String> stopStrings;
  private String held = "";
  private boolean reached;

  public StopText(Tokenizer tokenizer, List<String> stopStrings) {
    this(new TextDecoder(tokenizer, DecodeOptions.READABLE), stopStrings);
  }

  private StopText(TextDecoder decoder, List<String> stopStrings) {
    this.decoder = decoder;
    this.stopStrings = stopStrings;
  }

  /** Another text that has taken the same tokens. */
  public StopText copy() {
    StopText copy = new StopText(decoder.copy(), stopStrings);
    copy.held = held;
    copy.reached = reached;
    return copy;
  }

  /** Takes the next token, and returns whether the text has come to a stop string. */
  public boolean isReachedBy(int id) {
    push(id);
    return reached;
  }

  /**
   * Takes the next token.
   *
   * @return the text that is certain now; nothing once a stop string was reached
   */
  public String push(int id) {
    return giveOut(decoder.push(id));
  }

  /**
   * Ends the text.
   *
   * @return the text that was held back
   */
  public String finish() {
    String piece = giveOut(decoder.finish());
    String last = reached ? "" : held;
    held = "";
    return piece + last;
  }

  private String giveOut(String piece) {
    if (stopStrings.isEmpty()) {
      return piece;
    }
    if (reached) {
      return "";
    }
    String text = held + piece;
    int stop = firstStop(text);
    reached = stop >= 0;
    int certain = reached ? stop : text.length() - longestBeginning(text);
    held = text.substring(certain);
    return text.substring(0, certain);
  }

  /** Index at which the first stop string in the text begins; below 0 where there is none. */
  private int firstStop(String text) {
    return stopStrings.stream()
        .mapToInt(text::indexOf)
        .filter(place -> place >= 0)
        .min()
        .orElse(-1);
  }

  /** Number of characters at the end of the text that may be the beginning of a stop string. */
  private int longestBeginning(String text) {
    int longest = 0;
    for (String stop : stopStrings) {
      for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
        if (text.regionMatches(text.length() - length, stop, 0, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
