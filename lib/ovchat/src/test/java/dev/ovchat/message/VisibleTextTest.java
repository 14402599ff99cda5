package dev.ovchat.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTextTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "9, ⇥",
        "0, ␀",
        "27, ␛",
        "127, ␡",
        "133, [U+0085]",
        "8238, [U+202E]",
        "8203, [U+200B]",
        "8233, [U+2029]",
        "55357, [U+D83D]",
        "32, \" \"",
        "9601, ▁",
        "128512, 😀",
        "8205, \"\u200d\""
      })
  void whatWouldNotBeSeenHasASign(int character, String shown) {
    assertThat(VisibleText.of(Character.toString(character))).isEqualTo(shown);
    assertThat(VisibleText.onOneLine(Character.toString(character))).isEqualTo(shown);
  }

  @Test
  void aLineBreakStaysWithItsSign() {
    assertThat(VisibleText.of("a\nb")).isEqualTo("a↵\nb");
    assertThat(VisibleText.onOneLine("a\r\nb")).isEqualTo("a␍↵b");
  }

  @Test
  void aLongTextIsCutWithACount() {
    String text = "😀".repeat(1000);
    assertThat(VisibleText.of(text)).isEqualTo(text);
    assertThat(VisibleText.of("😀" + text + "a")).isEqualTo(text + "… 2 more characters");
  }

  @Test
  void shortenedTextEndsInThreeDots() {
    assertThat(VisibleText.shortened("😀bcd", 4)).isEqualTo("😀bcd");
    assertThat(VisibleText.shortened("😀bcde", 4)).isEqualTo("😀bc…");
  }
}
