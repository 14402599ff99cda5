package dev.ovchat.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What config.json leaves out is read as transformers reads it. */
class DecoderConfigTest {
  @TempDir Path checkpoint;

  private DecoderConfig read(String modelType, String fields) throws IOException {
    Files.writeString(
        checkpoint.resolve("config.json"),
        """
        {"model_type": "%s", "vocab_size": 96, "hidden_size": 64, "intermediate_size": 48,
         "num_hidden_layers": 2, "num_attention_heads": 32, "max_position_embeddings": 128%s}
        """
            .formatted(modelType, fields));
    return DecoderConfig.read(checkpoint);
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 2, 32",
    "mistral, 2, 8",
    "qwen2, 2, 32",
    "qwen3, 128, 32",
    "qwen3_moe, 2, 4",
    "ministral, 2, 8",
    "ministral3, 128, 8",
    "smollm3, 2, 4",
    "granite, 2, 32",
    "granitemoe, 2, 32",
    "gpt_oss, 64, 8",
    "minicpm, 2, 32",
    "olmo2, 2, 32",
    "gemma2, 256, 4",
    "gemma3_text, 256, 4",
    "exaone4, 2, 32",
    "hunyuan_v1_dense, 2, 32"
  })
  void headsWhereNothingIsSaid(String modelType, int headDim, int keyValueHeads)
      throws IOException {
    DecoderConfig config = read(modelType, "");
    assertThat(config.headDim()).isEqualTo(headDim);
    assertThat(config.numKeyValueHeads()).isEqualTo(keyValueHeads);
  }

  @ParameterizedTest
  @CsvSource({
    "llama, false", "granite, false", "olmo2, false", "exaone4, false", "hunyuan_v1_dense, false",
    "ministral3, false", "smollm3, true", "minicpm, true", "gemma2, true", "gemma3_text, true"
  })
  void tiedWhereNothingIsSaid(String modelType, boolean isTied) throws IOException {
    assertThat(read(modelType, "").tieWordEmbeddings()).isEqualTo(isTied);
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 1e-6", "granite, 1e-6", "smollm3, 1e-6", "gemma2, 1e-6", "gemma3_text, 1e-6",
    "ministral, 1e-6", "ministral3, 1e-5", "olmo2, 1e-5", "exaone4, 1e-5", "hunyuan_v1_dense, 1e-5"
  })
  void epsilonWhereNothingIsSaid(String modelType, float epsilon) throws IOException {
    assertThat(read(modelType, "").rmsNormEps()).isEqualTo(epsilon);
  }

  @ParameterizedTest
  @CsvSource({"llama, 10000", "smollm3, 2000000", "gemma2, 10000", "gemma3_text, 1000000"})
  void ropeThetaWhereNothingIsSaid(String modelType, double theta) throws IOException {
    assertThat(read(modelType, "").rope().theta()).isEqualTo(theta);
  }

  @Test
  void ropeOfMinistral3WhereNothingIsSaid() throws IOException {
    RopeConfig rope = read("ministral3", "").rope();
    assertThat(rope.type()).isEqualTo("yarn");
    assertThat(rope.theta()).isEqualTo(1e6);
    assertThat(rope.originalMaxPositions()).isEqualTo(16_384);
    assertThat(rope.value("llama_4_scaling_beta")).isEqualTo(0.1);
  }

  /** 1 stands for a layer that rotates, in spite of the field's name. */
  @Test
  void layersOfSmolLm3ThatRotateNothing() throws IOException {
    assertThat(rotating("")).isEqualTo(List.of(true, true));
    assertThat(rotating(", \"no_rope_layer_interval\": 2")).isEqualTo(List.of(true, false));
    assertThat(rotating(", \"no_rope_layers\": [0, 1, 1]")).isEqualTo(List.of(false, true));
    for (String wrong : List.of("[1]", "7", "[1, \"1\"]", "[1, true]")) {
      assertThatThrownBy(() -> rotating(", \"no_rope_layers\": " + wrong))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining(
              "no_rope_layers is not a list of 2 numbers, 1 for a layer that rotates, else 0,");
    }
  }

  private List<Boolean> rotating(String fields) throws IOException {
    return read("smollm3", fields).layerRopes().stream().map(Optional::isPresent).toList();
  }

  /** Gemma 3 has a rotary embedding of its own where there is a window. */
  @Test
  void ropesOfGemma3() throws IOException {
    String types = ", \"layer_types\": [\"sliding_attention\", \"full_attention\"]";
    assertThat(thetas(types)).isEqualTo(List.of(1e4, 1e6));
    assertThat(thetas(types + ", \"rope_theta\": 5, \"rope_local_base_freq\": 7"))
        .isEqualTo(List.of(7.0, 5.0));
    String parameters =
        ", \"rope_parameters\": {\"sliding_attention\": {\"rope_theta\": 8},"
            + " \"full_attention\": {\"rope_theta\": 9}}";
    assertThat(thetas(types + parameters)).isEqualTo(List.of(8.0, 9.0));
  }

  private List<Double> thetas(String fields) throws IOException {
    return read("gemma3_text", fields).layerRopes().stream()
        .map(rope -> rope.orElseThrow().theta())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"gemma2", "gemma3_text", "exaone4", "ministral", "mistral", "ministral3", "smollm3"})
  void aWindowOfNothing(String modelType) {
    assertThatThrownBy(() -> read(modelType, ", \"sliding_window\": 0"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("sliding_window is not a number of 1 or more but 0");
  }

  @ParameterizedTest
  @CsvSource({"gemma2", "gemma3_text", "exaone4", "ministral", "smollm3", "qwen3"})
  void aListForOtherLayers(String modelType) {
    for (String types : List.of("[\"full_attention\"]", "[\"full_attention\", \"linear\"]")) {
      assertThatThrownBy(() -> read(modelType, ", \"layer_types\": " + types))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining(
              "layer_types is not a list of 2 out of [full_attention, sliding_attention]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama|attn_logit_softcapping|50.0",
        "qwen3|final_logit_softcapping|30",
        "granite|no_rope_layers|[1, 0]",
        "smollm3|embedding_multiplier|12.0",
        "olmo2|query_pre_attn_scalar|256",
        "exaone4|scale_depth|1.4",
        "gemma3_text|logits_scaling|8"
      })
  void whatTheFamilyDoesNotHave(String modelType, String field, String value) {
    assertThatThrownBy(() -> read(modelType, ", \"%s\": %s".formatted(field, value)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageEndingWith(
            "config.json sets %s, which a model of the architecture %s does not have; take the"
                    .formatted(field, modelType)
                + " config.json that belongs to the weights.");
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3_moe, 128, 8, 768, false, false",
    "granitemoe, 8, 2, 48, true, false",
    "gpt_oss, 128, 4, 48, true, true"
  })
  void expertsWhereNothingIsSaid(
      String modelType, int count, int perToken, int size, boolean normalized, boolean isClamped)
      throws IOException {
    assertThat(read(modelType, "").experts())
        .hasSize(2)
        .containsOnly(Optional.of(new Experts(count, perToken, size, normalized, isClamped)));
  }

  @Test
  void layersWithoutExperts() throws IOException {
    String every = ", \"num_hidden_layers\": 5, \"decoder_sparse_step\": 2";
    assertThat(read("qwen3_moe", every).experts())
        .extracting(Optional::isPresent)
        .containsExactly(false, true, false, true, false);
    assertThat(read("qwen3_moe", every + ", \"mlp_only_layers\": [3, 7]").experts())
        .extracting(Optional::isPresent)
        .containsExactly(false, true, false, false, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "num_experts_per_tok|129|is not a number from 1 to num_local_experts, 128",
        "num_experts_per_tok|0|is not a number of 1 or more",
        "num_experts|0|is not a number of 1 or more",
        "decoder_sparse_step|0|is not a number of 1 or more",
        "mlp_only_layers|\"all\"|is not a list of layers",
        "mlp_only_layers|[0.5]|is not a whole number",
        "norm_topk_prob|1|is not true or false",
      })
  void expertsThatCannotBe(String field, String value, String message) {
    assertThatThrownBy(() -> read("qwen3_moe", ", \"%s\": %s".formatted(field, value)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(field + " " + message);
  }

  @ParameterizedTest
  @CsvSource({"llama, num_local_experts", "hunyuan_v1_dense, num_experts", "minicpm, num_experts"})
  void experts(String modelType, String field) {
    assertThatThrownBy(() -> read(modelType, ", \"%s\": 8".formatted(field)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("is the config of a mixture of experts (" + field + ")");
  }

  @ParameterizedTest
  @CsvSource({"llama", "qwen3", "gemma3_text", "granite"})
  void headsThatRotateInPart(String modelType) {
    assertThatThrownBy(() -> read(modelType, ", \"partial_rotary_factor\": 0.5"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("sets partial_rotary_factor to 0.5, but a model of the architecture");
  }

  /** transformers 5 takes rope_scaling where both are given, and then none of the other. */
  @Test
  void bothNamesOfTheRotaryEmbedding() throws IOException {
    String newer = ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 7}";
    String older = ", \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4}";
    assertThat(read("qwen3", newer + older).rope().type()).isEqualTo("linear");
    assertThat(read("qwen3", newer + older).rope().theta()).isEqualTo(10_000);
    assertThat(read("qwen3", newer + ", \"rope_scaling\": {}").rope().theta()).isEqualTo(7);
    assertThat(read("gemma3_text", newer + older).rope().theta()).isEqualTo(1e6);
    String full = ", \"rope_parameters\": {\"full_attention\": {\"rope_theta\": 9}}";
    assertThat(read("gemma3_text", full + older).rope().theta()).isEqualTo(9);
    assertThat(read("gemma3_text", full + older).rope().type()).isEqualTo("linear");
  }

  @Test
  void whatChangesNothing() throws IOException {
    assertThat(read("llama", ", \"attn_logit_softcapping\": null")).isNotNull();
    assertThat(read("hunyuan_v1_dense", ", \"num_experts\": 1").numHiddenLayers()).isEqualTo(2);
  }

  @Test
  void anEmbeddingModelOfGemma() {
    assertThatThrownBy(() -> read("gemma3_text", ", \"use_bidirectional_attention\": true"))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("sets use_bidirectional_attention, for a model of embeddings");
  }

  @Test
  void biasesOfQwen3() throws IOException {
    assertThat(read("qwen3", "").queryKeyValueBias()).isFalse();
    DecoderConfig config = read("qwen3", ", \"attention_bias\": true, \"mlp_bias\": true");
    assertThat(config.queryKeyValueBias()).isTrue();
    assertThat(config.attentionOutputBias()).isTrue();
    assertThat(config.feedForwardBias()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"qwen2", "qwen3"})
  void windowsOfUpperLayers(String modelType) throws IOException {
    Optional<Integer> none = Optional.empty();
    String upper = ", \"sliding_window\": 5, \"max_window_layers\": 1";
    assertThat(read(modelType, upper).slidingWindows()).isEqualTo(List.of(none, none));
    String inUse = ", \"use_sliding_window\": true";
    assertThat(read(modelType, upper + inUse).slidingWindows())
        .isEqualTo(List.of(none, Optional.of(5)));
    assertThat(read(modelType, inUse + ", \"max_window_layers\": 0").slidingWindows())
        .isEqualTo(List.of(Optional.of(4096), Optional.of(4096)));
    assertThat(read(modelType, inUse).slidingWindows()).isEqualTo(List.of(none, none));
    String types = ", \"layer_types\": [\"sliding_attention\", \"full_attention\"]";
    assertThat(read(modelType, upper + inUse + types).slidingWindows())
        .isEqualTo(List.of(Optional.of(5), none));
  }

  /** transformers has no window then, and fails at a layer that asks for one. */
  @ParameterizedTest
  @CsvSource({"qwen2", "qwen3"})
  void aWindowThatIsNull(String modelType) throws IOException {
    Optional<Integer> none = Optional.empty();
    String inUse =
        ", \"use_sliding_window\": true, \"sliding_window\": null, \"max_window_layers\": 0";
    assertThat(read(modelType, inUse).slidingWindows()).isEqualTo(List.of(none, none));
    String types = ", \"layer_types\": [\"sliding_attention\", \"full_attention\"]";
    assertThatThrownBy(() -> read(modelType, inUse + types))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageEndingWith(
            "layer_types is not all full_attention, as no sliding window is in use, but"
                + " [\"sliding_attention\",\"full_attention\"].");
    assertThatThrownBy(() -> read(modelType, types)).isInstanceOf(UnusableFileException.class);
  }
}
