package dev.ovchat.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Utils;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A tokenizer of HuggingFace's library, by the calls that DJL has for it. DJL's own class would
 * read the whole file a second time, into a tree, to learn how to pad.
 */
final class NativeTokenizer implements AutoCloseable {
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final long handle;

  private NativeTokenizer(long handle) {
    this.handle = handle;
  }

  /**
   * Creates a tokenizer. A large vocabulary takes seconds, which the library does not interrupt: an
   * interrupt of this thread leaves it to its work, and what comes of it is dropped.
   *
   * @param json the text of a {@code tokenizer.json}
   * @throws TokenizerException if the native library cannot be loaded
   * @throws RuntimeException if it does not take the text; the message is the library's
   * @throws InterruptedException if this thread is interrupted
   */
  static NativeTokenizer of(String json) throws InterruptedException {
    requireLibrary();
    CompletableFuture<NativeTokenizer> made = new CompletableFuture<>();
    Thread maker =
        new Thread(
            () -> {
              try {
                var tokenizer = new NativeTokenizer(LIBRARY.createTokenizerFromString(json));
                if (!made.complete(tokenizer)) {
                  tokenizer.close();
                }
              } catch (Throwable e) { // belongs to the thread that waits
                made.completeExceptionally(e);
              }
            },
            "tokenizer");
    maker.setDaemon(true);
    maker.start();
    try {
      return made.get();
    } catch (InterruptedException e) {
      if (!made.cancel(false)) {
        closeMade(made);
      }
      throw e;
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    }
  }

  private static void closeMade(CompletableFuture<NativeTokenizer> made) {
    try {
      made.join().close();
    } catch (CompletionException | CancellationException nothingToClose) {
      return;
    }
  }

  private static RuntimeException unwrapped(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return (RuntimeException) e;
  }

  private static void requireLibrary() {
    try {
      LibUtils.checkStatus();
    } catch (EngineException e) {
      throw new TokenizerException(
          """
          DJL's native tokenizer library cannot be loaded: %s Its folder, %s, has to be one that you \
          can write to; DJL_CACHE_DIR names another."""
              .formatted(e.getMessage(), Utils.getEngineCacheDir()),
          e);
    }
  }

  /** The ids of a text. */
  long[] encode(String text, boolean addSpecialTokens) {
    long encoding = LIBRARY.encode(handle, text, addSpecialTokens);
    try {
      return LIBRARY.getTokenIds(encoding);
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }

  /** The text of ids, which all have to be the tokenizer's. */
  String decode(long[] ids, boolean skipSpecialTokens) {
    return LIBRARY.decode(handle, ids, skipSpecialTokens);
  }

  /** Frees the tokenizer; to be called once. */
  @Override
  public void close() {
    LIBRARY.deleteTokenizer(handle);
  }
}
