package dev.ovchat.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.experiment.Advisor;
import dev.ovchat.experiment.ConfigGrid;
import dev.ovchat.experiment.Experiment;
import dev.ovchat.experiment.ExperimentException;
import dev.ovchat.experiment.Results;
import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of one host, which is this JVM. */
@Slow
class ClusterSweepTest extends LocalSpark {
  private static final List<Map<String, String>> CONFIGS =
      ConfigGrid.from(DemoModel.ACCURATE).vary("INFERENCE_NUM_THREADS", "1").oneAtATime();

  private static final Experiment EXPERIMENT =
      Experiment.of(DemoModel.DIRECTORY, new Device("CPU"))
          .prompt(TokenIds.of(1, 2, 3, 4))
          .newTokens(4)
          .repetitions(2)
          .generations(1);

  @TempDir Path temporary;
  private Path folder;
  private final List<Progress> progress = new ArrayList<>();

  @BeforeEach
  void nameFolder() {
    folder = temporary.resolve("sweeps").resolve("first");
  }

  private ClusterResults run(Experiment experiment, List<Map<String, String>> configs) {
    progress.clear();
    return ClusterSweep.on(spark).run(experiment, configs, folder, progress::add);
  }

  private static String onlyMachine(ClusterResults results) {
    assertThat(results.byMachine()).hasSize(1);
    return results.byMachine().keySet().iterator().next();
  }

  @Test
  void measuresEachConfigInEachRoundAndGoesOnWhereItStopped() throws IOException {
    ClusterResults once = run(EXPERIMENT.repetitions(1), CONFIGS);
    String machine = onlyMachine(once);
    Path csv = folder.resolve(machine + ".csv");
    assertThat(machine).matches("[A-Za-z0-9.-]+-threads-OpenVINO-[0-9.]+-[0-9a-f]{8}");
    assertThat(once.byMachine().get(machine).runs().rowCount()).isEqualTo(2);
    assertThat(once.problems()).isEmpty();

    String before = Files.readString(csv);
    ClusterResults twice = run(EXPERIMENT, CONFIGS);
    assertThat(Files.readString(csv)).startsWith(before);
    assertThat(progress.get(progress.size() - 1).done()).isEqualTo(1);
    assertThat(progress.get(progress.size() - 1).isOver()).isTrue();

    Results read = Results.read(csv);
    assertThat(read.runs().intColumn("round").asList()).containsExactly(1, 1, 2, 2);
    assertThat(read.table().stringColumn("config").asList())
        .containsExactly("baseline", "INFERENCE_NUM_THREADS=1");
    assertThat(read.table().stringColumn("reason").asList()).containsExactly("", "");
    assertThat(read.table().booleanColumn("same text").asList()).containsExactly(true, true);
    assertThat(twice.advice()).containsOnly(Map.entry(machine, Advisor.advise(read)));
    assertThat(Files.readAllLines(folder.resolve("hosts.csv")))
        .hasSize(3)
        .startsWith("host,machine,round")
        .allMatch(line -> line.startsWith("host,") || line.contains("," + machine + ","));

    before = Files.readString(csv);
    run(EXPERIMENT, CONFIGS);
    assertThat(Files.readString(csv)).isEqualTo(before);
    assertThat(progress).hasSize(1);
  }

  @Test
  void theRunsAreADatasetThatParquetTakes() {
    ClusterResults results = run(EXPERIMENT.repetitions(1), CONFIGS);
    String parquet = temporary.resolve("runs.parquet").toString();
    results.dataset(spark).write().parquet(parquet);
    Dataset<Row> runs = spark.read().parquet(parquet);
    assertThat(runs.count()).isEqualTo(2);
    assertThat(runs.filter("tokensPerSecond > 0 and loadMillis > 0 and perplexity is null").count())
        .isEqualTo(2);
    Row run = runs.first();
    assertThat(run.<String>getAs("machine")).isEqualTo(onlyMachine(results));
    assertThat(run.<Integer>getAs("cores")).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(run.<String>getAs("device")).isEqualTo("CPU");
    assertThat(run.<String>getAs("model"))
        .isEqualTo(DemoModel.DIRECTORY.getParent().getFileName() + "/int4");
    assertThat(run.<String>getAs("reason")).isNull();
  }

  @Test
  void aModelThatIsCopiedHasTheNameOfItsPlace() throws IOException {
    Path model = DemoModel.copyTo(temporary.resolve("demo").resolve("int4"));
    ClusterResults results =
        ClusterSweep.on(spark)
            .model(model.toUri().toString())
            .run(EXPERIMENT.repetitions(1), CONFIGS.subList(0, 1), folder, progress::add);
    assertThat(results.dataset(spark).first().<String>getAs("model")).isEqualTo("demo/int4");
  }

  @Test
  void whatNoHostCanRunIsSaidAndNothingIsRun() {
    var refused = ConfigGrid.from(DemoModel.ACCURATE).vary("NUM_STREAMS", "two").oneAtATime();
    assertThatThrownBy(() -> run(EXPERIMENT, refused))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("No host can run the sweep. ")
        .hasMessageContaining(": grid cell NUM_STREAMS = \"two\": ");
    Experiment lost =
        new Experiment(
            Path.of("/no/such/model"),
            EXPERIMENT.device(),
            EXPERIMENT.prompts(),
            4,
            1,
            1,
            1,
            TokenIds.of(),
            1,
            EXPERIMENT.timeLimit());
    assertThatThrownBy(() -> run(lost, CONFIGS))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(": There is no model directory /no/such/model.");
    assertThatThrownBy(() -> run(EXPERIMENT.prompt(TokenIds.of()), CONFIGS))
        .hasMessageContaining(": The experiment has no prompt");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderOfSomethingElseIsRefusedBeforeAnythingRuns() throws IOException {
    run(EXPERIMENT.repetitions(1), CONFIGS.subList(0, 1));
    assertThatThrownBy(() -> run(EXPERIMENT.newTokens(5), CONFIGS))
        .hasMessageContaining(
            ": The file holds runs of another experiment: new tokens is \"4\" there, and \"5\" now.");
    Files.writeString(folder.resolve("shopping.csv"), "a,b\n1,2\n");
    assertThatThrownBy(() -> run(EXPERIMENT, CONFIGS))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("shopping.csv is no file of an experiment");
    folder = folder.resolve("shopping.csv");
    assertThatThrownBy(() -> run(EXPERIMENT, CONFIGS))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "The runs cannot be written to %s: it is a file. Name a folder of the driver with room."
                .formatted(folder));
    assertThatThrownBy(() -> run(EXPERIMENT, List.of()))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("There is no config to run");
  }

  @Test
  void anInterruptEndsTheSweepAndLeavesWhatIsDone() throws InterruptedException {
    Thread.currentThread().interrupt();
    assertThat(run(EXPERIMENT, CONFIGS).byMachine()).isEmpty();
    assertThat(Thread.interrupted()).isTrue();

    ClusterResults results =
        ClusterSweep.on(spark)
            .run(
                EXPERIMENT.repetitions(50),
                CONFIGS,
                folder,
                now -> {
                  if (now.done() == 1) { // as a stop button does
                    Thread.currentThread().interrupt();
                  }
                });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results.byMachine().get(onlyMachine(results)).runs().rowCount()).isEqualTo(2);

    run(EXPERIMENT, CONFIGS); // waits for what was ended
    assertThat(progress.get(progress.size() - 1).done()).isEqualTo(1);
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void executorsThatComeAndGoAreRefused() {
    SparkConf conf = spark.sparkContext().conf();
    conf.set("spark.dynamicAllocation.enabled", "true");
    try {
      assertThatThrownBy(() -> run(EXPERIMENT, CONFIGS))
          .isInstanceOf(DatasetException.class)
          .hasMessageStartingWith("spark.dynamicAllocation.enabled is true, but a sweep needs all");
    } finally {
      conf.remove("spark.dynamicAllocation.enabled");
    }
  }
}
