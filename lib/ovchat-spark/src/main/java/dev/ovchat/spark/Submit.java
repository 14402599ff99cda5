package dev.ovchat.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.split;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.JsonText;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program for {@code spark-submit}: completes the prompts of a file into a folder, and goes on
 * with a folder of before. The exit code is 0, 1 if the job was given up or cannot begin, 2 if an
 * option is missing or unknown, or 3 if rows have failed.
 */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Completes the prompts of a file on a Spark cluster, into a folder of JSON lines.")
public final class Submit implements Callable<Integer> {
  private static final int SOME_FAILED = 3;

  @Option(
      names = "--input",
      required = true,
      description =
          "A file or folder of prompts: .parquet, .json (lines), .csv (with a header), or .txt, each line of which is a prompt, in the columns prompt and line.")
  private String input;

  @Option(names = "--output", required = true, description = "The folder of the answers.")
  private String output;

  @Option(
      names = "--column",
      defaultValue = "prompt",
      description = "The prompts' column (${DEFAULT-VALUE}).")
  private String column;

  @Option(
      names = "--key",
      defaultValue = "line",
      description = "The column that tells the rows apart (${DEFAULT-VALUE}).")
  private String key;

  @Option(names = "--questions", description = "They are questions, for the chat template.")
  private boolean questions;

  @Option(names = "--system", description = "A system text before each question.")
  private String system;

  @Option(
      names = "--model",
      defaultValue = "archive/ovchat/model",
      description = "The model's directory on the executors, or its URI (${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--device",
      defaultValue = "CPU",
      description = "OpenVINO's device (${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--ov-config",
      description = "A property of OpenVINO's, KEY=VALUE; any number of them.")
  private Map<String, String> ovConfig = new LinkedHashMap<>();

  @Option(
      names = "--config",
      defaultValue = "{}",
      description = "The generation config, such as '{\"maxNewTokens\": 64}' (${DEFAULT-VALUE}).")
  private String config;

  /** Runs the program. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Submit())
            .setExecutionExceptionHandler((e, command, parsed) -> failed(e))
            .execute(arguments));
  }

  private static int failed(Exception e) throws Exception {
    if (!(e instanceof DatasetException
        || e instanceof GenerationException
        || e instanceof IllegalArgumentException
        || e instanceof AnalysisException)) {
      throw e; // a defect: picocli prints where it is
    }
    System.err.println(e.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() throws IOException {
    var builder = SparkSession.builder().appName("ovchat: " + input);
    Prompts.settings().forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
      Prompts prompts =
          Prompts.on(read(spark))
              .column(column)
              .model(model)
              .device(device)
              .ovConfig(ovConfig)
              .config(GenerationConfig.of(JsonText.map(config)));
      if (questions || system != null) {
        prompts = system == null ? prompts.asQuestions() : prompts.asQuestions(system);
      }
      Dataset<Row> results = prompts.generateTo(output, key, new Log());
      long all = results.count();
      long failed = results.filter(col(AnswerColumns.ERROR).isNotNull()).count();
      System.err.printf(
          Locale.ROOT,
          "%s holds %d rows; %d of them have an error instead of an answer.%n",
          output,
          all,
          failed);
      return failed > 0 ? SOME_FAILED : CommandLine.ExitCode.OK;
    }
  }

  private Dataset<Row> read(SparkSession spark) {
    String name = input.replaceFirst("/+$", "");
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "parquet" -> spark.read().parquet(input);
      case "json", "jsonl" -> spark.read().json(input);
      case "csv" -> spark.read().option("header", true).option("multiLine", true).csv(input);
      case "txt" -> lines(spark);
      default ->
          throw new DatasetException(
              "The ending of %s is none of parquet, json, jsonl, csv and txt. Rename it, or write it as one of them."
                  .formatted(input));
    };
  }

  /** The lines of a text with their numbers from 1, by which they are known. */
  private Dataset<Row> lines(SparkSession spark) {
    return spark
        .read()
        .option("wholetext", true)
        .text(input)
        .select(posexplode(split(col("value"), "\\R")))
        .select(col("pos").plus(1).as("line"), col("col").as("prompt"))
        .filter(col("prompt").notEqual(""));
  }

  /** A line on standard error whenever rows were written. */
  private static final class Log implements Consumer<Progress> {
    private long told = -1;

    @Override
    public void accept(Progress progress) {
      if (progress.done() != told) {
        System.err.println(progress);
        told = progress.done();
      }
    }
  }
}
