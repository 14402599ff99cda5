package dev.ovchat.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;

import dev.ovchat.files.UnusableFileException;
import dev.ovchat.progress.Progress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The answers to a dataset's prompts, in a {@link ResultFolder}: what is there already is not
 * generated again, whether it is from an attempt that was killed with its executor or from a job
 * that was killed with its driver. Rows are known by their key.
 */
final class ResumableJob {
  private static final Set<DataType> KEYS =
      Set.of(DataTypes.StringType, DataTypes.IntegerType, DataTypes.LongType);

  /** Partitions for each core at most: then a slow machine's last one is not much of the whole. */
  private static final int MOST_PARTITIONS_PER_CORE = 16;

  /** Rows of a partition at least, if there are so many: fewer would leave the batch half empty. */
  private static final int LEAST_ROWS = 64;

  private static final String GIVEN_UP = "The job was given up; what is written stays. ";

  private final Dataset<Row> rows;
  private final String key;
  private final ResultFolder folder;
  private final StructType schema;

  /**
   * @throws DatasetException if there is no such column, or it is of another type
   */
  ResumableJob(Dataset<Row> rows, String key, ResultFolder folder) {
    DataType type = rows.schema().fields()[PromptReader.index(rows.schema(), key)].dataType();
    if (!KEYS.contains(type)) {
      throw new DatasetException(
          "The key %s is of type %s; it has to be string, int or bigint."
              .formatted(key, type.simpleString()));
    }
    this.rows = rows;
    this.key = key;
    this.folder = folder;
    this.schema = AnswerColumns.added(new StructType().add(key, type), AnswerColumns.GENERATED);
  }

  /**
   * Generates what is missing.
   *
   * @param tasks generate the answers
   * @param description what the answers depend on, by name
   * @throws DatasetException if a key is null or there twice, or the folder is another job's or
   *     cannot be written
   */
  Dataset<Row> run(RowTasks tasks, Map<String, ?> description, Consumer<Progress> progress) {
    requireKeys();
    folder.open(description);
    Dataset<Row> missing = folder.hasParts() ? missing() : rows;
    String run = ResultFolder.newRun();
    long total = missing.count();
    if (total > 0) {
      generate(missing, tasks, run, total, progress);
    }
    return results();
  }

  private void generate(
      Dataset<Row> missing, RowTasks tasks, String run, long total, Consumer<Progress> progress) {
    SparkContext context = rows.sparkSession().sparkContext();
    context.addJobTag(run);
    var watch = new Watch(run, total, progress);
    try (watch) {
      missing
          .repartition(partitions(total), key())
          .foreachPartition(writing(tasks, run, missing.schema()));
    } catch (Exception e) { // Scala's methods do not declare what they throw
      if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
        context.cancelJobsWithTag(run);
        Thread.currentThread().interrupt();
        throw new DatasetException(
            "The job was interrupted. What is written stays; call again to go on.", e);
      }
      throw failure(e);
    } finally {
      context.removeJobTag(run);
    }
    Map<Integer, Integer> written = folder.rowsByPartition(run);
    requireAll(written, total);
    watch.tell(written);
  }

  /** Executors that write into a folder of their own would lose all answers without a word. */
  private void requireAll(Map<Integer, Integer> written, long total) {
    long seen = sum(written);
    if (seen < total) {
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "%s has %d of the %d rows that were generated: not all executors write there. Name a folder that all of them reach.",
              folder.uri(),
              seen,
              total));
    }
  }

  private static long sum(Map<Integer, Integer> rowsByPartition) {
    return rowsByPartition.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** Spark's exception as a sentence where it has a cause of ours. */
  private static RuntimeException failure(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatasetException || cause instanceof UnusableFileException) {
        return new DatasetException(GIVEN_UP + cause.getMessage(), e);
      }
    }
    return new DatasetException(
        GIVEN_UP + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
  }

  private int partitions(long total) {
    int cores = rows.sparkSession().sparkContext().defaultParallelism();
    long most = (long) MOST_PARTITIONS_PER_CORE * cores;
    return (int) Math.min(total, Math.max(cores, Math.min(most, total / LEAST_ROWS)));
  }

  private void requireKeys() {
    List<Row> wrong =
        rows.groupBy(key().as("of"))
            .agg(count(lit(1)).as("rows"))
            .filter(col("rows").gt(1).or(col("of").isNull()))
            .limit(1)
            .collectAsList();
    if (!wrong.isEmpty()) {
      Row row = wrong.get(0);
      throw new DatasetException(
          String.format(
              Locale.ROOT,
              "The key %s is %s in %d rows; results are told apart by it, so each row needs its own.",
              key,
              row.isNullAt(0) ? "null" : row.get(0),
              row.getLong(1)));
    }
  }

  /** The rows that have no answer; those that failed are tried again. */
  private Dataset<Row> missing() {
    Dataset<Row> done = read().filter(col(AnswerColumns.ERROR).isNull()).select(key().as("done"));
    return rows.join(done, rows.col(quoted(key)).equalTo(done.col("done")), "left_anti");
  }

  private Dataset<Row> read() {
    return rows.sparkSession().read().schema(schema).json(folder.uri());
  }

  /** A row for each key: an answer, if there is one. */
  private Dataset<Row> results() {
    if (!folder.hasParts()) {
      return rows.sparkSession().createDataFrame(List.of(), schema);
    }
    Column[] all =
        List.of(schema.fieldNames()).stream().map(name -> col(quoted(name))).toArray(Column[]::new);
    return read()
        .groupBy(key().as("of"))
        .agg(min_by(struct(all), col(AnswerColumns.ERROR).isNotNull()).as("row"))
        .select("row.*");
  }

  private Column key() {
    return col(quoted(key));
  }

  /** A name that may have dots, which else are fields of a struct. */
  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private ForeachPartitionFunction<Row> writing(RowTasks tasks, String run, StructType input) {
    return new WritePartition(tasks, folder, run, key, input.fieldIndex(key), schema);
  }

  /** Generates the answers of a partition, but for those that an earlier attempt has written. */
  private record WritePartition(
      RowTasks tasks, ResultFolder folder, String run, String key, int keyIndex, StructType schema)
      implements ForeachPartitionFunction<Row> {

    @Override
    public void call(Iterator<Row> rows) {
      TaskContext context = TaskContext.get();
      int partition = context.partitionId();
      boolean isFirst = context.attemptNumber() == 0 && context.stageAttemptNumber() == 0;
      Set<String> written = isFirst ? Set.of() : folder.written(run, partition, key);
      ResultFolder.Writer writer = folder.writer(run, partition, context.taskAttemptId());
      Iterator<Row> answers =
          tasks.call(new Missing(rows, row -> written.contains(String.valueOf(row.get(keyIndex)))));
      while (answers.hasNext()) {
        Row row = answers.next();
        writer.add(schema.fieldNames(), values(row));
      }
      writer.flush();
    }

    /** The key, and the columns that were added. */
    private Object[] values(Row row) {
      Object[] values = new Object[schema.size()];
      values[0] = row.get(keyIndex);
      for (int i = 1; i < values.length; i++) {
        values[i] = row.get(row.size() - values.length + i);
      }
      return values;
    }
  }

  /** Tells of the progress by what the executors have written. */
  private final class Watch implements AutoCloseable {
    private static final long SHORTEST_PAUSE_MS = 500;

    /** Partitions that are told one by one; of more only their number is. */
    private static final int MOST_NAMED = 16;

    private final long start = System.nanoTime();
    private final ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "progress of a Spark job");
              thread.setDaemon(true);
              return thread;
            });
    private final String run;
    private final long total;
    private final Consumer<Progress> progress;

    Watch(String run, long total, Consumer<Progress> progress) {
      this.run = run;
      this.total = total;
      this.progress = progress;
      timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
      timer.execute(this::tellAndWait);
    }

    /** A large folder takes long to list: the next time comes after ten times as long. */
    private void tellAndWait() {
      long before = System.nanoTime();
      try {
        tell(folder.rowsByPartition(run));
      } catch (RuntimeException e) { // the job's own end says more of a folder that is gone
        return;
      }
      long pause = 10 * TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
      if (!timer.isShutdown()) {
        var unused =
            timer.schedule(
                this::tellAndWait, Math.max(SHORTEST_PAUSE_MS, pause), TimeUnit.MILLISECONDS);
      }
    }

    private void tell(Map<Integer, Integer> written) {
      progress.accept(
          new Progress(
              partitions(written),
              Math.min(sum(written), total),
              total,
              "rows",
              Duration.ofNanos(System.nanoTime() - start)));
    }

    private static String partitions(Map<Integer, Integer> written) {
      if (written.isEmpty()) {
        return "";
      }
      return written.size() > MOST_NAMED
          ? String.format(Locale.ROOT, "of %d partitions", written.size())
          : written.entrySet().stream()
              .map(it -> it.getKey() + ": " + it.getValue())
              .collect(Collectors.joining(", ", "by partition ", ""));
    }

    /** Tells no more, once what is being told now is told. */
    @Override
    public void close() throws InterruptedException {
      timer.shutdown();
      var unused = timer.awaitTermination(1, TimeUnit.MINUTES);
    }
  }
}
