package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever a checkpoint's shape and its config: a model that OpenVINO runs, or one sentence. */
@Slow
class AnyExportTest {
  private static final Pattern CONSTANT =
      Pattern.compile(
          "<data element_type=\"\\w+\" shape=\"[^\"]*\" offset=\"(\\d+)\" size=\"(\\d+)\"");

  private static final List<String> MODEL_TYPES =
      List.of(
          "phi3",
          "llama",
          "mistral",
          "qwen2",
          "qwen3",
          "qwen3_moe",
          "ministral",
          "ministral3",
          "smollm3",
          "granite",
          "granitemoe",
          "gpt_oss",
          "minicpm",
          "olmo2",
          "gemma2",
          "gemma3_text",
          "exaone4",
          "hunyuan_v1_dense");

  private static final String FACTORS = "[1, 1.5, 2, 4]";

  private Path folder;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("ovchat-export");
  }

  @AfterProperty
  void deleteFolder() throws IOException {
    delete(folder);
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<String> modelTypes() {
    return Arbitraries.of(MODEL_TYPES);
  }

  @Provide
  Arbitrary<String> fields() {
    return Arbitraries.of(
        "model_type",
        "hidden_act",
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads",
        "num_key_value_heads",
        "head_dim",
        "rms_norm_eps",
        "tie_word_embeddings",
        "attention_bias",
        "mlp_bias",
        "no_rope_layers",
        "no_rope_layer_interval",
        "embedding_multiplier",
        "logits_scaling",
        "residual_multiplier",
        "scale_depth",
        "dim_model_base",
        "hidden_activation",
        "query_pre_attn_scalar",
        "attn_logit_softcapping",
        "final_logit_softcapping",
        "use_bidirectional_attention",
        "sliding_window_pattern",
        "rope_local_base_freq",
        "sliding_window",
        "use_sliding_window",
        "max_window_layers",
        "layer_types",
        "max_position_embeddings",
        "original_max_position_embeddings",
        "rope_theta",
        "partial_rotary_factor",
        "rope_scaling",
        "rope_parameters",
        "quantization_config",
        "num_local_experts",
        "num_experts",
        "num_experts_per_tok",
        "moe_intermediate_size",
        "mlp_only_layers",
        "decoder_sparse_step",
        "norm_topk_prob");
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "0",
            "-1",
            "1",
            "3",
            "5",
            "0.5",
            "0.3",
            "1.01",
            "-0.5",
            "1e5",
            "1e39",
            "1e400",
            "1e-50",
            "true",
            "false",
            "null",
            "\"\"",
            "\"8\"",
            "[]",
            "{}",
            "2147483647",
            "2147483648",
            "-2147483648",
            "9".repeat(1500),
            "[\"sliding_attention\", \"full_attention\"]",
            "[1, 2]",
            "\"sliding_attention\"",
            "[".repeat(2000)),
        Arbitraries.integers().between(-3, 70).map(String::valueOf));
  }

  @Provide
  Arbitrary<String> ropes() {
    Arbitrary<String> types =
        Arbitraries.of(
            "default", "linear", "dynamic", "yarn", "llama3", "longrope", "su", "mrope", "");
    Arbitrary<List<String>> numbers =
        Arbitraries.of(
                "rope_theta",
                "factor",
                "low_freq_factor",
                "high_freq_factor",
                "original_max_position_embeddings",
                "attention_factor",
                "beta_fast",
                "beta_slow",
                "mscale",
                "mscale_all_dim",
                "alpha",
                "llama_4_scaling_beta",
                "truncate",
                "partial_rotary_factor")
            .flatMap(
                field ->
                    Arbitraries.of("0", "1", "4", "-2", "1e30", "0.5", "null", "\"x\"", "1e400")
                        .map(value -> "\"%s\": %s".formatted(field, value)))
            .list()
            .uniqueElements(text -> text.substring(0, text.indexOf(':')))
            .ofMaxSize(8);
    Arbitrary<String> factors =
        Arbitraries.of(
            FACTORS,
            FACTORS,
            "[1, 2]",
            "[]",
            "[0, 1, 2, 3]",
            "[1, \"x\", 2, 3]",
            "7",
            "null",
            "{\"a\": 1}");
    return Combinators.combine(types, numbers, factors, factors)
        .as(
            (type, fields, shorter, longer) -> {
              List<String> all = new ArrayList<>(fields);
              all.add("\"rope_type\": \"%s\"".formatted(type));
              all.add("\"short_factor\": " + shorter);
              all.add("\"long_factor\": " + longer);
              return "{" + String.join(", ", all) + "}";
            });
  }

  @Property(tries = 60)
  void anyFieldOfAConfig(
      @ForAll("modelTypes") String modelType,
      @ForAll("fields") String field,
      @ForAll("values") String value,
      @ForAll boolean isMissing)
      throws IOException {
    Path checkpoint = checkpoint(modelType);
    TinyCheckpoint changed = TinyCheckpoint.of(modelType);
    (isMissing && changed.config().containsKey(field)
            ? changed.without(field)
            : changed.with(field, value))
        .writeConfig(checkpoint);
    exportOrRefuse(checkpoint);
  }

  @Property(tries = 60)
  void anyRotaryEmbedding(
      @ForAll("modelTypes") String modelType,
      @ForAll("ropes") String rope,
      @ForAll @IntRange(min = 1, max = 100) int max)
      throws IOException {
    Path checkpoint = checkpoint(modelType);
    TinyCheckpoint.of(modelType)
        .with("max_position_embeddings", max)
        .with("rope_scaling", rope)
        .writeConfig(checkpoint);
    exportOrRefuse(checkpoint);
  }

  /** Found by the property above. */
  @Example
  void queriesScaledBeyondAllBoundsAreRefused() throws IOException {
    Path checkpoint = checkpoint("ministral3");
    for (String beta : List.of("1e400", "-1e12")) {
      TinyCheckpoint.of("ministral3")
          .with(
              "rope_scaling",
              "{\"rope_type\": \"default\", \"llama_4_scaling_beta\": %s}".formatted(beta))
          .writeConfig(checkpoint);
      assertThatThrownBy(() -> Export.of(checkpoint).to(folder.resolve("model")))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageStartingWith("config.json has ")
          .hasMessageContaining("as its llama_4_scaling_beta, which has to be a number between");
    }
  }

  /** The weights stay, so they are written once for each kind. */
  private Path checkpoint(String modelType) throws IOException {
    Path checkpoint = folder.resolve(modelType);
    if (!Files.exists(checkpoint)) {
      TinyCheckpoint.of(modelType).writeTo(checkpoint);
    }
    return checkpoint;
  }

  private void exportOrRefuse(Path checkpoint) throws IOException {
    Path target = folder.resolve("model");
    try {
      Export.of(checkpoint).weightFormat(WeightFormat.INT8).to(target);
    } catch (UnusableFileException | ExportException e) {
      assertThat(e)
          .hasMessageEndingWith(".")
          .message()
          .containsAnyOf("config.json", checkpoint.toString());
      assertThat(e.getMessage().length()).isLessThan(3000);
      assertThat(target).doesNotExist();
      return;
    }
    try {
      assertRuns(target);
    } finally {
      delete(target);
    }
  }

  @Property(tries = 40)
  void anyShapeAndOption(
      @ForAll("modelTypes") String modelType,
      @ForAll("shapes") List<Integer> shape,
      @ForAll("options") Export options,
      @ForAll("tensorTypes") String type,
      @ForAll boolean tied)
      throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    TinyCheckpoint.of(modelType)
        .with("vocab_size", shape.get(0))
        .with("hidden_size", shape.get(1))
        .with("intermediate_size", shape.get(2))
        .with("num_hidden_layers", 1 + shape.get(3) % 2)
        .with("num_key_value_heads", shape.get(4))
        .with("num_attention_heads", shape.get(4) * shape.get(5))
        .with("head_dim", 2 * shape.get(6))
        .with("tie_word_embeddings", tied)
        .ofType(type)
        .writeTo(checkpoint);
    Path target = folder.resolve("model");
    try {
      options.to(target);
      assertRuns(target);
      delete(target);
    } finally {
      delete(checkpoint);
    }
  }

  @Provide
  Arbitrary<List<Integer>> shapes() {
    return Arbitraries.integers().between(1, 7).list().ofSize(7);
  }

  @Provide
  Arbitrary<String> tensorTypes() {
    return Arbitraries.of("F32", "F16", "BF16");
  }

  @Provide
  Arbitrary<Export> options() {
    return Combinators.combine(
            Arbitraries.of(WeightFormat.class)
                .filter(format -> format != WeightFormat.MXFP4), // rows are too short for it
            Arbitraries.of(-1, -1, 1),
            Arbitraries.of(0.0, 0.3, 0.6, 1.0),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(BackupPrecision.values()))
        .as(
            (format, group, ratio, symmetric, all, backup) ->
                Export.of(folder.resolve("checkpoint"))
                    .weightFormat(format)
                    .groupSize(group)
                    .ratio(ratio)
                    .symmetric(symmetric)
                    .allLayers(all)
                    .backupPrecision(backup));
  }

  private static void assertRuns(Path model) throws IOException {
    assertIsFilled(model);
    try (var compiled =
            CompiledModel.compile(
                model.resolve("openvino_model.xml"),
                new Device("CPU"),
                Map.of("INFERENCE_NUM_THREADS", "1"));
        var session = compiled.newSession()) {
      for (String input : List.of("input_ids", "attention_mask", "position_ids")) {
        session.input(input).reshape(1, 2);
        session.input(input).put(0, input.equals("attention_mask") ? 1 : 0);
        session.input(input).put(1, input.equals("input_ids") ? 0 : 1);
      }
      session.input("beam_idx").reshape(1);
      session.input("beam_idx").put(0, 0);
      session.infer();
      for (float logit : session.output("logits").row(1)) {
        assertThat(logit).isFinite();
      }
    }
  }

  /** Constants lie side by side in the file, or are the same one, and the last one ends it. */
  private static void assertIsFilled(Path model) throws IOException {
    SortedMap<Long, Long> sizes = new TreeMap<>();
    CONSTANT
        .matcher(Files.readString(model.resolve("openvino_model.xml")))
        .results()
        .forEach(
            place -> {
              long size = Long.parseLong(place.group(2));
              Long other = sizes.put(Long.parseLong(place.group(1)), size);
              assertThat(other == null || other == size).isTrue();
            });
    long end = 0;
    for (Map.Entry<Long, Long> place : sizes.entrySet()) {
      assertThat(place.getKey()).isBetween(end, end + 63);
      end = place.getKey() + place.getValue();
    }
    assertThat(Files.size(model.resolve("openvino_model.bin"))).isEqualTo(end);
  }
}
