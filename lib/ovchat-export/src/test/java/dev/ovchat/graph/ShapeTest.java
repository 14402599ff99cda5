package dev.ovchat.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {
  /** {@code 2 ? 4}; an empty text is a single number. */
  private static Shape shape(String dims) {
    return Shape.of(
        Arrays.stream(dims.split(" "))
            .filter(dim -> !dim.isEmpty())
            .mapToLong(dim -> dim.equals("?") ? Shape.DYNAMIC : Long.parseLong(dim))
            .toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "2 3, 2 3, 2 3",
    "2 3, 3, 2 3",
    "2 1, 1 3, 2 3",
    "'', 2 3, 2 3",
    "'', '', ''",
    "2 3, 1 1 1, 1 2 3",
    "?, 1, ?",
    "?, 3, 3",
    "?, ?, ?",
    "? 1 4, 5 1, ? 5 4",
    "0, 1, 0",
  })
  void stretchesAsNumPyDoes(String left, String right, String result) {
    assertThat(shape(left).broadcast(shape(right))).isEqualTo(shape(result));
    assertThat(shape(right).broadcast(shape(left))).isEqualTo(shape(result));
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "2 3, 2", "0, 2", "4 1 2, 3 1 3"})
  void refusesWhatDoesNotFit(String left, String right) {
    assertThatThrownBy(() -> shape(left).broadcast(shape(right)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(shape(left).toString());
    assertThatThrownBy(() -> shape(right).broadcast(shape(left)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsFromBothEnds() {
    Shape shape = shape("2 ? 4");
    assertThat(shape.dim(0)).isEqualTo(2);
    assertThat(shape.dim(-1)).isEqualTo(4);
    assertThat(shape.with(-2, 3).elements()).isEqualTo(24);
    assertThat(shape.elements()).isEqualTo(Shape.DYNAMIC);
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(shape).hasToString("[2, ?, 4]");
  }

  @Test
  void tooManyNumbersAreNotCountedWrongly() {
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32).elements())
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> ElementType.F32.bytes(1L << 62))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({"I4, 7, 4", "U4, 8, 4", "U4, 1, 1", "I8, 7, 7", "BF16, 7, 14", "I64, 0, 0"})
  void bytesAreWhole(ElementType type, long numbers, long bytes) {
    assertThat(type.bytes(numbers)).isEqualTo(bytes);
  }
}
