package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@SuppressWarnings("UnnecessaryLambda") // a receiver is known by its identity
class CellOutputTest {
  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
  private final CellOutput output = new CellOutput();
  private final Consumer<String> out = text -> sent.add("out: " + text);
  private final Consumer<String> err = text -> sent.add("err: " + text);

  @Test
  void printsThatComeCloseTogetherAreOneMessage() {
    for (int i = 0; i < 100; i++) {
      output.add(out, i + " ");
    }
    output.flush();
    assertThat(sent.size()).isLessThan(100);
    assertThat(joined()).startsWith("0 1 2 ").endsWith("98 99 ");
  }

  private String joined() {
    return String.join("", sent).replace("out: ", "");
  }

  @Test
  void theOrderOfBothStreamsStays() {
    output.add(out, "a");
    output.add(err, "b");
    output.add(out, "c");
    output.flush();
    assertThat(sent).containsExactly("out: a", "err: b", "out: c");
  }

  @Test
  void whatIsPrintedIsSentWithoutBeingAskedFor() throws InterruptedException {
    output.add(out, "a");
    while (sent.isEmpty()) {
      Thread.sleep(1);
    }
    assertThat(sent).containsExactly("out: a");
  }

  @Test
  void aLongTextIsSentInPiecesThatSplitNoCharacter() {
    output.add(out, "x" + "😀".repeat(500_000));
    output.flush();
    assertThat(sent).hasSizeGreaterThan(2);
    assertThat(sent)
        .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
    assertThat(joined()).isEqualTo("x" + "😀".repeat(500_000));
  }

  @Test
  void aThreadThatIsInterruptedSendsAllTheSameAndStaysInterrupted() {
    List<Boolean> interrupted = new ArrayList<>();
    Thread.currentThread().interrupt();
    output.add(
        text -> interrupted.add(Thread.currentThread().isInterrupted()), "x".repeat(600_000));
    output.flush();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted).hasSizeGreaterThan(2).containsOnly(false);
  }

  @Test
  void bytesBecomeTextWhenTheyAreWholeCharacters() {
    byte[] bytes = "aä€😀".getBytes(StandardCharsets.UTF_8);
    var decoder = new Utf8Decoder();
    var text = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      text.append(decoder.decode(bytes, i, 1));
    }
    assertThat(text).hasToString("aä€😀");
    assertThat(decoder.decode(new byte[] {(byte) 0xff, 'b'}, 0, 2)).isEqualTo("�b");
  }
}
