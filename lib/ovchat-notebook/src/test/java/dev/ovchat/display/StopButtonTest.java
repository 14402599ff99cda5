package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What both kernels have inside, with the button in its place. */
@Timeout(900)
class StopButtonTest {
  private final Control control = new Control();
  private StopButton button;

  /** The fields that both kernels' ExecutionControl has. */
  private static final class Control {
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Map<String, Future<Object>> running = new ConcurrentHashMap<>();

    /** As both of them do it. */
    void interrupt() {
      running.forEach((id, snippet) -> snippet.cancel(true));
    }
  }

  @BeforeEach
  void takesItsPlace() throws ReflectiveOperationException {
    control.executor.shutdown();
    button = StopButton.in(control, () -> {});
    button.cellBegins();
  }

  private static Object untilInterrupted(CountDownLatch begun) {
    begun.countDown();
    while (!Thread.interrupted()) {
      Thread.onSpinWait();
    }
    return "ended";
  }

  @Test
  void aSnippetThatNoticesHasItsValue() throws Exception {
    var begun = new CountDownLatch(1);
    var snippet = control.executor.submit(() -> untilInterrupted(begun));
    begun.await();
    control.interrupt();
    assertThat(snippet.get()).isEqualTo("ended");
  }

  @Test
  void aSnippetThatThrowsIsCancelled() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var snippet =
        control.executor.submit(
            () -> {
              untilInterrupted(begun);
              throw new IllegalStateException("stopped");
            });
    begun.await();
    control.interrupt();
    assertThatThrownBy(snippet::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void anErrorWithoutAStopStaysWhatItIs() {
    var snippet =
        control.executor.submit(
            () -> {
              throw new IllegalStateException("so");
            });
    assertThatThrownBy(snippet::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("so");
  }

  @Test
  void aSecondPressGivesUpAtOnceAndInterruptsUntilTheEnd() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var noticed = new CountDownLatch(5);
    var snippet =
        control.executor.submit(
            () -> {
              while (noticed.getCount() > 0) {
                untilInterrupted(begun);
                noticed.countDown();
              }
              return "ended";
            });
    begun.await();
    control.interrupt();
    control.interrupt();
    assertThatThrownBy(snippet::get).isInstanceOf(CancellationException.class);
    noticed.await();
  }

  @Test
  void aPressBetweenSnippetsStopsTheNextOne() throws Exception {
    control.interrupt();
    assertThat(control.executor.submit(() -> untilInterrupted(new CountDownLatch(1))).get())
        .isEqualTo("ended");
  }

  @Test
  void aPressThatNobodyNoticedStopsTheNextOne() throws Exception {
    control.interrupt();
    assertThat(control.executor.submit(() -> "quick").get()).isEqualTo("quick");
    assertThat(control.executor.submit(() -> untilInterrupted(new CountDownLatch(1))).get())
        .isEqualTo("ended");
  }

  @Test
  void aPressBetweenCellsIsForNobody() throws Exception {
    control.interrupt();
    button.cellEnds();
    control.interrupt();
    button.cellBegins();
    assertThat(control.executor.submit(Thread::interrupted).get()).isFalse();
  }
}
