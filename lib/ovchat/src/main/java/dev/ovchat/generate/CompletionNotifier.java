package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.Tokenizer;
import java.util.Optional;

/**
 * Notifies a listener of a completion: of its beginning, of each token, of its text as it becomes
 * certain, and once of its end, whatever the listener throws.
 */
final class CompletionNotifier {
  private final GenerationListener listener;
  private final Optional<CompletionText> text;
  private boolean ended;

  CompletionNotifier(Tokenizer tokenizer, GenerationConfig config, GenerationListener listener) {
    this.listener = listener;
    this.text = CompletionText.of(tokenizer, config, listener);
  }

  /** The text so far; empty where nobody needs it. */
  Optional<CompletionText> text() {
    return text;
  }

  void start(GenerationConfig config) {
    listener.start(config);
  }

  void token(int id) {
    listener.token(id);
    if (!ended) { // by the listener, which has used the session itself
      text.ifPresent(growing -> notifyOf(growing.push(id)));
    }
  }

  void end() {
    ended = true;
    try {
      text.ifPresent(growing -> notifyOf(growing.finish()));
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

  private void notifyOf(String piece) {
    if (!piece.isEmpty()) {
      listener.text(piece);
    }
  }
}
