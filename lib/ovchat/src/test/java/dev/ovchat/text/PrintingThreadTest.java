package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PrintingThreadTest {

  @Test
  void handsEverythingOnInOrder() {
    var text = new StringBuilder();
    var printing = new PrintingThread(text::append);
    var expected = new StringBuilder();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 1000; i++) {
        printing.handOn(i + " ");
        expected.append(i).append(' ');
      }
      printing.finish();
      assertThat(text.toString()).isEqualTo(expected.toString());
    }
  }

  @Test
  void doesNotWaitForTheReceiverAndHandsOnTogetherWhatCameMeanwhile() {
    var goOn = new CountDownLatch(1);
    List<String> received = Collections.synchronizedList(new ArrayList<>());
    var printing =
        new PrintingThread(
            piece -> {
              received.add(piece);
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    printing.handOn("a");
    while (received.isEmpty()) {
      Thread.onSpinWait();
    }
    printing.handOn("b");
    printing.handOn("c");
    goOn.countDown();
    printing.finish();
    assertThat(received).containsExactly("a", "bc");
  }

  @Test
  void anInterruptDoesNotReachTheReceiver() {
    var text = new StringBuilder();
    var printing =
        new PrintingThread(
            piece -> {
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
              text.append(piece);
            });
    Thread.currentThread().interrupt();
    printing.handOn("whole");
    printing.finish();
    var unused = Thread.interrupted(); // gone already, where it was waited for
    assertThat(text.toString()).isEqualTo("whole");
  }

  @Test
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anInterruptEndsTheWaitForAReceiverThatIsStuck() {
    var never = new CountDownLatch(1);
    var printing =
        new PrintingThread(
            piece -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    printing.handOn("x");
    Thread.currentThread().interrupt();
    printing.finish();
    never.countDown();
  }

  @Test
  void whatTheReceiverThrowsIsThrownOnceToTheCaller() {
    for (Throwable thrown : List.of(new IllegalStateException("full"), new AssertionError("bug"))) {
      var printing =
          new PrintingThread(
              piece -> {
                if (thrown instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) thrown;
              });
      printing.handOn("x");
      assertThatThrownBy(printing::finish).isSameAs(thrown);
      printing.finish();
    }
  }
}
