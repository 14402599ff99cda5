package dev.ovchat.spark;

import static org.apache.spark.sql.functions.udf;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.progress.Progress;
import dev.ovchat.spark.PromptReader.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The prompts of a dataset, completed by the executors of a Spark cluster.
 *
 * <pre>{@code
 * Dataset<Row> answers =
 *     Prompts.on(spark.read().parquet("questions.parquet"))
 *         .column("question")
 *         .asQuestions()
 *         .model("/models/smollm2/int4")
 *         .config(GenerationConfig.defaults().maxNewTokens(64))
 *         .generate();
 * answers.select("question", "answer", "error").show();
 * }</pre>
 *
 * <p>Each executor loads the model once, at the first task that needs it. Where the device has
 * paged attention, all of its tasks share one {@link dev.ovchat.generate.GenerationQueue}: their
 * prompts make one batch, and what they begin with in common is read once. Elsewhere, with beams
 * and for scores, each task works for itself. Each prompt gets the completion that it would get on
 * one machine (the same tokens in full precision; rounding may decide near-ties differently).
 *
 * <p>A row that fails does not end the job: it has the reason in its column {@code error}, and null
 * in the others. A model that one executor cannot load is left to the others, where Spark has the
 * {@link #settings()} for it.
 *
 * <p>Immutable: the methods of one argument return copies.
 */
public final class Prompts {
  private final Dataset<Row> rows;
  private final String column;
  private final boolean asQuestions;
  private final Optional<String> system;
  private final ModelSpec model;
  private final GenerationConfig config;

  private Prompts(
      Dataset<Row> rows,
      String column,
      boolean asQuestions,
      Optional<String> system,
      ModelSpec model,
      GenerationConfig config) {
    this.rows = rows;
    this.column = column;
    this.asQuestions = asQuestions;
    this.system = system;
    this.model = model;
    this.config = config;
  }

  /** The prompts in the column {@code prompt} of a dataset, for a model on the CPU. */
  public static Prompts on(Dataset<Row> rows) {
    return new Prompts(
        Objects.requireNonNull(rows, "rows"),
        "prompt",
        false,
        Optional.empty(),
        new ModelSpec("", "CPU", Map.of()),
        GenerationConfig.defaults());
  }

  /**
   * A copy with the name of the column that has the prompts: texts that the model reads as they
   * are, or chats. A chat is a list of messages, each a struct or a map of texts with a field
   * {@code role}, for the model's chat template.
   */
  public Prompts column(String column) {
    return new Prompts(rows, column, asQuestions, system, model, config);
  }

  /** A copy that takes each text for a user's question, and puts it into the chat template. */
  public Prompts asQuestions() {
    return new Prompts(rows, column, true, Optional.empty(), model, config);
  }

  /** Same as above, with a system text before each question. */
  public Prompts asQuestions(String system) {
    return new Prompts(rows, column, true, Optional.of(system), model, config);
  }

  /**
   * A copy with the model's directory.
   *
   * @param location a directory that each executor has: if it is relative, from the driver's
   *     working directory where it is there, else from the executor's, or in its archives ({@code
   *     spark.archives}); or the URI of one in a file system that Hadoop knows, such as {@code
   *     hdfs:} or {@code s3a:}, which each executor copies once, as it is at that time
   */
  public Prompts model(String location) {
    return model(
        new ModelSpec(ModelLocation.seenFromHere(location), model.device(), model.ovConfig()));
  }

  /** A copy with OpenVINO's name of the device. */
  public Prompts device(String device) {
    return model(new ModelSpec(model.location(), device, model.ovConfig()));
  }

  /**
   * A copy with OpenVINO's own property keys and values. On the CPU, {@code INFERENCE_NUM_THREADS}
   * is {@code spark.executor.cores} where that is set and this is not.
   */
  public Prompts ovConfig(Map<String, String> ovConfig) {
    return model(new ModelSpec(model.location(), model.device(), ovConfig));
  }

  private Prompts model(ModelSpec model) {
    return new Prompts(rows, column, asQuestions, system, model, config);
  }

  /** A copy with the generation config; what it does not set are the model's own values. */
  public Prompts config(GenerationConfig config) {
    return new Prompts(rows, column, asQuestions, system, model, config);
  }

  /**
   * The dataset with an answer for each row. As all of Spark's, it is lazy, and what is computed
   * twice is generated twice: {@code cache()} it, or write it. {@link #generateTo} keeps what is
   * there when a job is killed.
   *
   * @return the columns that there were, and {@code answer} (of several completions the first),
   *     {@code promptTokens}, {@code cachedTokens} (those that were not read again), {@code
   *     newTokens}, {@code finishReason}, {@code firstTokenMillis} and {@code millis} (from when
   *     the row was taken), and {@code error}
   * @throws DatasetException if there is no such column, it is of another type, the dataset has one
   *     of these columns already, or no model is named
   */
  public Dataset<Row> generate() {
    return answered(new RowTask.Generate(reader(), config.asMap()));
  }

  /**
   * Generates the answers into a folder, and goes on with what is missing when it is called again
   * with the same: after a job that was killed, nothing that was written is generated again. Rows
   * that failed are tried again.
   *
   * @param key the column that tells the rows apart: a string, int or bigint, another one for each
   * @param folder a folder that all executors reach, such as {@code hdfs:///answers}; a relative
   *     one is below the driver's working directory. New, or of an earlier call. Its files are JSON
   *     lines, and appear as a whole: 32 rows, or fewer once ten seconds are over
   * @param progress told twice a second at most of the rows that are written, by partition
   * @return the key and the columns of {@link #generate()} for all rows that were ever generated
   *     there, read from the folder; the rest is a join away
   * @throws DatasetException as {@link #generate()}, and if a key is null or there twice, the
   *     folder holds something else or results of other settings, or cannot be written
   */
  public Dataset<Row> generateTo(String folder, String key, Consumer<Progress> progress) {
    RowTasks tasks = tasks(new RowTask.Generate(reader(), config.asMap()));
    var results = new ResumableJob(rows, key, ResultFolder.of(folder, tasks.hadoop()));
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("column", column);
    job.put("asQuestions", asQuestions);
    job.put("system", system.orElse(""));
    job.put("key", key);
    job.put("model", model.location());
    job.put("device", model.device());
    job.put("ovConfig", model.ovConfig());
    job.put("config", config.asMap());
    return results.run(tasks, job, progress);
  }

  /**
   * The dataset with a score for each row: how probable the model holds the text of a column to
   * follow the prompt.
   *
   * @return the columns that there were, and {@code scoredTokens}, {@code logLikelihood} (the
   *     natural logarithm of the probability), {@code perplexity} and {@code error}
   * @throws DatasetException as above
   */
  public Dataset<Row> score(String completion) {
    int index = PromptReader.index(rows.schema(), completion);
    String type = rows.schema().fields()[index].dataType().simpleString();
    if (!type.equals(DataTypes.StringType.simpleString())) {
      throw new DatasetException(
          "Column %s is of type %s; it has to be string.".formatted(completion, type));
    }
    return answered(new RowTask.ScoreCompletion(reader(), index));
  }

  /**
   * Gives SQL a function of the prompt, a text, whose result is a struct of the columns that {@link
   * #generate()} adds: {@code SELECT ovchat(prompt).answer FROM prompts}. Spark calls it row by
   * row, so a task has one prompt at a time: {@link #generate()} is faster.
   *
   * @param name the function's name, in this dataset's session
   * @throws DatasetException if no model is named
   */
  public void registerAs(String name) {
    var reader =
        new PromptReader(0, asQuestions ? Kind.QUESTIONS : Kind.PROMPTS, system.orElse(null));
    rows.sparkSession()
        .udf()
        .register(
            name,
            // Else a query may ask twice for the same row.
            udf(
                    new SqlFunction(tasks(new RowTask.Generate(reader, config.asMap()))),
                    AnswerColumns.GENERATED)
                .asNondeterministic());
  }

  private PromptReader reader() {
    return PromptReader.of(rows.schema(), column, asQuestions, system);
  }

  private Dataset<Row> answered(RowTask task) {
    StructType columns = AnswerColumns.added(rows.schema(), task.columns());
    MapPartitionsFunction<Row, Row> tasks = tasks(task);
    return rows.mapPartitions(tasks, Encoders.row(columns));
  }

  private RowTasks tasks(RowTask task) {
    if (model.location().isEmpty()) {
      throw new DatasetException("No model is named; call model(\"/path/of/a/model\").");
    }
    SparkContext context = rows.sparkSession().sparkContext();
    return new RowTasks(
        task,
        model,
        new SerializableConfiguration(context.hadoopConfiguration()),
        attemptsElsewhere(context));
  }

  /** Number of attempts of a task that may fail; Spark gives the job up after one more. */
  private static int attemptsElsewhere(SparkContext context) {
    return context.isLocal()
        ? 0
        : Integer.parseInt(context.conf().get("spark.task.maxFailures", "4")) - 1;
  }

  /**
   * Settings of Spark for clusters in which a machine may have no model, or a damaged one: what has
   * failed on an executor is tried on others, and each task on another one. Spark's own values
   * would give it to the same one again, or exclude all the executors of a machine.
   *
   * <pre>{@code
   * var builder = SparkSession.builder();
   * Prompts.settings().forEach(builder::config);
   * }</pre>
   */
  public static Map<String, String> settings() {
    String never = String.valueOf(Integer.MAX_VALUE);
    return Map.of(
        "spark.excludeOnFailure.enabled", "true",
        "spark.excludeOnFailure.task.maxTaskAttemptsPerNode", never,
        "spark.excludeOnFailure.stage.maxFailedTasksPerExecutor", never,
        "spark.excludeOnFailure.stage.maxFailedExecutorsPerNode", never,
        "spark.excludeOnFailure.application.enabled", "false");
  }

  /** Frees the models of this JVM that no task uses: those of {@code local[*]}. */
  public static void closeModels() {
    ExecutorModels.closeUnused();
  }
}
