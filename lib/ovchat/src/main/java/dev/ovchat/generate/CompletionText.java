package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TextDecoder;
import dev.ovchat.text.Tokenizer;
import java.util.List;

/**
 * The text of a completion while it grows, up to the first of its stop strings. Text that may turn
 * out to be the beginning of one is held back until that is decided. Special tokens are not part of
 * it.
 *
 * <p>It notifies a listener of the completion: of its beginning, of each token, of its text as it
 * becomes certain, and once of its end, whatever the listener throws.
 */
final class CompletionText {
  private final TextDecoder decoder;
  private final List<String> stopStrings;
  private final GenerationListener listener;
  private String held = "";
  private boolean stopped;
  private boolean ended;

  /** The text of an empty completion. */
  CompletionText(Tokenizer tokenizer, List<String> stopStrings, GenerationListener listener) {
    this(new TextDecoder(tokenizer, DecodeOptions.READABLE), stopStrings, listener);
  }

  private CompletionText(
      TextDecoder decoder, List<String> stopStrings, GenerationListener listener) {
    this.decoder = decoder;
    this.stopStrings = stopStrings;
    this.listener = listener;
  }

  /** Another text that has taken the same tokens. */
  CompletionText copy() {
    CompletionText copy = new CompletionText(decoder.copy(), stopStrings, listener);
    copy.held = held;
    copy.stopped = stopped;
    return copy;
  }

  /** Tests whether the text has come to a stop string. */
  boolean isStopped() {
    return stopped;
  }

  /**
   * Begins.
   *
   * @param config the settings in force
   */
  void start(GenerationConfig config) {
    listener.start(config);
  }

  /** Takes the next token. */
  void push(int id) {
    listener.token(id);
    if (!ended) { // by the listener, which has used the session itself
      giveOut(certain(decoder.push(id)));
    }
  }

  /** Ends the completion: gives out what was held back. */
  void end() {
    ended = true;
    try {
      String piece = certain(decoder.finish());
      String last = stopped ? "" : held;
      held = "";
      giveOut(piece + last);
    } finally {
      listener.end();
    }
  }

  /** Ends a completion that cannot go on. What the listener throws is suppressed by the reason. */
  void fail(Throwable reason) {
    if (ended) {
      return;
    }
    try {
      end();
    } catch (RuntimeException | Error e) {
      if (e != reason) {
        reason.addSuppressed(e);
      }
    }
  }

  private void giveOut(String piece) {
    if (!piece.isEmpty()) {
      listener.text(piece);
    }
  }

  /** Takes a piece of text, and returns what is certain now. */
  private String certain(String piece) {
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
