package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TextDecoder;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * The text of a completion while it grows, up to the first of its stop strings. Text that may turn
 * out to be the beginning of one is held back until that is decided. Special tokens are not part of
 * it.
 */
final class CompletionText {
  private final TextDecoder decoder;
  private final List<String> stopStrings;
  private String held = "";
  private boolean stopped;

  /**
   * The text of an empty completion; empty where nobody needs it: there is neither a stop string
   * nor a listener.
   */
  static Optional<CompletionText> of(
      Tokenizer tokenizer, GenerationConfig config, GenerationListener listener) {
    return config.stopStrings().isEmpty() && listener == GenerationListener.NONE
        ? Optional.empty()
        : Optional.of(new CompletionText(tokenizer, config.stopStrings()));
  }

  CompletionText(Tokenizer tokenizer, List<String> stopStrings) {
    this(new TextDecoder(tokenizer, DecodeOptions.READABLE), stopStrings);
  }

  private CompletionText(TextDecoder decoder, List<String> stopStrings) {
    this.decoder = decoder;
    this.stopStrings = stopStrings;
  }

  /** Another text that has taken the same tokens. */
  CompletionText copy() {
    CompletionText copy = new CompletionText(decoder.copy(), stopStrings);
    copy.held = held;
    copy.stopped = stopped;
    return copy;
  }

  /** Tests whether the text has come to a stop string. */
  boolean isStopped() {
    return stopped;
  }

  /**
   * Takes the next token.
   *
   * @return the text that is certain now; nothing once a stop string was reached
   */
  String push(int id) {
    return giveOut(decoder.push(id));
  }

  /**
   * Ends the text.
   *
   * @return the text that was held back
   */
  String finish() {
    String piece = giveOut(decoder.finish());
    String last = stopped ? "" : held;
    held = "";
    return piece + last;
  }

  private String giveOut(String piece) {
    if (stopStrings.isEmpty()) {
      return piece;
    }
    if (stopped) {
      return "";
    }
    String text = held + piece;
    int stop = firstStop(text);
    stopped = stop >= 0;
    int certain = stopped ? stop : text.length() - longestBeginning(text);
    held = text.substring(certain);
    return text.substring(0, certain);
  }

  /** Index at which the first stop string in the text begins; below 0 without one. */
  private int firstStop(String text) {
    return stopStrings.stream()
        .mapToInt(text::indexOf)
        .filter(index -> index >= 0)
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
