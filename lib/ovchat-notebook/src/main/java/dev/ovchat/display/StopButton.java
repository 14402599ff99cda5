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
 * Runs the snippets of a cell, as the kernel cuts it, and stops them. A kernel gives up a cell as
 * soon as the button is pressed, whatever its code does with the interrupt, and ignores a press
 * while it compiles. Here:
 *
 * <ul>
 *   <li>A snippet that notices the interrupt and ends in time, as a generation does, returns its
 *       value, and the cell goes on.
 *   <li>If a snippet ends with an exception or not in time, or on a second press, the cell is given
 *       up. The snippet's thread is interrupted until it ends.
 *   <li>A press that no snippet has noticed interrupts the next one of the same cell.
 * </ul>
 */
final class StopButton extends ThreadPoolExecutor {
  private static final long PATIENCE_MILLIS = 3000;
  private static final long AGAIN_MILLIS = 100;

  /**
   * Time that a thread waits for another snippet. The kernel cannot end while there is a thread.
   */
  private static final long IDLE_MILLIS = 100;

  private final Runnable atEnd;
  private Snippet<?> running;
  private boolean isInCell;
  private boolean isWaiting; // a press for the next snippet

  /**
   * @param threads makes the threads in which snippets run
   * @param atEnd task to run in a snippet's thread when it has ended
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
   * Replaces the executor of a kernel's snippets.
   *
   * @param control the kernel's ExecutionControl
   */
  static StopButton in(Object control, Runnable atEnd) throws ReflectiveOperationException {
    var replaced = (ThreadPoolExecutor) PrivateFields.get(control, "executor");
    var button = new StopButton(replaced.getThreadFactory(), atEnd);
    PrivateFields.set(control, "running", button.running());
    PrivateFields.set(control, "executor", button);
    replaced.shutdown(); // when the snippet that this happens in is over
    return button;
  }

  /**
   * Returns a map that reports presses: the kernel keeps its running snippets in a map, and
   * iterates over it at a press.
   */
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

    /** Interrupts the thread, and gives the snippet some time to end. */
    void stop() {
      if (isStopped) {
        button.giveUp(this);
      } else {
        isStopped = true;
        thread.interrupt();
        after(PATIENCE_MILLIS, () -> button.giveUp(this));
      }
    }

    /** Treats any exception of a stopped snippet as a stop of the cell. */
    @Override
    protected void setException(Throwable e) {
      if (isStopped) {
        super.cancel(false);
      } else {
        super.setException(e);
      }
    }
  }

  /** Code of a snippet, with notification of its beginning and its end. */
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
