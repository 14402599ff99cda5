package dev.ovchat;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

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
    Thread here = Thread.currentThread();
    Thread watch =
        new Thread(
            () -> {
              await(type + "." + method, () -> isInside(here, type, method));
              then.run();
            });
    watch.setDaemon(true);
    watch.start();
    return watch;
  }

  private static boolean isInside(Thread thread, Class<?> type, String method) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(type.getName())
                    && frame.getMethodName().equals(method));
  }
}
