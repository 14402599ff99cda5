package dev.ovchat.spark;

import dev.ovchat.generate.Generation;
import dev.ovchat.generate.Metrics;
import dev.ovchat.generate.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that come to those of a dataset. */
final class AnswerColumns {
  static final String ERROR = "error";

  /** Columns of {@link Prompts#generate()} for each row. */
  static final StructType GENERATED =
      new StructType()
          .add("answer", DataTypes.StringType)
          .add("promptTokens", DataTypes.IntegerType)
          .add("cachedTokens", DataTypes.IntegerType)
          .add("newTokens", DataTypes.IntegerType)
          .add("finishReason", DataTypes.StringType)
          .add("firstTokenMillis", DataTypes.DoubleType)
          .add("millis", DataTypes.DoubleType)
          .add(ERROR, DataTypes.StringType);

  /** Columns of {@link Prompts#score} for each row. */
  static final StructType SCORED =
      new StructType()
          .add("scoredTokens", DataTypes.IntegerType)
          .add("logLikelihood", DataTypes.DoubleType)
          .add("perplexity", DataTypes.DoubleType)
          .add(ERROR, DataTypes.StringType);

  private AnswerColumns() {}

  /**
   * The columns of a dataset with those of its answers.
   *
   * @throws DatasetException if it has one of these names already
   */
  static StructType added(StructType schema, StructType answers) {
    List<String> taken =
        Stream.of(schema.fieldNames())
            .filter(
                name ->
                    Arrays.stream(answers.fieldNames())
                        .anyMatch(
                            answer ->
                                answer
                                    .toLowerCase(Locale.ROOT)
                                    .equals(name.toLowerCase(Locale.ROOT))))
            .toList();
    if (!taken.isEmpty()) {
      throw new DatasetException(
          "The dataset has the column %s already, which the answers bring; rename it: dataset.withColumnRenamed(\"%s\", …)."
              .formatted(String.join(", ", taken), taken.get(0)));
    }
    StructType all = schema;
    for (StructField field : answers.fields()) {
      all = all.add(field);
    }
    return all;
  }

  /** The values of a row that was completed. */
  static Object[] of(Generation generation, String text, double millis) {
    Metrics metrics = generation.metrics();
    return new Object[] {
      text,
      metrics.promptTokens(),
      metrics.cachedTokens(),
      metrics.newTokens(),
      generation.finishReason().name(),
      metrics.firstTokenMillis(),
      millis,
      null
    };
  }

  /** The values of a row that was scored. */
  static Object[] of(Score score) {
    return new Object[] {score.tokens().size(), score.logLikelihood(), score.perplexity(), null};
  }

  /** The values of a row that failed. */
  static Object[] failed(StructType answers, Throwable reason) {
    Object[] values = new Object[answers.size()];
    values[answers.fieldIndex(ERROR)] =
        reason.getMessage() == null ? reason.toString() : reason.getMessage();
    return values;
  }
}
