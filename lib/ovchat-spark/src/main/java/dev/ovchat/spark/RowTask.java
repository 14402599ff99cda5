package dev.ovchat.spark;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.text.TokenIds;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Work on each row; as such it is sent to the executors. */
interface RowTask extends Serializable {
  /** The columns that it gives. */
  StructType columns();

  /**
   * Begins with a row.
   *
   * @throws RuntimeException if the row cannot be taken
   */
  Started start(Row row, ExecutorModel model);

  /**
   * A row that was begun.
   *
   * @param values those of {@link #columns()}, once it is over
   * @param cancel ends it before
   */
  record Started(CompletableFuture<Object[]> values, Runnable cancel) {}

  /**
   * The completion of a prompt.
   *
   * @param config the values that are set, by name
   */
  record Generate(PromptReader prompts, Map<String, Object> config) implements RowTask {
    @Override
    public StructType columns() {
      return AnswerColumns.GENERATED;
    }

    @Override
    public Started start(Row row, ExecutorModel model) {
      long start = System.nanoTime();
      TokenIds prompt = prompts.ids(row, model);
      CompletableFuture<Generation> generation = model.submit(prompt, GenerationConfig.of(config));
      return new Started(
          generation.thenApply(done -> values(done, model, (System.nanoTime() - start) / 1e6)),
          () -> generation.cancel(true));
    }
  }

  /** A completion that ended with its model is not one. */
  private static Object[] values(Generation done, ExecutorModel model, double millis) {
    if (done.finishReason() == FinishReason.CANCELLED) {
      throw new IllegalStateException("The model was closed while it generated this answer.");
    }
    return AnswerColumns.of(done, model.text(done), millis);
  }

  /**
   * The probability of a completion that is there.
   *
   * @param completion index of the column with its text
   */
  record ScoreCompletion(PromptReader prompts, int completion) implements RowTask {
    @Override
    public StructType columns() {
      return AnswerColumns.SCORED;
    }

    @Override
    public Started start(Row row, ExecutorModel model) {
      if (row.isNullAt(completion)) {
        throw new GenerationException("The completion is null.");
      }
      TokenIds scored = model.encode(row.getString(completion));
      Object[] values = AnswerColumns.of(model.score(prompts.ids(row, model), scored));
      return new Started(CompletableFuture.completedFuture(values), () -> {});
    }
  }
}
