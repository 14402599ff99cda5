package dev.ovchat.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same answers as a stage of a pipeline, and as a function of SQL. */
class PipelineTest extends LocalSpark {
  @TempDir Path folder;

  private static PromptTransformer stage() {
    return new PromptTransformer()
        .setInputCol("text")
        .setAsQuestions(true)
        .setModel(DemoModel.DIRECTORY.toString())
        .setOvConfig(DemoModel.ACCURATE)
        .setGenerationConfig(GREEDY.stopStrings(List.of("\n")));
  }

  private static List<String> answers(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.<String>getAs("answer")).toList();
  }

  @Test
  void aPipelineIsSavedAndLoadedWithIt() throws Exception {
    Dataset<Row> rows = column("text", QUESTIONS).coalesce(1).orderBy("text");
    var pipeline = new Pipeline().setStages(new PipelineStage[] {stage()}).fit(rows);
    List<String> expected = answers(pipeline.transform(rows));
    assertThat(expected).hasSameSizeAs(QUESTIONS).doesNotContainNull();

    String saved = folder.resolve("pipeline").toString();
    pipeline.write().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    assertThat(answers(loaded.transform(rows))).isEqualTo(expected);
    var stage = (PromptTransformer) loaded.stages()[0];
    assertThat(stage.explainParams())
        .isEqualTo(((PromptTransformer) pipeline.stages()[0]).explainParams());
    assertThat(loaded.transformSchema(rows.schema())).isEqualTo(loaded.transform(rows).schema());
  }

  @Test
  void aStageSaysWhatItLacksBeforeAnythingRuns() {
    Dataset<Row> rows = column("prompt", prompts());
    assertThatThrownBy(() -> stage().transformSchema(rows.schema()))
        .isInstanceOf(DatasetException.class)
        .hasMessage("There is no column text; there are prompt.");
  }

  @Test
  void sqlHasAFunction() {
    column("prompt", prompts()).coalesce(1).orderBy("prompt").createOrReplaceTempView("prompts");
    onDemoModel(spark.table("prompts")).registerAs("ovchat");
    Dataset<Row> answered =
        spark.sql("SELECT prompt, ovchat(prompt).answer AS answer FROM prompts ORDER BY prompt");
    List<String> sorted = prompts().stream().sorted().toList();
    assertThat(answers(answered)).containsExactlyElementsOf(alone(sorted, GREEDY));
    // Of a list the driver computes it itself.
    spark
        .createDataset(prompts(), Encoders.STRING())
        .toDF("prompt")
        .createOrReplaceTempView("list");
    assertThat(answers(spark.sql("SELECT ovchat(prompt).answer AS answer FROM list")))
        .containsExactlyElementsOf(alone(prompts(), GREEDY));
    assertThat(spark.sql("SELECT ovchat(NULL).error AS answer").collectAsList().get(0).getString(0))
        .isEqualTo("The prompt is null.");
  }
}
