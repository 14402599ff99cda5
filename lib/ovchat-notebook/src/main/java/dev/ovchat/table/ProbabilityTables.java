package dev.ovchat.table;

import dev.ovchat.generate.Candidate;
import dev.ovchat.generate.Explanation;
import dev.ovchat.generate.GenerationStep;
import dev.ovchat.generate.Score;
import dev.ovchat.generate.TokenScore;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.DoubleColumnType;

/**
 * Tables of the probabilities that a model gives to tokens. The columns hold unrounded values, and
 * print four digits of them.
 */
public final class ProbabilityTables {
  private ProbabilityTables() {}

  /**
   * One row per step of a generation: its position in the completion, the chosen token, its
   * probability and the entropy in nats, both before and after the processors, and the most
   * probable token that was not chosen, if the candidates hold one.
   */
  public static Table steps(Explanation explanation) {
    List<GenerationStep> steps = explanation.steps();
    return Table.create(
        "Steps",
        ints("position", steps, GenerationStep::position),
        ints("id", steps, GenerationStep::id),
        texts("token", steps, GenerationStep::text),
        numbers("probability", steps, GenerationStep::probability),
        numbers("processed probability", steps, GenerationStep::processedProbability),
        numbers("entropy", steps, GenerationStep::entropy),
        numbers("processed entropy", steps, GenerationStep::processedEntropy),
        texts("runner-up", steps, step -> text(step.runnerUp())),
        numbers("its probability", steps, step -> probability(step.runnerUp())));
  }

  /**
   * One row per step of a generation: its position in the completion, the chosen token and its
   * probability by the model, the token that the model wanted where a rule forbids it, with its
   * probability, and the probability of all tokens together that rules forbid.
   */
  public static Table rules(Explanation explanation) {
    List<GenerationStep> steps = explanation.steps();
    return Table.create(
        "Rules",
        ints("position", steps, GenerationStep::position),
        texts("token", steps, GenerationStep::text),
        numbers("probability", steps, GenerationStep::probability),
        texts("wanted", steps, step -> text(step.wanted())),
        numbers("its probability", steps, step -> probability(step.wanted())),
        numbers("forbidden", steps, GenerationStep::forbiddenProbability));
  }

  private static String text(Optional<Candidate> candidate) {
    return candidate.map(Candidate::text).orElse("");
  }

  private static double probability(Optional<Candidate> candidate) {
    return candidate.map(Candidate::probability).orElse(DoubleColumnType.missingValueIndicator());
  }

  /**
   * One row per candidate of a step: its id, its token, its logit and probability before and after
   * the processors, and whether it was chosen. A masked token has a processed logit of minus
   * infinity.
   */
  public static Table candidates(GenerationStep step) {
    List<Candidate> candidates = step.candidates();
    return Table.create(
        "Candidates",
        ints("id", candidates, Candidate::id),
        texts("token", candidates, Candidate::text),
        numbers("logit", candidates, Candidate::logit),
        numbers("probability", candidates, Candidate::probability),
        numbers("processed logit", candidates, Candidate::processedLogit),
        numbers("processed probability", candidates, Candidate::processedProbability),
        BooleanColumn.create(
            "chosen", candidates.stream().map(candidate -> candidate.id() == step.id()).toList()));
  }

  /**
   * One row per token of a text except the first: its position, its id, its token, the natural
   * logarithm of its probability, its probability, and its rank among all tokens.
   */
  public static Table scores(Score score) {
    List<TokenScore> tokens = score.tokens();
    return Table.create(
        "Scores",
        ints("position", tokens, TokenScore::position),
        ints("id", tokens, TokenScore::id),
        texts("token", tokens, TokenScore::text),
        numbers("log probability", tokens, TokenScore::logProbability),
        numbers("probability", tokens, TokenScore::probability),
        ints("rank", tokens, TokenScore::rank));
  }

  private static <T> IntColumn ints(String name, List<T> rows, ToIntFunction<T> value) {
    return IntColumn.create(name, rows.stream().mapToInt(value).toArray());
  }

  private static <T> StringColumn texts(String name, List<T> rows, Function<T, String> value) {
    return StringColumn.create(name, rows.stream().map(value).toList());
  }

  private static <T> DoubleColumn numbers(String name, List<T> rows, ToDoubleFunction<T> value) {
    DoubleColumn column = DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    var fourDigits = new DecimalFormat("0.0000", DecimalFormatSymbols.getInstance(Locale.ROOT));
    column.setPrintFormatter(fourDigits, "");
    return column;
  }
}
