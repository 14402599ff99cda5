package dev.ovchat.text;

import dev.ovchat.tokenizerfile.TokenizerFile;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A tokenizer that is being made on a thread of its own, while the caller does something else. A
 * large vocabulary takes seconds, which the native library does not interrupt: a caller that is
 * interrupted leaves it to its work, and what comes of it is dropped.
 */
public final class PendingTokenizer implements AutoCloseable {
  private final CompletableFuture<Tokenizer> made = new CompletableFuture<>();
  private final Path file;
  private boolean taken;

  private PendingTokenizer(Path file) {
    this.file = file;
  }

  /**
   * Starts to make a tokenizer.
   *
   * @param file the tokenizer's file, which was read before
   * @param modelVocabSize the number of ids that the model has, as its {@code config.json} says
   */
  public static PendingTokenizer of(TokenizerFile file, int modelVocabSize) {
    var pending = new PendingTokenizer(file.path());
    Thread maker = new Thread(() -> pending.make(file, modelVocabSize), "tokenizer");
    maker.setDaemon(true);
    maker.start();
    return pending;
  }

  private void make(TokenizerFile file, int modelVocabSize) {
    try {
      var tokenizer = Tokenizer.made(file, modelVocabSize);
      if (!made.complete(tokenizer)) {
        tokenizer.close();
      }
    } catch (Throwable e) { // belongs to the thread that waits
      made.completeExceptionally(e);
    }
  }

  /**
   * Waits for the tokenizer, which is the caller's from then on.
   *
   * @throws TokenizerException if the file is not usable, or the thread is interrupted
   */
  public Tokenizer await() {
    try {
      Tokenizer tokenizer = made.get();
      taken = true;
      return tokenizer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenizerException(
          "Cannot read " + file + ": the thread that reads it was interrupted.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  /** Drops the tokenizer, if {@link #await()} has not returned it. */
  @Override
  public void close() {
    if (!taken && !made.cancel(false) && !made.isCompletedExceptionally()) {
      made.join().close();
    }
  }
}
