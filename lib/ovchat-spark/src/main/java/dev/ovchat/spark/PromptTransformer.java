package dev.ovchat.spark;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.files.JsonText;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * {@link Prompts} as a stage of a Spark ML pipeline, with which it is saved and loaded. The model
 * itself is not saved, only its place.
 *
 * <pre>{@code
 * var answers = new PromptTransformer().setInputCol("question").setAsQuestions(true)
 *     .setModel("/models/smollm2/int4").setGenerationConfig(GenerationConfig.defaults().maxNewTokens(64));
 * new Pipeline().setStages(new PipelineStage[] {cleaning, answers}).fit(rows).write().save("pipeline");
 * }</pre>
 */
public final class PromptTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final Param<String> inputCol;
  private final BooleanParam asQuestions;
  private final Param<String> model;
  private final Param<String> device;
  private final Param<String> ovConfig;
  private final Param<String> generationConfig;

  /** Creates a stage for the column {@code prompt}, on the CPU. */
  public PromptTransformer() {
    this(Identifiable.randomUID("prompts"));
  }

  /** Creates a stage of that name, as Spark does when it loads one. */
  public PromptTransformer(String uid) {
    this.uid = uid; // which each parameter asks for
    inputCol = new Param<>(this, "inputCol", "name of the column that has the prompts");
    asQuestions = new BooleanParam(this, "asQuestions", "questions for the chat template, or not");
    model = new Param<>(this, "model", "the model's directory on every executor, or its URI");
    device = new Param<>(this, "device", "OpenVINO's name of the device");
    ovConfig = new Param<>(this, "ovConfig", "OpenVINO's keys and values, as a JSON object");
    generationConfig = new Param<>(this, "generationConfig", "the config, as a JSON object");
    var unused =
        setDefault(inputCol, "prompt")
            .setDefault(asQuestions, false)
            .setDefault(model, "")
            .setDefault(device, "CPU")
            .setDefault(ovConfig, "{}")
            .setDefault(generationConfig, "{}");
  }

  /** Reads a stage that was saved. */
  public static PromptTransformer load(String path) {
    return read().load(path);
  }

  /** The reader of stages that were saved. */
  public static MLReader<PromptTransformer> read() {
    return new DefaultParamsReadable<PromptTransformer>() {}.read();
  }

  @Override
  public String uid() {
    return uid;
  }

  /** The name of the column that has the prompts. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** The parameter that says whether they are questions for the chat template. */
  public BooleanParam asQuestions() {
    return asQuestions;
  }

  /** The model's directory on every executor, or its URI. */
  public Param<String> model() {
    return model;
  }

  /** OpenVINO's name of the device. */
  public Param<String> device() {
    return device;
  }

  /** OpenVINO's keys and values, as a JSON object. */
  public Param<String> ovConfig() {
    return ovConfig;
  }

  /** The generation config, as a JSON object. */
  public Param<String> generationConfig() {
    return generationConfig;
  }

  /** Sets {@link #inputCol}. */
  public PromptTransformer setInputCol(String column) {
    return with(inputCol, column);
  }

  /** Sets {@link #asQuestions}. */
  public PromptTransformer setAsQuestions(boolean value) {
    return with(asQuestions, value);
  }

  /** Sets {@link #model}. */
  public PromptTransformer setModel(String location) {
    return with(model, location);
  }

  /** Sets {@link #device}. */
  public PromptTransformer setDevice(String name) {
    return with(device, name);
  }

  /** Sets {@link #ovConfig}. */
  public PromptTransformer setOvConfig(Map<String, String> config) {
    return with(ovConfig, JsonText.of(new TreeMap<>(config)));
  }

  /** Sets {@link #generationConfig}. */
  public PromptTransformer setGenerationConfig(GenerationConfig config) {
    return with(generationConfig, JsonText.of(config.asMap()));
  }

  private <T> PromptTransformer with(Param<T> param, T value) {
    var unused = set(param, value);
    return this;
  }

  private <T> T valueOf(Param<T> param) {
    return getOrDefault(param);
  }

  private boolean isAsQuestions() {
    return (Boolean) valueOf(asQuestions);
  }

  /** {@inheritDoc} The columns are those of {@link Prompts#generate()}. */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    return prompts(rows.toDF()).generate();
  }

  private Prompts prompts(Dataset<Row> rows) {
    Map<String, String> properties = new TreeMap<>();
    JsonText.map(valueOf(ovConfig))
        .forEach((key, value) -> properties.put(key, String.valueOf(value)));
    Prompts prompts =
        Prompts.on(rows)
            .column(valueOf(inputCol))
            .model(valueOf(model))
            .device(valueOf(device))
            .ovConfig(properties)
            .config(GenerationConfig.of(JsonText.map(valueOf(generationConfig))));
    return isAsQuestions() ? prompts.asQuestions() : prompts;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    PromptReader.of(schema, valueOf(inputCol), isAsQuestions(), Optional.empty());
    return AnswerColumns.added(schema, AnswerColumns.GENERATED);
  }

  @Override
  public PromptTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
