package dev.ovchat.display;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Runs the snippets of a cell, as the kernel cuts it, and stops them. A kernel gives a cell up as
 * soon as the button is pressed, whatever its code does with the interrupt, and hears no press
 * while it compiles. Here:
 *
 * <ul>
 *   <li>A snippet that notices the interrupt and ends in time, as a generation does, has its value,
 *       and the cell goes on.
 *   <li>One that ends with an exception, or not at all, has the cell given up; so does a second
 *       press. Its thread is interrupted until it ends.
 *   <li>A press that no snippet has noticed interrupts the next one of the same cell.
 * </ul>
 */
final class StopButton extends ThreadPoolExecutor {
  private static final long PATIENCE_MILLIS = 3000;
  private static final long AGAIN_MILLIS = 100;

  /** How long a thread waits for another snippet. The kernel cannot end as long as there is one. */
  private static final long IDLE_MILLIS = 100;

  private final Runnable atEnd;
  private Snippet<?> running;
  private boolean isInCell;
  private boolean isWaiting; // a press for the next snippet

  /**
   * @param threads makes the threads that snippets run in
   * @param atEnd is run in a snippet's thread when it is over
   */
  StopButton(ThreadFactory threads, Runnable atEnd) {
    super(
        0,
        Integer.MAX_VALUE,
        IDLE_MILLIS,
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        threads);
    this.atEnd = atEnd;
  }

  /**
   * Takes the place of what runs snippets in a kernel.
   *
   * @param control the kernel's ExecutionControl
   */
  static StopButton in(Object control, Runnable atEnd) throws ReflectiveOperationException {
    var replaced = (ThreadPoolExecutor) Inside.get(control, "executor");
    var button = new StopButton(replaced.getThreadFactory(), atEnd);
    Inside.set(control, "running", button.running());
    Inside.set(control, "executor", button);
    replaced.shutdown(); // when the snippet that this happens in is over
    return button;
  }

  /** The kernel keeps its running snippets in a map, and goes through it at a press. */
  private ConcurrentMap<String, Future<Object>> running() {
    return new ConcurrentHashMap<>() {
      @Override
      public void forEach(BiConsumer<? super String, ? super Future<Object>> cancel) {
        press();
      }
    };
  }

  synchronized void cellBegins() {
    isInCell = true;
    isWaiting = false;
  }

  synchronized void cellEnds() {
    isInCell = false;
    isWaiting = false;
  }

  synchronized void press() {
    if (running != null) {
      running.stop();
    } else {
      isWaiting = isInCell;
    }
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> work) {
    return Snippet.of(this, work);
  }

  private synchronized void begins(Snippet<?> snippet) {
    running = snippet;
    if (isWaiting) {
      isWaiting = false;
      snippet.stop();
    }
  }

  private void ends(Snippet<?> snippet) {
    synchronized (this) {
      boolean isUnnoticed = Thread.interrupted();
      if (running == snippet) { // else the cell has been given up
        running = null;
        isWaiting |= isUnnoticed && snippet.isStopped && isInCell;
      }
      snippet.hasEnded = true;
    }
    atEnd.run();
  }

  private synchronized void giveUp(Snippet<?> snippet) {
    if (snippet.hasEnded) {
      return;
    }
    if (running == snippet) {
      running = null;
    }
    snippet.cancel(false);
    snippet.thread.interrupt();
    after(AGAIN_MILLIS, () -> giveUp(snippet));
  }

  private static void after(long millis, Runnable work) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(work);
  }

  /** A piece of a cell while it runs. */
  private static final class Snippet<T> extends FutureTask<T> {
    private final StopButton button;
    private Thread thread;
    private volatile boolean isStopped;
    private boolean hasEnded;

    private Snippet(StopButton button, Work<T> work) {
      super(work);
      this.button = button;
      work.snippet = this;
    }

    static <T> Snippet<T> of(StopButton button, Callable<T> code) {
      return new Snippet<>(button, new Work<>(code));
    }

    /** Its thread is interrupted, and it has some time to end. */
    void stop() {
      if (isStopped) {
        button.giveUp(this);
      } else {
        isStopped = true;
        thread.interrupt();
        after(PATIENCE_MILLIS, () -> button.giveUp(this));
      }
    }

    /** Whatever a stopped snippet throws, the cell has been stopped. */
    @Override
    protected void setException(Throwable e) {
      if (isStopped) {
        super.cancel(false);
      } else {
        super.setException(e);
      }
    }
  }

  /** What a snippet does. */
  private static final class Work<T> implements Callable<T> {
    private final Callable<T> code;
    private Snippet<T> snippet;

    Work(Callable<T> code) {
      this.code = code;
    }

    @Override
    public T call() throws Exception {
      snippet.thread = Thread.currentThread();
      snippet.button.begins(snippet);
      try {
        return code.call();
      } finally {
        snippet.button.ends(snippet);
      }
    }
  }
}
