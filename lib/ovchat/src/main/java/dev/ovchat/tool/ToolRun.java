package dev.ovchat.tool;

import dev.ovchat.schema.RecordJson;
import dev.ovchat.schema.SchemaException;
import dev.ovchat.text.PrintingThread;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Run of a function, on a thread of its own: one that hangs is interrupted and left alone.
 *
 * @param content what the model reads
 * @param failed true if that is a sentence on what went wrong
 */
record ToolRun(String content, boolean failed) {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  static ToolRun failed(String reason) {
    return new ToolRun("Error: " + reason + (reason.endsWith(".") ? "" : "."), true);
  }

  static ToolRun of(Callable<Object> function, Duration timeout, BooleanSupplier isCancelled) {
    var task = new FutureTask<>(PrintingThread.awaited(() -> RecordJson.of(function.call())));
    var thread = new Thread(task, "ovchat tool");
    thread.setDaemon(true);
    thread.start();
    try {
      return new ToolRun(await(task, timeout, isCancelled), false);
    } catch (ExecutionException e) {
      return failed(e.getCause());
    } catch (TimeoutException e) {
      return failed(
          String.format(
              Locale.ROOT, "the tool took longer than %.1f s", timeout.toMillis() / 1000.0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled(e);
    } finally {
      thread.interrupt();
    }
  }

  private static String await(
      FutureTask<String> task, Duration timeout, BooleanSupplier isCancelled)
      throws ExecutionException, InterruptedException, TimeoutException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      if (isCancelled.getAsBoolean()) {
        throw cancelled(null);
      }
      long left = Math.min(end - System.nanoTime(), BETWEEN_LOOKS.toNanos());
      try {
        return task.get(Math.max(1, left), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (System.nanoTime() >= end) {
          throw e;
        }
      }
    }
  }

  private static CancellationException cancelled(Throwable cause) {
    var exception = new CancellationException("The call of the tool was cancelled.");
    exception.initCause(cause);
    return exception;
  }

  private static ToolRun failed(Throwable thrown) {
    if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
      throw error;
    }
    String message = thrown.getMessage();
    boolean saysAll = thrown instanceof SchemaException && message != null;
    return failed(
        saysAll
            ? message
            : thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message));
  }
}
