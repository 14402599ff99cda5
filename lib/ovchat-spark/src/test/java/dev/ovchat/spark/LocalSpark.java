package dev.ovchat.spark;

import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Spark in this JVM, with two tasks at a time. */
abstract class LocalSpark {
  static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(40);

  static final List<String> QUESTIONS =
      List.of(
          "Who are you?",
          "What is a token?",
          "How can I make the model faster?",
          "What is a GPU?",
          "Tell me a joke.",
          "What is OpenVINO?",
          "Which device is the best?");

  static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = Sessions.start("local[2]");
    spark.conf().set("spark.sql.shuffle.partitions", "2");
  }

  @AfterAll
  static void stop() {
    spark.stop();
    Prompts.closeModels();
  }

  /** A question in the demo model's own marks. */
  static String marked(String question) {
    return "<|user|>\n" + question + "<|end|>\n<|assistant|>\n";
  }

  static List<String> prompts() {
    return QUESTIONS.stream().map(LocalSpark::marked).toList();
  }

  /** A column of texts, in three partitions. */
  static Dataset<Row> column(String name, List<String> texts) {
    return spark.createDataset(texts, Encoders.STRING()).toDF(name).repartition(3);
  }

  static Prompts onDemoModel(Dataset<Row> rows) {
    return Prompts.on(rows)
        .model(DemoModel.DIRECTORY.toString())
        .ovConfig(DemoModel.ACCURATE)
        .config(GREEDY);
  }

  /** What one machine answers, without Spark. */
  static List<String> alone(List<String> prompts, GenerationConfig generation) {
    // For a model as small as this a second thread costs more than it brings.
    Map<String, String> config = new HashMap<>(DemoModel.ACCURATE);
    config.put("INFERENCE_NUM_THREADS", "1");
    try (var model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), config)) {
      return prompts.stream()
          .map(prompt -> model.tokenizer().encode(prompt, EncodeOptions.AS_IT_IS))
          .map(ids -> text(model, model.generate(ids, generation)))
          .toList();
    }
  }

  private static String text(CausalLM model, Generation generation) {
    return model.tokenizer().decode(generation.ids(), DecodeOptions.READABLE);
  }
}
