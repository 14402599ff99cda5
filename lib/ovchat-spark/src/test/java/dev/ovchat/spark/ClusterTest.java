package dev.ovchat.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.experiment.Experiment;
import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three machines, as processes of this one: what happens to one of them costs no answer. */
@Slow
class ClusterTest {
  static final GenerationConfig SHORT = GenerationConfig.defaults().maxNewTokens(16);

  /** With the logs, which stay where a test fails. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private SparkCluster cluster;
  private SparkSession spark;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    cluster = new SparkCluster(folder, "127.0.0.1");
  }

  @AfterEach
  void stop() {
    if (spark != null) { // a test may fail before it has one
      spark.stop();
    }
    cluster.close();
  }

  private static List<String> questions(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "Repeat after me: the number is " + i + ".")
        .toList();
  }

  static List<String> prompts(int count) {
    return questions(count).stream().map(LocalSpark::marked).toList();
  }

  private Prompts onCluster(List<String> prompts) {
    Dataset<Row> rows = spark.createDataset(prompts, Encoders.STRING()).toDF("prompt");
    return LocalSpark.onDemoModel(rows).config(SHORT);
  }

  static void assertAnswers(Dataset<Row> results, List<String> prompts) {
    Map<String, String> answers = new HashMap<>();
    for (Row row : results.collectAsList()) {
      assertThat(row.<String>getAs("error")).isNull();
      assertThat(answers.put(row.getAs("prompt"), row.getAs("answer"))).isNull();
    }
    List<String> expected = LocalSpark.alone(prompts, SHORT);
    assertThat(answers).hasSize(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(answers).containsEntry(prompts.get(i), expected.get(i));
    }
  }

  private String answersFolder() {
    return folder.resolve("answers").toString();
  }

  /** Does something when the first answers are written. */
  static Consumer<Progress> onFirstAnswers(Action action) {
    return new Consumer<>() {
      private boolean isDone;

      @Override
      public void accept(Progress progress) {
        if (!isDone && progress.done() > 0) {
          isDone = true;
          try {
            action.run();
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  interface Action {
    void run() throws IOException, InterruptedException;
  }

  private void addWorkers(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      cluster.addWorker();
    }
  }

  @Test
  void workersThatAreKilledOrCutOffCostNoAnswer() throws IOException {
    addWorkers(3);
    spark = cluster.session(SparkCluster.IMPATIENT);
    List<String> prompts = prompts(200);
    Consumer<Progress> disaster =
        onFirstAnswers(
            () -> {
              cluster.kill(1);
              cluster.freeze(2);
            });
    assertAnswers(onCluster(prompts).generateTo(answersFolder(), "prompt", disaster), prompts);
  }

  @Test
  void anExecutorThatRunsOutOfMemoryCostsNoAnswer() throws IOException {
    addWorkers(2);
    spark = cluster.session(Map.of());
    List<String> prompts = prompts(60);
    Dataset<Row> rows =
        spark
            .createDataset(prompts, Encoders.STRING())
            .mapPartitions(new FillMemoryOnce(), Encoders.STRING())
            .toDF("prompt");
    assertAnswers(
        LocalSpark.onDemoModel(rows).config(SHORT).generate().select("prompt", "answer", "error"),
        prompts);
  }

  /** The first attempt of a partition takes all the memory that there is, and the second none. */
  private static final class FillMemoryOnce implements MapPartitionsFunction<String, String> {
    private static final long serialVersionUID = 1;
    private static final List<byte[]> TAKEN = new ArrayList<>();

    @Override
    public Iterator<String> call(Iterator<String> rows) {
      TaskContext task = TaskContext.get();
      while (task.partitionId() == 0 && task.attemptNumber() == 0) {
        TAKEN.add(new byte[64 << 20]);
      }
      return rows;
    }
  }

  @Test
  void aDriverThatIsKilledGoesOnWhereItWas() throws IOException, InterruptedException {
    addWorkers(2);
    List<String> prompts = prompts(120);
    Path input = Files.write(folder.resolve("prompts.txt"), questions(120));
    List<String> arguments =
        new ArrayList<>(
            List.of("--input", input.toString(), "--questions", "--output", answersFolder()));
    arguments.addAll(List.of("--model", DemoModel.DIRECTORY.toAbsolutePath().toString()));
    arguments.addAll(List.of("--config", "{\"maxNewTokens\": 16}"));
    DemoModel.ACCURATE.forEach((key, value) -> arguments.add("--ov-config=" + key + "=" + value));

    Process driver = cluster.submit(Submit.class, arguments);
    while (parts() == 0) {
      assertThat(driver.isAlive()).as(this::driverLog).isTrue();
      Thread.sleep(100);
    }
    driver.descendants().forEach(ProcessHandle::destroyForcibly);
    driver.destroyForcibly().waitFor();
    Set<String> before = partNames();

    int exitCode = cluster.submit(Submit.class, arguments).waitFor();
    assertThat(exitCode).as(this::driverLog).isZero();
    assertThat(partNames()).containsAll(before);
    spark = cluster.session(Map.of("spark.master", "local[1]"));
    Dataset<Row> written = spark.read().json(answersFolder());
    assertThat(written.count()).as("none of them twice").isEqualTo(prompts.size());
    List<String> answers =
        written.orderBy("line").collectAsList().stream()
            .map(row -> row.<String>getAs("answer"))
            .toList();
    assertThat(answers).containsExactlyElementsOf(LocalSpark.alone(prompts, SHORT));
  }

  private String driverLog() {
    try {
      return Files.readString(folder.resolve("driver.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long parts() throws IOException {
    return partNames().size();
  }

  private Set<String> partNames() throws IOException {
    if (!Files.exists(Path.of(answersFolder()))) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(Path.of(answersFolder()))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("part-"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aModelThatOneWorkerHasDamagedIsLeftToTheOthers() throws IOException {
    Path model = DemoModel.copyTo(folder.resolve("model"));
    Path damaged = DemoModel.copyTo(folder.resolve("damaged"));
    Files.writeString(damaged.resolve("openvino_model.xml"), "<net");
    cluster.addWorker();
    addWorkerThatSees(damaged, model);
    spark = cluster.session(Map.of());
    List<String> prompts = prompts(60);
    Dataset<Row> answered =
        onCluster(prompts)
            .model(model.toString())
            .generate()
            .select(col("prompt"), col("answer"), col("error"));
    assertAnswers(answered, prompts);
  }

  /** Adds a worker that finds one folder in the place of another. */
  private void addWorkerThatSees(Path folder, Path instead) throws IOException {
    boolean isRoot = System.getProperty("user.name").equals("root");
    cluster.addWorker(
        "unshare",
        isRoot ? "--mount" : "--map-root-user",
        "--mount",
        "bash",
        "-c",
        "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
        folder.toString(),
        instead.toString());
  }

  @Test
  void aWorkerWithAnotherOpenVinoSaysSoAndIsLeftOut() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other OpenVINO"));
    Files.createFile(other.resolve("libopenvino_c.so.2620"));
    addWorkerThatSees(other, Path.of(System.getProperty("openvino.libs")).toAbsolutePath());
    spark = cluster.session(Map.of("spark.task.maxFailures", "1"));
    List<String> prompts = prompts(60);
    assertThat(onCluster(prompts).generate().select("error").distinct().collectAsList())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.getString(0))
                    .startsWith("The OpenVINO runtime found is 2026.2.0, ")
                    .contains(", but ovchat was built for "));
    spark.stop();

    cluster.addWorker();
    spark = cluster.session(Map.of());
    assertAnswers(onCluster(prompts).generate().select("prompt", "answer", "error"), prompts);
  }

  @Test
  void hostsOfAKindShareTheRoundsOfASweep() throws IOException {
    cluster.addWorkerOn("127.0.0.1");
    cluster.addWorkerOn("127.0.0.2");
    spark = cluster.session(Map.of());
    Experiment experiment =
        Experiment.of(DemoModel.DIRECTORY.toAbsolutePath(), new Device("CPU"))
            .prompt(TokenIds.of(1, 2, 3, 4))
            .newTokens(4)
            .repetitions(4)
            .generations(1);
    Path sweep = folder.resolve("sweep");
    ClusterResults results =
        ClusterSweep.on(spark).run(experiment, List.of(DemoModel.ACCURATE), sweep, progress -> {});
    assertThat(results.problems()).isEmpty();
    assertThat(results.byMachine()).hasSize(1);
    assertThat(results.byMachine().values().iterator().next().runs().intColumn("round").asList())
        .containsExactlyInAnyOrder(1, 2, 3, 4);
    assertThat(Files.readAllLines(sweep.resolve("hosts.csv")))
        .hasSize(5)
        .anyMatch(line -> line.startsWith("127.0.0.1,"))
        .anyMatch(line -> line.startsWith("127.0.0.2,"));
  }
}
