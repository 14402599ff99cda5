package dev.ovchat.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {
  private static List<String> texts(boolean fromZero, double... values) {
    Axis axis = Axis.of(DoubleStream.of(values), fromZero);
    return Arrays.stream(axis.ticks()).mapToObj(axis::text).toList();
  }

  @Test
  void itGoesFromZeroOverAllValuesInRoundSteps() {
    assertThat(texts(true, 1473, 1203)).containsExactly("0", "500", "1,000", "1,500");
    assertThat(texts(true, 0.205, 0.1))
        .containsExactly("0.00", "0.05", "0.10", "0.15", "0.20", "0.25");
    assertThat(texts(true, -3, 4)).containsExactly("-4", "-2", "0", "2", "4");
  }

  @Test
  void itMayBeginNearTheLeastValue() {
    assertThat(texts(false, 1473, 1203)).containsExactly("1,200", "1,300", "1,400", "1,500");
  }

  @Test
  void equalValuesHaveAnAxisToo() {
    assertThat(texts(true, 0)).startsWith("0.0").endsWith("0.5");
    assertThat(texts(false, 7, 7)).hasSizeGreaterThan(2);
    assertThat(texts(true)).hasSizeGreaterThan(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-8, 1, 1e15, 1e20, 1e299})
  void valuesOfAnySizeAreOnIt(double size) {
    for (boolean fromZero : new boolean[] {true, false}) {
      Axis axis = Axis.of(DoubleStream.of(size, 3 * size, -size), fromZero);
      assertThat(axis.share(-size)).isBetween(0.0, 1.0);
      assertThat(axis.share(3 * size)).isBetween(0.0, 1.0);
      assertThat(axis.ticks()).hasSizeBetween(3, 12).isSorted();
      assertThat(Arrays.stream(axis.ticks()).mapToObj(axis::text).distinct())
          .hasSize(axis.ticks().length);
    }
  }

  @Test
  void labelsStandApartAndInTheirOrder() {
    double[] places = LabelPlaces.of(new double[] {100, 10, 101, 279}, 14, 280);
    assertThat(places).containsExactly(100, 10, 114, 279);
    assertThat(LabelPlaces.of(new double[] {279, 280, 278}, 14, 280))
        .containsExactly(266, 280, 252);
    assertThat(LabelPlaces.of(new double[] {0, 0, 0}, 200, 280)).containsExactly(0, 140, 280);
  }
}
