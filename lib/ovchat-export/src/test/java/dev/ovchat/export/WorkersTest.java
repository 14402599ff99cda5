package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void resultsAreInTheOrderOfTheTasks() throws InterruptedException, ExecutionException {
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int own = i;
      tasks.add(() -> own);
    }
    assertThat(Workers.run(tasks)).hasSize(100).isSorted();
    assertThat(Workers.run(List.<Callable<Integer>>of())).isEmpty();
  }

  /** Whoever cleans up after a failure neither meets files in use nor lacks the memory. */
  @Test
  void afterAFailureNoneRuns() {
    CountDownLatch otherRuns = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Callable<Void> failing =
        () -> {
          otherRuns.await();
          throw new IllegalStateException("the first failure");
        };
    Callable<Void> other =
        () -> {
          otherRuns.countDown();
          Thread.sleep(300);
          ended.incrementAndGet();
          return null;
        };
    assertThatThrownBy(() -> Workers.run(List.of(other, failing)))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("the first failure");
    assertThat(ended).hasValue(1);
  }

  @Test
  void afterAFailureNoneBegins() {
    AtomicInteger begun = new AtomicInteger();
    Callable<Void> failing =
        () -> {
          begun.incrementAndGet();
          throw new OutOfMemoryError("for this test");
        };
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      tasks.add(failing);
    }
    assertThatThrownBy(() -> Workers.run(tasks))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
    assertThat(begun).hasValueBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void anInterruptWaitsForThoseThatHaveBegun() {
    Thread caller = Thread.currentThread();
    AtomicInteger ended = new AtomicInteger();
    Callable<Void> task =
        () -> {
          caller.interrupt();
          Thread.sleep(300);
          ended.incrementAndGet();
          return null;
        };
    assertThatThrownBy(() -> Workers.run(List.of(task, task, task, task, task, task, task, task)))
        .isInstanceOf(InterruptedException.class);
    Thread.interrupted(); // two tasks may have interrupted it
    assertThat(ended.get()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }
}
