package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Generates completions of prompts that come at any time, many at once: the device reads the
 * weights once for all of them.
 *
 * <pre>{@code
 * try (GenerationQueue queue = model.newQueue()) {
 *   CompletableFuture<Generation> first = queue.submit(firstPrompt, config);
 *   CompletableFuture<Generation> second = queue.submit(secondPrompt, config);
 *   first.get().ids();
 *   second.cancel(true);
 * }
 * }</pre>
 *
 * <p>Each prompt gets the completion that it would get alone (the same tokens in full precision;
 * rounding may decide near-ties differently). What it has in common with the beginning of another
 * one is read once. Drafts are not used.
 *
 * <p>Safe for use by several threads. The work is done by a thread of its own, which ends when
 * nothing is left to do, and which calls the hooks.
 */
public final class GenerationQueue implements AutoCloseable {
  private final CausalLM model;
  private final ContinuousBatch batch;
  private final Runnable release;
  private final Object lock = new Object();
  private final List<BatchedPrompt> submitted = new ArrayList<>(); // and not in the batch yet
  private boolean isWorking; // there is a thread
  private volatile boolean closed;
  private Throwable failure; // of the device, which has closed it; else null

  /**
   * @param release run when the tokenizer is not needed any more, once or more
   */
  GenerationQueue(CausalLM model, ContinuousBatch batch, Runnable release) {
    this.model = model;
    this.batch = batch;
    this.release = release;
  }

  /** Same as {@link #submit(TokenIds, GenerationConfig, GenerationHooks)} without hooks. */
  public CompletableFuture<Generation> submit(TokenIds prompt, GenerationConfig config) {
    return submit(prompt, config, GenerationHooks.none());
  }

  /**
   * Submits a prompt.
   *
   * @param config as in {@link CausalLM#generate(TokenIds, GenerationConfig, GenerationHooks)}, but
   *     without beams
   * @param hooks called by the queue's thread, which waits for them; the listener is notified of
   *     the first completion
   * @return the generation, once it is over. Cancelling it ends the generation within a step; ended
   *     by the hooks' {@link Cancellation} or by {@link #close()}, it has what there is, with
   *     {@link FinishReason#CANCELLED}
   * @throws GenerationException as there, and if the config asks for beams
   * @throws IllegalStateException if this is closed, by {@link #close()} or since the device
   *     failed, which then is the cause
   */
  public CompletableFuture<Generation> submit(
      TokenIds prompt, GenerationConfig config, GenerationHooks hooks) {
    var future = new CompletableFuture<Generation>();
    submit(model.request(prompt, config, hooks), future);
    return future;
  }

  /**
   * Streams the completion of a prompt as pieces of text. It is generated beside the others,
   * whether or not the pieces are asked for; closing the stream ends it.
   *
   * @throws GenerationException as above, and if the config asks for several completions
   * @throws IllegalStateException as above
   */
  public TextStream stream(TokenIds prompt, GenerationConfig config) {
    return new TextStream(
        listener -> {
          var source = new QueuedText(listener);
          GenerationRequest request = model.request(prompt, config, source.hooks());
          request.requireOneCompletion();
          submit(request, source.future());
          return source;
        },
        () -> {});
  }

  private void submit(GenerationRequest request, CompletableFuture<Generation> future) {
    requireNoBeams(request);
    RequiredMemory.checkHeap(List.of(request));
    Cancellation cancellation = request.cancellation().orElseGet(Cancellation::new);
    enqueue(
        new BatchedPrompt(
            DecodingState.all(model, request),
            () -> future.isDone() || cancellation.isRequested(),
            generation -> future.completeAsync(() -> generation),
            reason ->
                future.completeAsync(
                    () -> {
                      throw new CompletionException(reason);
                    })));
  }

  private static void requireNoBeams(GenerationRequest request) {
    if (request.config().numBeams() > 1) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "numBeams is %d, but a queue generates without beams; set it to 1, or call generate.",
              request.config().numBeams()));
    }
  }

  private void enqueue(BatchedPrompt prompt) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException(
            "This queue is closed. Make it again; in a notebook, run its cell again.", failure);
      }
      submitted.add(prompt);
      if (!isWorking) {
        Thread thread = new Thread(this::work, "generation queue");
        thread.setDaemon(true);
        thread.start();
        isWorking = true;
      }
    }
  }

  private void work() {
    try {
      while (goesOn()) {
        batch.step(() -> closed);
      }
    } catch (RuntimeException | Error e) { // the device's: a hook's ends its own prompt alone
      failure = e;
      end(() -> batch.failAll(e));
    }
  }

  /** Takes over what was submitted meanwhile; returns whether there is something to do. */
  private boolean goesOn() {
    boolean isClosed;
    List<BatchedPrompt> taken;
    synchronized (lock) {
      isClosed = closed;
      taken = takeSubmitted();
      if (!isClosed && taken.isEmpty() && batch.isIdle()) {
        isWorking = false;
        return false;
      }
    }
    taken.forEach(batch::add); // whose listeners may submit more
    if (isClosed) {
      end(batch::cancelAll);
    }
    return !isClosed;
  }

  private List<BatchedPrompt> takeSubmitted() {
    List<BatchedPrompt> taken = List.copyOf(submitted);
    submitted.clear();
    return taken;
  }

  /** Ends what is not over, and frees the cache. */
  private void end(Runnable endOfAll) {
    List<BatchedPrompt> taken;
    synchronized (lock) {
      closed = true;
      taken = takeSubmitted();
    }
    try {
      taken.forEach(batch::add);
      endOfAll.run();
    } finally {
      batch.close();
      release.run();
    }
  }

  /**
   * Ends all generations, as cancelled, and frees the cache. It does not wait for that: it may be
   * the listener of one of them that closes.
   */
  @Override
  public void close() {
    boolean isFree;
    synchronized (lock) {
      isFree = !closed && !isWorking;
      closed = true;
    }
    if (isFree) {
      end(() -> {});
    }
  }
}
