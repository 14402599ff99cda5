package dev.ovchat.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class DigitsTest {

  private static List<String> shown(double... numbers) {
    Digits digits = Digits.of(numbers);
    return DoubleStream.of(numbers).mapToObj(digits::format).toList();
  }

  @Test
  void aColumnHasOneNumberOfDecimals() {
    assertThat(shown(52.123456, 1189.31, 2.289)).containsExactly("52.12", "1189.31", "2.29");
    assertThat(shown(1 / 3.0, 10)).containsExactly("0.333", "10.000");
    assertThat(shown(0.00123456, 1)).containsExactly("0.00123", "1.00000");
    assertThat(shown(250.7, 1000)).containsExactly("251", "1000");
  }

  @Test
  void decimalsThatAllAreZeroAreLeftOut() {
    assertThat(shown(1, 2, 3)).containsExactly("1", "2", "3");
    assertThat(shown(1.5, 2, 0)).containsExactly("1.5", "2.0", "0.0");
    assertThat(shown()).isEmpty();
    assertThat(shown(0)).containsExactly("0");
  }

  @Test
  void verySmallAndVeryLargeNumbersHaveAPowerOfTen() {
    assertThat(shown(3.21e-7, 1.25)).containsExactly("3.21e-07", "1.25");
    assertThat(shown(-4e20, -2)).containsExactly("-4.00e+20", "-2");
  }

  @Test
  void whatIsNoFiniteNumberDoesNotChangeTheOthers() {
    assertThat(shown(Double.NaN, 1.5, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
        .containsExactly("", "1.5", "∞", "-∞");
  }

  @Test
  void countsAreGrouped() {
    assertThat(Digits.grouped(1_000_000)).isEqualTo("1,000,000");
  }

  @Test
  void numbersFarApartHaveTheDigitsOfTheLargest() {
    Digits digits = Digits.ofLargest(2.7524, 0.0291, 6.45e-5, 0);
    assertThat(DoubleStream.of(2.7524, 0.0291, 6.45e-5, 0, -1e-9).mapToObj(digits::bounded))
        .containsExactly("2.75", "0.03", "<0.01", "0.00", ">-0.01");
    assertThat(Digits.ofLargest(1473, 12.5).bounded(0.1)).isEqualTo("<1");
    assertThat(Digits.ofLargest(3, 0).bounded(0)).isEqualTo("0");
    assertThat(Digits.ofLargest(1e-8, 2e-8).bounded(1e-8)).isEqualTo("1.00e-08");
  }
}
