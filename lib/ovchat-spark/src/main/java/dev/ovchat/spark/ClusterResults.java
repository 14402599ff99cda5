package dev.ovchat.spark;

import dev.ovchat.experiment.Advice;
import dev.ovchat.experiment.Advisor;
import dev.ovchat.experiment.Results;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Results of a sweep over a cluster, by the kind of machine.
 *
 * @param byMachine the results of each kind of machine, by its name, in alphabetical order
 * @param problems hosts that could run nothing, with the reason in a sentence
 */
public record ClusterResults(Map<String, Results> byMachine, Map<String, String> problems) {
  private static final StructType COLUMNS =
      new StructType()
          .add("machine", DataTypes.StringType)
          .add("cpu", DataTypes.StringType)
          .add("cores", DataTypes.IntegerType)
          .add("openvino", DataTypes.StringType)
          .add("device", DataTypes.StringType)
          .add("model", DataTypes.StringType)
          .add("config", DataTypes.StringType)
          .add("round", DataTypes.IntegerType)
          .add("loadMillis", DataTypes.DoubleType)
          .add("firstTokenMillis", DataTypes.DoubleType)
          .add("tokensPerSecond", DataTypes.DoubleType)
          .add("peakMegabytes", DataTypes.DoubleType)
          .add("perplexity", DataTypes.DoubleType)
          .add("reason", DataTypes.StringType);

  /** Copies the maps. */
  public ClusterResults {
    byMachine = Collections.unmodifiableMap(new TreeMap<>(byMachine));
    problems = Collections.unmodifiableMap(new TreeMap<>(problems));
  }

  /** The {@link Advisor}'s proposal for each kind of machine. */
  public Map<String, Advice> advice() {
    Map<String, Advice> advice = new TreeMap<>();
    byMachine.forEach((machine, results) -> advice.put(machine, Advisor.advise(results)));
    return advice;
  }

  /**
   * All runs as a dataset, which can be written as Parquet: a row for each, with the columns {@code
   * machine}, {@code cpu}, {@code cores} (the threads that Java sees), {@code openvino}, {@code
   * device}, {@code model}, {@code config}, {@code round}, {@code loadMillis}, {@code
   * firstTokenMillis}, {@code tokensPerSecond}, {@code peakMegabytes} (10^6 bytes), {@code
   * perplexity} and {@code reason}. Figures that were not measured are null, and so is the reason
   * of a run that did not fail.
   */
  public Dataset<Row> dataset(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    byMachine.forEach(
        (machine, results) -> results.runs().forEach(run -> rows.add(row(machine, run))));
    return spark.createDataFrame(rows, COLUMNS);
  }

  private static Row row(String machine, tech.tablesaw.api.Row run) {
    String reason = run.getString("reason");
    return RowFactory.create(
        machine,
        run.getString("CPU"),
        Integer.valueOf(run.getString("threads")),
        run.getString("OpenVINO"),
        run.getString("device"),
        run.getString("model"),
        run.getString("config"),
        run.getInt("round"),
        figure(run, "load (ms)"),
        figure(run, "first token (ms)"),
        figure(run, "tokens/s"),
        figure(run, "memory (MB)"),
        figure(run, "perplexity"),
        reason.isEmpty() ? null : reason);
  }

  private static Double figure(tech.tablesaw.api.Row run, String column) {
    return run.isMissing(column) ? null : Double.valueOf(run.getDouble(column));
  }

  /** A line for each kind of machine, and one for each host that could run nothing. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    byMachine.forEach((machine, results) -> lines.add(machine + ": " + results));
    problems.forEach((host, problem) -> lines.add(host + ": " + problem));
    return String.join("\n", lines);
  }
}
