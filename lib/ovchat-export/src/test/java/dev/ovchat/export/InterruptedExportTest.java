package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To stop a cell interrupts its thread: the export ends at once, and nothing is left of it. */
@Slow
class InterruptedExportTest {
  @TempDir static Path folder;

  private static final String MESSAGE = "The export was interrupted; nothing is left of it.";

  @BeforeAll
  static void makeCheckpoint() throws IOException {
    TinyCheckpoint.of("llama")
        .with("vocab_size", 40_000)
        .with("hidden_size", 128)
        .writeTo(folder.resolve("checkpoint"));
    Path templates = folder.resolve("checkpoint/additional_chat_templates");
    Files.writeString(Files.createDirectory(templates).resolve("rag.jinja"), "{{ documents }}");
    Files.createDirectory(folder.resolve("place"));
  }

  private static Export export() {
    return Export.of(folder.resolve("checkpoint")).groupSize(8);
  }

  private static void assertNothingIsLeft() throws InterruptedException {
    assertThat(folder.resolve("place")).isEmptyDirectory();
    for (Thread worker : workers()) { // it has no work any more, and ends
      worker.join(Moments.LONG.toMillis());
      assertThat(worker.isAlive()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12, 18, 20, 25, 28, 30})
  void afterSoManyParts(int parts) throws InterruptedException {
    Thread caller = Thread.currentThread();
    AtomicInteger told = new AtomicInteger();
    Export export =
        export()
            .progress(
                progress -> {
                  if (told.incrementAndGet() == parts) {
                    caller.interrupt();
                  }
                });
    assertThatThrownBy(() -> export.to(folder.resolve("place/model")))
        .isInstanceOf(ExportException.class)
        .hasMessage(MESSAGE);
    assertThat(Thread.interrupted()).isTrue();
    assertNothingIsLeft();
  }

  /** The matrix is measured twice: for the choice of precisions, and by AWQ. */
  @Test
  void whileAwqMeasures() throws InterruptedException {
    Thread caller = Thread.currentThread();
    AtomicInteger told = new AtomicInteger();
    Export export =
        export()
            .awq(true)
            .progress(
                progress -> {
                  if (progress.what().equals("measuring model.layers.0.mlp.down_proj.weight")
                      && told.incrementAndGet() == 2) {
                    caller.interrupt();
                  }
                });
    assertThatThrownBy(() -> export.to(folder.resolve("place/model")))
        .isInstanceOf(ExportException.class)
        .hasMessage(MESSAGE);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(told).hasValue(2);
    assertNothingIsLeft();
  }

  @Test
  void beforeItBegins() throws InterruptedException {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> export().to(folder.resolve("place/model")))
        .isInstanceOf(ExportException.class)
        .hasMessage(MESSAGE);
    assertThat(Thread.interrupted()).isTrue();
    assertNothingIsLeft();
  }

  /** A kernel that interrupts a group of threads reaches the workers, too. */
  @Test
  void theWorkersAlone() throws InterruptedException {
    AtomicBoolean isOver = new AtomicBoolean();
    Thread interrupter =
        new Thread(
            () -> {
              while (!isOver.get()) {
                workers().forEach(Thread::interrupt);
              }
            });
    interrupter.start();
    try {
      assertThatThrownBy(() -> export().to(folder.resolve("place/model")))
          .isInstanceOf(ExportException.class)
          .hasMessage(MESSAGE);
    } finally {
      isOver.set(true);
    }
    assertThat(Thread.interrupted()).isTrue();
    assertNothingIsLeft();
  }

  private static List<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("ovchat-export"))
        .toList();
  }

  @Test
  void atAnyMoment() throws InterruptedException, IOException {
    long start = System.nanoTime();
    export().to(folder.resolve("place/whole"));
    long whole = System.nanoTime() - start;
    FileTree.delete(folder.resolve("place/whole"));
    Random random = new Random(1);
    for (int round = 0; round < 40; round++) {
      interruptAfter((long) (random.nextDouble() * 1.1 * whole));
    }
  }

  private static void interruptAfter(long nanos) throws InterruptedException, IOException {
    Path target = folder.resolve("place/model");
    AtomicInteger flags = new AtomicInteger();
    Throwable[] thrown = new Throwable[1];
    Thread caller =
        new Thread(
            () -> {
              try {
                export().to(target);
              } catch (Throwable e) {
                thrown[0] = e;
              }
              flags.set(Thread.currentThread().isInterrupted() ? 1 : 0);
            });
    caller.start();
    LockSupport.parkNanos(nanos);
    boolean isAlive = caller.isAlive();
    caller.interrupt();
    caller.join(Moments.LONG.toMillis());
    assertThat(caller.isAlive()).isFalse();
    if (thrown[0] == null) {
      assertThat(target.resolve("config.json")).exists();
      FileTree.delete(target);
    } else {
      assertThat(thrown[0]).isInstanceOf(ExportException.class).hasMessage(MESSAGE);
      assertThat(isAlive).isTrue();
      assertThat(flags).hasValue(1);
    }
    assertNothingIsLeft();
  }
}
