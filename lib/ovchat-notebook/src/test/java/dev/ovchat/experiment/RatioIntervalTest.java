package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RatioIntervalTest {
  private static final double[] ONES = {1, 1, 1, 1, 1};

  private static double[] exp(double... logs) {
    return DoubleStream.of(logs).map(Math::exp).toArray();
  }

  @Test
  void pairedIsStudentsIntervalOfTheLogarithms() {
    // Mean 0.3, standard error sqrt(0.025 / 5); t at 0.95 with 4 degrees is 2.131847 in any table.
    RatioInterval interval =
        RatioInterval.paired(exp(0.1, 0.2, 0.3, 0.4, 0.5), ONES, new StudentsT(1));
    assertThat(interval.ratio()).isCloseTo(Math.exp(0.3), within(1e-9));
    assertThat(interval.lower()).isCloseTo(Math.exp(0.3 - 2.131847 * 0.0707107), within(1e-6));
    assertThat(interval.upper()).isCloseTo(Math.exp(0.3 + 2.131847 * 0.0707107), within(1e-6));
    assertThat(interval.pairs()).isEqualTo(5);
  }

  @Test
  void moreComparisonsMakeItWider() {
    // t at 0.99 with 4 degrees is 3.746947: the error of 0.05 is shared by five.
    RatioInterval interval =
        RatioInterval.paired(exp(0.1, 0.2, 0.3, 0.4, 0.5), ONES, new StudentsT(5));
    assertThat(interval.lower()).isCloseTo(Math.exp(0.3 - 3.746947 * 0.0707107), within(1e-6));
  }

  @Test
  void whatSlowsBothOfAPairDoesNotCount() {
    double[] slowing = {100, 50, 80, 20, 90};
    double[] twice = DoubleStream.of(slowing).map(speed -> 2 * speed).toArray();
    RatioInterval interval = RatioInterval.paired(twice, slowing, new StudentsT(10));
    assertThat(interval.lower()).isCloseTo(2, within(1e-9));
    assertThat(RatioInterval.unpaired(twice, slowing, new StudentsT(10)).lower()).isLessThan(1);
  }

  @Test
  void oneDisturbedRunIsNoProof() {
    double[] disturbed = {1, 1, 0.3, 1, 1};
    assertThat(RatioInterval.paired(ONES, disturbed, new StudentsT(1)).lower()).isLessThan(1.0);
  }

  @Test
  void oneRoundSaysNothingForCertain() {
    for (RatioInterval interval :
        new RatioInterval[] {
          RatioInterval.paired(exp(1), exp(0), new StudentsT(1)),
          RatioInterval.unpaired(exp(1), exp(0, 0), new StudentsT(1))
        }) {
      assertThat(interval.ratio()).isCloseTo(Math.E, within(1e-9));
      assertThat(interval.lower()).isZero();
      assertThat(interval.upper()).isInfinite();
    }
  }

  @Test
  void twoRoundsThatAreFarApartSayNothingEither() {
    // t at 1 - 0.05 / 9 with 1 degree is 57.3, times an error of ln(1.5) / 2: a factor of 110,000.
    RatioInterval interval = RatioInterval.single(new double[] {400, 600}, new StudentsT(9));
    assertThat(interval.isBounded()).isFalse();
    assertThat(interval.lower()).isZero();
    assertThat(interval.upper()).isInfinite();
    assertThat(RatioInterval.single(new double[] {400, 420}, new StudentsT(9)).isBounded())
        .isTrue();
  }

  @Test
  void unpairedIsWelchs() {
    // Logarithms 1, 2, 3 and 0, 0.1, 0.2, 0.3: variances 1 and 1/60, so the error is
    // sqrt(1/3 + 1/240) with 2.050099 degrees, where t at 0.95 is 2.871900 (scipy.stats.t.ppf).
    RatioInterval interval =
        RatioInterval.unpaired(exp(1, 2, 3), exp(0, 0.1, 0.2, 0.3), new StudentsT(1));
    assertThat(Math.log(interval.ratio())).isCloseTo(1.85, within(1e-9));
    assertThat(Math.log(interval.lower())).isCloseTo(0.181577, within(1e-6));
  }
}
