package dev.ovchat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Waits for what has to come, however slow the machine is: by a condition, not by a time. */
public final class Moments {
  /** Nothing takes as long, but for what never ends. */
  public static final Duration LONG = Duration.ofMinutes(10);

  private Moments() {}

  /** Waits until a condition holds. */
  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(what + " has not come in " + LONG);
      }
      Thread.onSpinWait();
    }
  }

  /** Does something on another thread as soon as this one is inside a method. */
  public static Thread whenInside(Class<?> type, String method, Runnable then) {
    return when(type, method, here -> true, then);
  }

  /** Same as above, as soon as this one waits there for another thread. */
  public static Thread whenWaitingIn(Class<?> type, String method, Runnable then) {
    return when(type, method, here -> here.getThreadState() == Thread.State.WAITING, then);
  }

  private static Thread when(
      Class<?> type, String method, Predicate<ThreadInfo> condition, Runnable then) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    BooleanSupplier isThere =
        () -> {
          ThreadInfo here = threads.getThreadInfo(id, Integer.MAX_VALUE); // at one moment
          return isInside(here, type, method) && condition.test(here);
        };
    Thread watch =
        new Thread(
            () -> {
              await(type + "." + method, isThere);
              then.run();
            });
    watch.setDaemon(true);
    watch.start();
    return watch;
  }

  private static boolean isInside(ThreadInfo thread, Class<?> type, String method) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(type.getName())
                    && frame.getMethodName().equals(method));
  }
}
