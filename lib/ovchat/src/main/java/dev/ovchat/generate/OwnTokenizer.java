package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.Tokenizer;
import dev.ovchat.text.TokenizerException;
import dev.ovchat.tokenizerfile.TokenizerFile;
import java.util.Optional;

/**
 * The model's own tokenizer, for generations that need their text. Its files are read with the
 * model; the native tokenizer, which most do without, is made of them when it is first needed, and
 * closed with the model, or when the last generation that uses it is over.
 */
final class OwnTokenizer implements AutoCloseable {
  private final int vocabSize;
  private TokenizerFile file; // until the tokenizer is made of it
  private Tokenizer tokenizer;
  private int users;
  private boolean closed;

  /**
   * @param vocabSize the model's vocabulary size
   */
  OwnTokenizer(TokenizerFile file, int vocabSize) {
    this.file = file;
    this.vocabSize = vocabSize;
  }

  /**
   * The tokenizer for one use, to be closed after it.
   *
   * @param tokenizer the tokenizer; empty where it was not needed
   */
  record Lease(Optional<Tokenizer> tokenizer, Runnable giveBack) implements AutoCloseable {
    @Override
    public void close() {
      giveBack.run();
    }
  }

  /**
   * Leases the tokenizer for one generation; the lease is empty where the config has no stop
   * strings.
   */
  Lease leaseFor(GenerationConfig config) {
    return config.stopStrings().isEmpty() ? new Lease(Optional.empty(), () -> {}) : lease();
  }

  /**
   * Leases the tokenizer for a caller that needs the text.
   *
   * @throws IllegalStateException if the model is closed
   */
  synchronized Lease lease() {
    if (closed) {
      throw new IllegalStateException("This model is closed. Run the cell that loads it again.");
    }
    if (tokenizer == null) {
      tokenizer = made();
      file = null;
    }
    users++;
    return new Lease(Optional.of(tokenizer), this::giveBack);
  }

  /**
   * Makes the tokenizer. An interrupt is for the generation, which it cancels: it is left until the
   * tokenizer is made.
   */
  private Tokenizer made() {
    boolean isInterrupted = false;
    try {
      while (true) {
        isInterrupted |= Thread.interrupted();
        try {
          return Tokenizer.of(file, vocabSize);
        } catch (TokenizerException e) {
          if (!Thread.currentThread().isInterrupted()) {
            throw e;
          }
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void giveBack() {
    users--;
    closeIfUnused();
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
