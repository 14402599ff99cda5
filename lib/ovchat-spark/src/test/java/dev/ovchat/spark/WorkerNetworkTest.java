package dev.ovchat.spark;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three machines with addresses of their own: one that falls silent costs no answer. */
@Slow
class WorkerNetworkTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aWorkerWhoseCableIsPulledCostsNoAnswer() throws IOException, InterruptedException {
    try (WorkerNetwork network = network();
        SparkCluster cluster = new SparkCluster(folder, network.host())) {
      for (int machine = 0; machine < 3; machine++) {
        network.addMachine();
        cluster.addWorkerOn(network.address(machine), network.on(machine));
      }
      try (SparkSession spark = cluster.session(SparkCluster.IMPATIENT)) {
        List<String> prompts = ClusterTest.prompts(200);
        Dataset<Row> rows = spark.createDataset(prompts, Encoders.STRING()).toDF("prompt");
        ClusterTest.assertAnswers(
            LocalSpark.onDemoModel(rows)
                .config(ClusterTest.SHORT)
                .generateTo(
                    folder.resolve("answers").toString(),
                    "prompt",
                    ClusterTest.onFirstAnswers(() -> network.cutOff(2))),
            prompts);
      }
    }
  }

  private static WorkerNetwork network() throws InterruptedException {
    try {
      return new WorkerNetwork();
    } catch (IOException e) {
      return abort("This machine gives no network of namespaces: " + e.getMessage());
    }
  }
}
