package dev.ovchat.template;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Renders templates, each in memory of its own and on a thread of its own, which is interrupted
 * when it takes too long. Safe for use by several threads.
 */
public final class TemplateSandbox {
  /**
   * Limit of the processor's time, since a busy machine must not fail; a long chat takes 0.01 s.
   */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /**
   * Stack size that is enough for the module's own limits on nesting, however deep the caller
   * stands.
   */
  private static final long STACK_BYTES = 64L << 20;

  private TemplateSandbox() {}

  /**
   * The text of a template.
   *
   * <p>An interrupt does not end it, since it is soon over: the thread's interrupt flag is left for
   * what comes after it.
   *
   * @param request JSON: {@code template}, {@code variables} by their names, and {@code now}: what
   *     each letter of strftime stands for; without variables the template is read, and its text is
   *     empty
   * @throws TemplateException if the template refuses the values, cannot be rendered, or takes more
   *     than is allowed
   */
  public static String render(String request) {
    var task = new FutureTask<>(() -> new TemplateModule().render(request));
    var thread = new Thread(null, task, "chat template", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return result(task, thread);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TemplateException problem
          ? problem
          : new TemplateException("its engine failed: " + e.getCause(), e);
    } finally {
      thread.interrupt();
    }
  }

  private static String result(FutureTask<String> task, Thread thread) throws ExecutionException {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          isInterrupted = true;
        } catch (TimeoutException e) {
          requireTime(thread, e);
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void requireTime(Thread thread, TimeoutException e) {
    long nanos = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    if (nanos > LONGEST.toNanos()) {
      throw new TemplateException(
          String.format(Locale.ROOT, "it takes longer than %d seconds", LONGEST.toSeconds()), e);
    }
  }
}
