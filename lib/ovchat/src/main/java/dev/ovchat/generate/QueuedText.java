package dev.ovchat.generate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/** A completion that a {@link GenerationQueue} generates, for the stream of its text. */
final class QueuedText implements TextStream.Source {
  private final GenerationListener listener;
  private final Cancellation cancellation = new Cancellation();
  private final CompletableFuture<Generation> generation = new CompletableFuture<>();
  private final Semaphore news = new Semaphore(0);

  /**
   * @param listener notified of the text
   */
  QueuedText(GenerationListener listener) {
    this.listener = listener;
    var unused = generation.whenComplete((done, failure) -> news.release());
  }

  /** The hooks to submit the prompt with. */
  GenerationHooks hooks() {
    return GenerationHooks.none()
        .cancellation(cancellation)
        .listener(
            new GenerationListener() {
              @Override
              public void token(int id) {}

              @Override
              public void text(String piece) {
                listener.text(piece);
                news.release();
              }
            });
  }

  /** The future that is completed once the completion is over. */
  CompletableFuture<Generation> future() {
    return generation;
  }

  /** {@inheritDoc} An interrupt ends the completion. */
  @Override
  public boolean advance() {
    try {
      news.acquire();
    } catch (InterruptedException e) {
      cancellation.cancel();
    }
    if (!generation.isDone()) {
      return true;
    }
    news.release(); // whoever asks again does not wait
    if (generation.isCompletedExceptionally()) {
      generation(); // throws
    }
    return false;
  }

  @Override
  public void cancel() {
    cancellation.cancel();
  }

  @Override
  public Generation generation() {
    try {
      return generation.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException reason) {
        throw reason;
      }
      throw e;
    }
  }
}
