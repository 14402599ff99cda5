package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Configs of text models are what transformers makes of published ones; the golden file is made by
 * {@code scripts/golden/golden_text_configs.py}.
 */
class TextConfigTest {
  @TempDir Path checkpoint;

  record Case(String name, JsonNode config, JsonNode text) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream in = TextConfigTest.class.getResourceAsStream("/golden/text-configs.json")) {
      return List.of(new ObjectMapper().readValue(in, Case[].class));
    }
  }

  private void write(String config) throws IOException {
    Files.writeString(checkpoint.resolve("config.json"), config);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAreThoseOfTransformers(Case golden) throws IOException {
    write(golden.config().toString());
    JsonFile text = TextConfig.read(checkpoint);
    for (String field :
        List.of("model_type", "max_position_embeddings", "eos_token_id", "tie_word_embeddings")) {
      assertThat(text.root().get(field)).as(field).isEqualTo(golden.text().get(field));
    }
    DecoderConfig config = DecoderConfig.read(checkpoint);
    assertThat(config.vocabSize()).isEqualTo(golden.text().get("vocab_size").intValue());
    assertThat(config.hiddenSize()).isEqualTo(golden.text().get("hidden_size").intValue());
    assertThat(config.intermediateSize())
        .isEqualTo(golden.text().get("intermediate_size").intValue());
    assertThat(config.numHiddenLayers())
        .isEqualTo(golden.text().get("num_hidden_layers").intValue());
    assertThat(config.numAttentionHeads())
        .isEqualTo(golden.text().get("num_attention_heads").intValue());
    assertThat(config.numKeyValueHeads())
        .isEqualTo(golden.text().get("num_key_value_heads").intValue());
    assertThat(config.headDim()).isEqualTo(golden.text().get("head_dim").intValue());
    assertThat(config.rmsNormEps()).isEqualTo(golden.text().get("rms_norm_eps").floatValue());
    assertThat(config.slidingWindows().get(0))
        .isEqualTo(
            Optional.of(golden.text().get("sliding_window"))
                .filter(JsonNode::isNumber)
                .map(JsonNode::intValue));
  }

  /** Files of a model directory are read by others, too, and have to be a text model's. */
  @Test
  void theTextModelsConfigIsTheOneThatIsWritten(@TempDir Path directory) throws IOException {
    write(cases().get(0).config().toString());
    Files.writeString(checkpoint.resolve("tokenizer.json"), "{}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    JsonNode written = JsonFile.read(directory.resolve("config.json")).root();
    assertThat(written).isEqualTo(TextConfig.read(checkpoint).root());
    assertThat(written.get("architectures")).hasToString("[\"Gemma3ForCausalLM\"]");
    assertThat(JsonFile.read(directory.resolve("generation_config.json")).tokenIds("eos_token_id"))
        .containsExactly(1, 106);
  }

  @Test
  void whatIsQuantized() throws IOException {
    write(
        "{\"model_type\": \"mistral3\", \"text_config\": {\"model_type\": \"ministral3\"},"
            + " \"quantization_config\": {\"quant_method\": \"fp8\"}}");
    assertThatThrownBy(() -> DecoderConfig.read(checkpoint))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("are quantized already (fp8)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"text_config\": null"})
  void aMissingTextModelIsNamed(String rest) throws IOException {
    write("{\"model_type\": \"gemma3\"%s}".formatted(rest));
    assertThatThrownBy(() -> DecoderConfig.read(checkpoint))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            "%s lacks the field text_config, which a model of the architecture gemma3 has; copy it again from where the model comes from.",
            checkpoint.resolve("config.json"));
  }

  @Test
  void classesThatAreNotNamedAreTheDefaultOnes() throws IOException {
    write("{\"model_type\": \"gemma3\", \"text_config\": {\"architectures\": null}}");
    assertThat(TextConfig.read(checkpoint).root().get("architectures"))
        .hasToString("[\"Gemma3ForCausalLM\"]");
  }

  /** Of a model that is known with another text model, and of others that take images. */
  @Test
  void otherArchitecturesAreNamed() throws IOException {
    write("{\"model_type\": \"mistral3\", \"text_config\": {\"model_type\": \"mamba\"}}");
    assertThatThrownBy(() -> DecoderConfig.read(checkpoint))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("is of the architecture mamba; the export from Java knows")
        .hasMessageEndingWith("generates no text with it. Take a model of another architecture.");
    write(
        "{\"model_type\": \"qwen2_5_vl\", \"text_config\": {\"model_type\": \"qwen2_5_vl_text\"}}");
    assertThatThrownBy(() -> DecoderConfig.read(checkpoint))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("is of the architecture qwen2_5_vl; the export from Java knows");
  }
}
