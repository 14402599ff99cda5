package dev.ovchat.generate;

import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model's own tokenizer, for those generations that have to know their text. It is loaded when
 * it is first needed, and closed with the model, or when the last generation that uses it is over.
 */
final class OwnTokenizer implements AutoCloseable {
  private final Path modelDirectory;
  private Tokenizer tokenizer;
  private int users;
  private boolean closed;

  OwnTokenizer(Path modelDirectory) {
    this.modelDirectory = modelDirectory;
  }

  /** For one generation, which gives it back; empty where the config has no stop strings. */
  synchronized Optional<Tokenizer> takeFor(GenerationConfig config) {
    return config.stopStrings().isEmpty() ? Optional.empty() : Optional.of(take());
  }

  /** For someone who gives it back. */
  synchronized Tokenizer take() {
    if (tokenizer == null) {
      tokenizer = Tokenizer.load(modelDirectory);
    }
    users++;
    return tokenizer;
  }

  /** Takes back what was given. */
  synchronized void giveBack(Optional<Tokenizer> taken) {
    if (taken.isPresent()) {
      users--;
      closeIfUnused();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (closed && users == 0 && tokenizer != null) {
      tokenizer.close();
    }
  }
}
