package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.tokenizerfile.TokenizerFile;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PendingTokenizerTest {
  private static final Path PATH = Path.of("tokenizer.json");
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  private TokenizerFile readUntilInterrupted() {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
    throw new UnusableFileException("interrupted");
  }

  @Test
  void aReadingThatNobodyWantsAnyMoreIsInterrupted() throws InterruptedException {
    try (var pending = new PendingTokenizer(this::readUntilInterrupted, PATH, 10)) {
      begun.await();
    }
    assertThat(interrupted.await(10, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitingAndStays() {
    try (var pending = new PendingTokenizer(this::readUntilInterrupted, PATH, 10)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(pending::awaitFile)
          .isInstanceOf(TokenizerException.class)
          .hasMessage("Cannot read tokenizer.json: the thread that reads it was interrupted.");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFaultIsToldToWhoWaitsForTheFileAndToWhoWaitsForTheTokenizer() {
    try (var pending =
        new PendingTokenizer(
            () -> {
              throw new UnusableFileException("broken");
            },
            PATH,
            10)) {
      assertThatThrownBy(pending::awaitFile).hasMessage("broken");
      assertThatThrownBy(pending::await).hasMessage("broken");
    }
  }

  /** An interrupt of its thread would close the files that libraries are loaded from. */
  @Test
  void anInterruptWhileItIsReadHarmsNoTokenizer() {
    TokenizerFile file = TokenizerFile.read(DemoModel.DIRECTORY);
    try (var pending =
            new PendingTokenizer(
                () -> {
                  Thread.currentThread().interrupt();
                  return file;
                },
                PATH,
                10);
        Tokenizer tokenizer = pending.await()) {
      assertThat(tokenizer.encode("a token").size()).isPositive();
    }
  }
}
