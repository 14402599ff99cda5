package dev.ovchat.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.DemoModel;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest extends LocalSpark {
  @TempDir Path folder;

  private static Map<String, Row> byColumn(Dataset<Row> rows, String column) {
    Map<String, Row> found = new HashMap<>();
    rows.collectAsList().forEach(row -> found.put(row.getAs(column), row));
    return found;
  }

  private static List<String> answers(Dataset<Row> rows, String column, List<String> inOrder) {
    Map<String, Row> found = byColumn(rows, column);
    return inOrder.stream().map(text -> found.get(text).<String>getAs("answer")).toList();
  }

  @Test
  void givesEachPromptTheAnswerOfOneMachine() {
    Dataset<Row> answered = onDemoModel(column("prompt", prompts())).generate().cache();
    assertThat(answers(answered, "prompt", prompts()))
        .containsExactlyElementsOf(alone(prompts(), GREEDY));
    Row row = byColumn(answered, "prompt").get(marked("Who are you?"));
    assertThat(row.<String>getAs("finishReason")).isEqualTo("END_TOKEN");
    assertThat(row.<Integer>getAs("promptTokens")).isPositive();
    assertThat(row.<Double>getAs("millis")).isGreaterThanOrEqualTo(row.getAs("firstTokenMillis"));
    assertThat(row.<String>getAs("error")).isNull();
  }

  @Test
  void sampledAnswersBeamsAndFormatsAreThoseOfOneMachine() {
    var sampled = GREEDY.doSample(true).temperature(1.5).seed(7);
    var beams = GREEDY.numBeams(2).maxNewTokens(12);
    var formatted =
        GREEDY.responseFormat(ResponseFormat.choices(List.of("yes", "no", "it depends")));
    for (var config : List.of(sampled, beams, formatted)) {
      Dataset<Row> answered = onDemoModel(column("prompt", prompts())).config(config).generate();
      assertThat(answers(answered, "prompt", prompts()))
          .containsExactlyElementsOf(alone(prompts(), config));
    }
  }

  @Test
  void questionsAndMessagesGoThroughTheChatTemplate() {
    Dataset<Row> questions =
        onDemoModel(column("text", QUESTIONS)).column("text").asQuestions().generate();
    assertThat(answers(questions, "text", QUESTIONS))
        .containsExactlyElementsOf(alone(prompts(), GREEDY));

    var message =
        new StructType().add("role", DataTypes.StringType).add("content", DataTypes.StringType);
    var schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("chat", DataTypes.createArrayType(message));
    List<Row> chats = new ArrayList<>();
    for (String question : QUESTIONS) {
      chats.add(
          RowFactory.create(question, (Object) new Object[] {RowFactory.create("user", question)}));
    }
    Dataset<Row> chatted =
        onDemoModel(spark.createDataFrame(chats, schema)).column("chat").generate();
    assertThat(answers(chatted, "id", QUESTIONS))
        .containsExactlyElementsOf(alone(prompts(), GREEDY));
  }

  @Test
  void aRowThatFailsSaysWhyAndTheOthersAreDone() {
    String tooLong = "token ".repeat(5000);
    List<String> texts =
        new ArrayList<>(Arrays.asList(null, "", tooLong, "half \uD800", marked("Who are you?")));
    Dataset<Row> rows =
        spark.createDataset(texts, org.apache.spark.sql.Encoders.STRING()).toDF("prompt");
    List<Row> answered = onDemoModel(rows).generate().collectAsList();
    List<String> errors = answered.stream().map(row -> row.<String>getAs("error")).toList();
    assertThat(errors.get(0)).isEqualTo("The prompt is null.");
    assertThat(errors.get(1)).isNotEmpty();
    assertThat(errors.get(2)).contains("4096");
    assertThat(errors.get(4)).isNull();
    assertThat(answered.get(4).<String>getAs("answer")).isNotEmpty();
    assertThat(answered.subList(0, 3))
        .allSatisfy(row -> assertThat(row.<String>getAs("answer")).isNull());
  }

  @Test
  void anEmptyQuestionIsCompleted() {
    Dataset<Row> answered =
        onDemoModel(column("text", List.of(""))).column("text").asQuestions().generate();
    assertThat(answers(answered, "text", List.of("")))
        .containsExactlyElementsOf(alone(List.of(marked("")), GREEDY));
  }

  @Test
  void aModelThatNoExecutorHasIsSaidInEachRow() {
    List<Row> answered =
        onDemoModel(column("prompt", prompts())).model("/no/such/model").generate().collectAsList();
    assertThat(answered).hasSameSizeAs(prompts());
    assertThat(answered)
        .allSatisfy(row -> assertThat(row.<String>getAs("error")).contains("/no/such/model"));
  }

  @Test
  void aModelComesFromAnyFileSystemThatHadoopKnows() throws IOException {
    Path model = DemoModel.copyTo(folder.resolve("model"));
    Dataset<Row> rows = column("prompt", prompts());
    assertThat(
            answers(
                onDemoModel(rows).model(model.toUri().toString()).generate(), "prompt", prompts()))
        .containsExactlyElementsOf(alone(prompts(), GREEDY));
    assertThat(onDemoModel(rows).model("file:///no/such/model").generate().collectAsList())
        .allSatisfy(
            row ->
                assertThat(row.<String>getAs("error"))
                    .startsWith("The model at file:///no/such/model cannot be copied"));
  }

  @Test
  void aModelThatIsExportedAnewIsLoadedAnew() throws IOException {
    Path model = DemoModel.copyTo(folder.resolve("model"));
    Prompts prompts = onDemoModel(column("prompt", prompts())).model(model.toString());
    assertThat(prompts.generate().filter("error is null").count()).isEqualTo(QUESTIONS.size());
    Files.writeString(model.resolve("config.json"), "{}");
    assertThat(prompts.generate().filter("error is null").count()).isZero();
  }

  @Test
  void scoresCompletionsAsOneMachineDoes() {
    Dataset<Row> rows =
        column("prompt", prompts())
            .withColumn("completion", org.apache.spark.sql.functions.lit(" OpenVINO is fast."));
    Map<String, Row> scored = byColumn(onDemoModel(rows).score("completion"), "prompt");
    try (var model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.ACCURATE)) {
      var tokenizer = model.tokenizer();
      var completion = tokenizer.encode(" OpenVINO is fast.", EncodeOptions.AS_IT_IS);
      for (String prompt : prompts()) {
        var score = model.score(tokenizer.encode(prompt, EncodeOptions.AS_IT_IS), completion);
        Row row = scored.get(prompt);
        assertThat(row.<Integer>getAs("scoredTokens")).isEqualTo(completion.size());
        assertThat(row.<Double>getAs("logLikelihood"))
            .isCloseTo(score.logLikelihood(), within(1e-3));
        assertThat(row.<Double>getAs("perplexity"))
            .isCloseTo(score.perplexity(), within(1e-3 * score.perplexity()));
      }
    }
  }

  @Test
  void whatTheDatasetLacksIsSaidAtOnce() {
    Dataset<Row> rows = column("prompt", prompts());
    assertThatThrownBy(() -> onDemoModel(rows).column("question").generate())
        .isInstanceOf(DatasetException.class)
        .hasMessage("There is no column question; there are prompt.");
    assertThatThrownBy(() -> onDemoModel(spark.range(3).toDF("prompt")).generate())
        .hasMessageStartingWith("Column prompt is of type bigint; it has to be string, or array<");
    assertThatThrownBy(
            () ->
                onDemoModel(rows.withColumnRenamed("prompt", "Answer")).column("Answer").generate())
        .hasMessage(
            "The dataset has the column Answer already, which the answers bring; rename it: dataset.withColumnRenamed(\"Answer\", …).");
    assertThatThrownBy(() -> Prompts.on(rows).generate())
        .hasMessage("No model is named; call model(\"/path/of/a/model\").");
    assertThatThrownBy(() -> onDemoModel(rows).score("completion"))
        .hasMessage("There is no column completion; there are prompt.");
  }
}
