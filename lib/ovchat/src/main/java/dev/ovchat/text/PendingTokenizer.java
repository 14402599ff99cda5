package dev.ovchat.text;

import dev.ovchat.files.FileNames;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.tokenizerfile.TokenizerFile;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A tokenizer that is being read and made on a thread of its own, while the caller does something
 * else. A large vocabulary takes seconds, which the native library does not interrupt: a caller
 * that is interrupted leaves it to its work, and what comes of it is dropped.
 */
public final class PendingTokenizer implements AutoCloseable {
  private final CompletableFuture<TokenizerFile> read = new CompletableFuture<>();
  private final CompletableFuture<Tokenizer> made = new CompletableFuture<>();
  private final Supplier<TokenizerFile> file;
  private final Path path;
  private final Thread maker;
  private boolean isReading = true;
  private boolean taken;

  PendingTokenizer(Supplier<TokenizerFile> file, Path path, int modelVocabSize) {
    this.file = file;
    this.path = path;
    this.maker = new Thread(() -> make(modelVocabSize), "tokenizer");
    maker.setDaemon(true);
    maker.start();
  }

  /**
   * Starts to read and make the tokenizer of a model directory.
   *
   * @param modelVocabSize the number of ids that the model has, as its {@code config.json} says
   */
  public static PendingTokenizer of(ModelDirectory directory, int modelVocabSize) {
    Path path = directory.path().resolve(FileNames.TOKENIZER);
    return new PendingTokenizer(directory::tokenizer, path, modelVocabSize);
  }

  /** Starts to make the tokenizer of a file that was read before. */
  static PendingTokenizer of(TokenizerFile file, int modelVocabSize) {
    return new PendingTokenizer(() -> file, file.path(), modelVocabSize);
  }

  private void make(int modelVocabSize) {
    try {
      read.complete(file.get());
      endReading();
      var tokenizer = Tokenizer.made(read.join(), modelVocabSize);
      if (!made.complete(tokenizer)) {
        tokenizer.close();
      }
    } catch (Throwable e) { // belongs to the thread that waits
      read.completeExceptionally(e);
      made.completeExceptionally(e);
    }
  }

  /**
   * From here on an interrupt would do harm: it closes the files that libraries are loaded from.
   */
  private synchronized void endReading() {
    isReading = false;
    Thread.interrupted();
  }

  /**
   * Waits until the tokenizer's file was read and found to be right; the tokenizer is then made.
   *
   * @throws dev.ovchat.files.UnusableFileException if the file is broken, or of another model
   * @throws TokenizerException if the thread is interrupted
   */
  public void awaitFile() {
    TokenizerFile unused = result(read);
  }

  /**
   * Waits for the tokenizer, which is the caller's from then on.
   *
   * @throws dev.ovchat.files.UnusableFileException as {@link #awaitFile()}
   * @throws TokenizerException if the file is not usable, or the thread is interrupted
   */
  public Tokenizer await() {
    Tokenizer tokenizer = result(made);
    taken = true;
    return tokenizer;
  }

  private <T> T result(CompletableFuture<T> pending) {
    try {
      return pending.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenizerException(
          "Cannot read " + path + ": the thread that reads it was interrupted.", e);
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
    endIfReading();
    if (!taken && !made.cancel(false) && !made.isCompletedExceptionally()) {
      made.join().close();
    }
  }

  private synchronized void endIfReading() {
    if (isReading) {
      maker.interrupt();
    }
  }
}
