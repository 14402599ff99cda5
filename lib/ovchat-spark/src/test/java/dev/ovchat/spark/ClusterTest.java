package dev.ovchat.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
  private static final GenerationConfig SHORT = GenerationConfig.defaults().maxNewTokens(16);

  /** With the logs, which stay where a test fails. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private SparkCluster cluster;
  private SparkSession spark;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    cluster = new SparkCluster(folder);
  }

  @AfterEach
  void stop() {
    spark.stop();
    cluster.close();
  }

  private static List<String> prompts(int count) {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(LocalSpark.marked("Repeat after me: the number is " + i + "."));
    }
    return prompts;
  }

  private Prompts onCluster(List<String> prompts) {
    Dataset<Row> rows = spark.createDataset(prompts, Encoders.STRING()).toDF("prompt");
    return LocalSpark.onDemoModel(rows).config(SHORT);
  }

  private static void assertAnswers(Dataset<Row> results, List<String> prompts) {
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

  @Test
  void aWorkerThatIsKilledCostsNoAnswer() throws IOException {
    cluster.addWorker();
    cluster.addWorker();
    cluster.addWorker();
    spark = cluster.session(Map.of());
    List<String> prompts = prompts(600);
    Consumer<Progress> killing =
        new Consumer<>() {
          private boolean isKilled;

          @Override
          public void accept(Progress progress) {
            if (!isKilled && progress.done() > 0) {
              cluster.kill(1);
              isKilled = true;
            }
          }
        };
    assertAnswers(onCluster(prompts).generateTo(answersFolder(), "prompt", killing), prompts);
  }

  @Test
  void aModelThatOneWorkerHasDamagedIsLeftToTheOthers() throws IOException {
    Path model = DemoModel.copyTo(folder.resolve("model"));
    Path damaged = DemoModel.copyTo(folder.resolve("damaged"));
    Files.writeString(damaged.resolve("openvino_model.xml"), "<net");
    cluster.addWorker();
    cluster.addWorker(
        "unshare",
        "--mount",
        "bash",
        "-c",
        "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
        damaged.toString(),
        model.toString());
    spark = cluster.session(Map.of());
    List<String> prompts = prompts(100);
    Dataset<Row> answered =
        onCluster(prompts)
            .model(model.toString())
            .generate()
            .select(col("prompt"), col("answer"), col("error"));
    assertAnswers(answered, prompts);
  }
}
