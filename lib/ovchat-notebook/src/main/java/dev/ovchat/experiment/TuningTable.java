package dev.ovchat.experiment;

import static dev.ovchat.experiment.ResultTables.numbers;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The table of {@link TuningResults}. */
final class TuningTable {
  private TuningTable() {}

  /**
   * @param comparisons number of pairs that are compared with the baseline
   */
  static Table of(List<Candidate> rows, Candidate baseline, int comparisons) {
    var ofEach = new StudentsT(comparisons + 1);
    var t = new StudentsT(comparisons);
    List<Optional<RatioInterval>> speeds =
        rows.stream().map(row -> row.counted().speed(ofEach)).toList();
    List<Optional<RatioInterval>> speedUps =
        rows.stream()
            .map(
                row ->
                    row.equals(baseline)
                        ? Optional.<RatioInterval>empty()
                        : row.speedUpOver(baseline, t))
            .toList();
    return Table.create(
        "Tuning",
        texts("format", rows, row -> row.format().name()),
        texts("config", rows, row -> row.runs().label()),
        median(RunTable.SPEED, "0.0", rows, Measured::tokensPerSecond),
        bound(RunTable.SPEED + " from", "0.0", speeds, RatioInterval::lower),
        bound(RunTable.SPEED + " to", "0.0", speeds, RatioInterval::upper),
        numbers(
            "speed-up", "0.00", speedUps, it -> it.map(RatioInterval::ratio).orElse(Double.NaN)),
        bound("at least", "0.00", speedUps, RatioInterval::lower),
        bound("at most", "0.00", speedUps, RatioInterval::upper),
        median(RunTable.FIRST_TOKEN, "0.0", rows, Measured::firstTokenMillis),
        median(RunTable.MEMORY, "0", rows, Measured::peakMegabytes),
        numbers(
            "size (MB)",
            "0.0",
            rows,
            row -> row.weightsBytes() == 0 ? Double.NaN : row.weightsBytes() / 1e6),
        numbers(RunTable.PERPLEXITY, "0.00", rows, Candidate::perplexity),
        numbers("perplexity ratio", "0.000", rows, row -> row.perplexityRatio(baseline)),
        texts(
            ResultTables.SAME_TEXTS,
            rows,
            row -> row.runs().sameTexts(baseline.runs()).map(SameTexts::toString).orElse("")),
        IntColumn.create("runs", rows.stream().mapToInt(row -> row.runs().runs().size()).toArray()),
        texts(RunTable.REASON, rows, Candidate::reason));
  }

  private static StringColumn texts(
      String name, List<Candidate> rows, Function<Candidate, String> text) {
    return StringColumn.create(name, rows.stream().map(text).toList());
  }

  private static DoubleColumn median(
      String name, String digits, List<Candidate> rows, ToDoubleFunction<Measured> figure) {
    return numbers(name, digits, rows, row -> row.counted().median(figure));
  }

  /** A column of bounds; missing where the rounds are too few, or too far apart. */
  private static DoubleColumn bound(
      String name,
      String digits,
      List<Optional<RatioInterval>> rows,
      ToDoubleFunction<RatioInterval> bound) {
    return numbers(
        name,
        digits,
        rows,
        it -> it.filter(RatioInterval::isBounded).map(bound::applyAsDouble).orElse(Double.NaN));
  }
}
