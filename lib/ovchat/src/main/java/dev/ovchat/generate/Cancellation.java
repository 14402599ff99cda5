package dev.ovchat.generate;

/**
 * A way to stop a generation from outside, for instance by a button or from another thread:
 *
 * <pre>{@code
 * var cancellation = new Cancellation();
 * executor.submit(() -> model.generate(ids, config, GenerationHooks.none().cancellation(cancellation)));
 * …
 * cancellation.cancel();
 * }</pre>
 *
 * <p>The generation ends within one token, while the prompt is read within a fraction of a second
 * (the device reads on to its end all the same, and the model's next generation waits for it), and
 * returns what it had, with {@link FinishReason#CANCELLED}. An interrupt of the thread that
 * generates does the same: a notebook's stop button does that.
 */
public final class Cancellation {
  private volatile boolean cancelled;

  /** Stops the generations that were given this; once cancelled, it stays so. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Returns whether this was cancelled, or the thread that asks is interrupted, which cancels it.
   *
   * <p>A notebook's stop button interrupts the thread that runs the cell, and nothing more. The
   * rest of the cell shall see what there is, so the interrupt ends here.
   */
  public boolean isRequested() {
    if (Thread.interrupted()) {
      cancel();
    }
    return cancelled;
  }
}
