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
  @CsvSource({"llama, 2, 32", "mistral, 2, 8", "qwen2, 2, 32", "qwen3, 128, 32"})
  void headsWhereNothingIsSaid(String modelType, int headDim, int keyValueHeads)
      throws IOException {
    DecoderConfig config = read(modelType, "");
    assertThat(config.headDim()).isEqualTo(headDim);
    assertThat(config.numKeyValueHeads()).isEqualTo(keyValueHeads);
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
