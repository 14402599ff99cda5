package dev.ovchat.modeldir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
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
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
  private static final String CONFIG =
      """
      {"model_type": "phi3", "vocab_size": 32064, "hidden_size": 3072, "num_hidden_layers": 32,
       "num_attention_heads": 32, "max_position_embeddings": 4096, "eos_token_id": 32000}
      """;

  @TempDir Path folder;

  @Test
  void readsTheConfig() throws IOException {
    ModelConfig config = complete().config();
    assertThat(config.modelType()).isEqualTo("phi3");
    assertThat(config.vocabSize()).isEqualTo(32064);
    assertThat(config.maxPositionEmbeddings()).isEqualTo(4096);
    assertThat(config.eosTokenIds()).containsExactly(32000);
  }

  /** Those of GPT-2, MPT, XGLM and BART. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n_embd\": 8, \"n_layer\": 3, \"n_head\": 2, \"n_positions\": 64",
        "\"d_model\": 8, \"n_layers\": 3, \"n_heads\": 2, \"max_seq_len\": 64",
        "\"d_model\": 8, \"num_layers\": 3, \"attention_heads\": 2, \"seq_length\": 64",
        "\"d_model\": 8, \"decoder_layers\": 3, \"decoder_attention_heads\": 2,"
            + " \"max_position_embeddings\": 64"
      })
  void knowsTheFieldsByTheirOtherNames(String fields) throws IOException {
    ModelDirectory directory = complete();
    write("config.json", "{\"vocab_size\": 10, " + fields + "}");
    assertThat(directory.config())
        .isEqualTo(new ModelConfig("unknown", 10, 8, 3, 2, 64, Optional.empty(), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"model_type\": \"mistral\"|4096",
        "\"model_type\": \"gemma3_text\"|4096",
        "\"model_type\": \"mistral\", \"sliding_window\": null|-1",
        "\"model_type\": \"llama\"|-1",
        "\"sliding_window\": 8, \"use_sliding_window\": false|-1",
        "\"sliding_window\": 8, \"use_sliding_window\": false, \"layer_types\": [\"sliding_attention\"]|8"
      })
  void theWindowIsThatOfTransformers(String fields, int window) throws IOException {
    ModelDirectory directory = complete();
    write(
        "config.json",
        "{\"vocab_size\": 10, \"hidden_size\": 8, \"n_layer\": 1, \"n_head\": 2, " + fields + "}");
    assertThat(directory.config().slidingWindow().orElse(-1)).isEqualTo(window);
  }

  @Test
  void aContextThatIsNotNamedHasNoEnd() throws IOException {
    ModelDirectory directory = complete();
    write(
        "config.json",
        "{\"vocab_size\": 10, \"hidden_size\": 8, \"n_layer\": 1, \"n_head\": 2, \"window_size\": 4}");
    assertThat(directory.config().maxPositionEmbeddings()).isEqualTo(Integer.MAX_VALUE);
    assertThat(directory.config().slidingWindow()).hasValue(4);
  }

  @Test
  void endTokensComeFromTheGenerationConfigFirst() throws IOException {
    ModelDirectory directory = complete();
    write("generation_config.json", "{\"eos_token_id\": [32000, 32001, 32007]}");
    assertThat(directory.eosTokenIds()).containsExactly(32000, 32001, 32007);
    write("generation_config.json", "{\"eos_token_id\": 32007}");
    assertThat(directory.eosTokenIds()).containsExactly(32007);
  }

  @Test
  void endTokensComeFromTheConfigWhereTheGenerationConfigNamesNone() throws IOException {
    ModelDirectory directory = complete();
    assertThat(directory.eosTokenIds()).containsExactly(32000);
    write("generation_config.json", "{\"eos_token_id\": null, \"pad_token_id\": 0}");
    assertThat(directory.eosTokenIds()).containsExactly(32000);
  }

  /** As in transformers. */
  @Test
  void whatStandsForNoTokenIsLeftOut() throws IOException {
    ModelDirectory directory = complete();
    write("generation_config.json", "{\"eos_token_id\": [1, -5, 2.5, 4294967297, true]}");
    assertThat(directory.eosTokenIds()).containsExactly(1, 2, 1);
    write("generation_config.json", "{\"eos_token_id\": -1}");
    assertThat(directory.eosTokenIds()).containsExactly(32000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"end\"", "null", "NaN", "1e30", "[2]"})
  void anEndTokenIsANumber(String id) throws IOException {
    ModelDirectory directory = complete();
    write("generation_config.json", "{\"eos_token_id\": [1, " + id + "]}");
    assertThatThrownBy(directory::eosTokenIds)
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("eos_token_id is not an id or a list of ids but [1,");
  }

  @Test
  void theDemoModelHasPhi3sThreeEndTokens() {
    assertThat(ModelDirectory.open(DemoModel.DIRECTORY).eosTokenIds()).hasSize(3);
  }

  @Test
  void saysThatTheDirectoryIsMissing() {
    Path missing = folder.resolve("nowhere");
    assertThatThrownBy(() -> ModelDirectory.open(missing))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            "There is no model directory "
                + missing
                + ". Export the model: ./scripts/export --model MODEL_ID_OR_DIRECTORY '"
                + missing
                + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"openvino_model.xml", "openvino_model.bin", "config.json", "tokenizer.json"})
  void saysWhichFileIsMissing(String name) throws IOException {
    complete();
    Files.delete(folder.resolve(name));
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("lacks " + name + ".")
        .hasMessageContaining("./scripts/export");
    assertThat(new ModelDirectory(folder).isComplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "", "{\"vocab_size\": \"many\"}", "{\"vocab_size\": 1.5}"})
  void namesTheFileThatIsBroken(String content) throws IOException {
    ModelDirectory directory = complete();
    write("config.json", content);
    assertThatThrownBy(directory::config)
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(folder.resolve("config.json").toString());
  }

  @Test
  void refusesWhatIsTooDeepOrTooLong() throws IOException {
    ModelDirectory directory = complete();
    for (String value : new String[] {"[".repeat(2000), "1".repeat(2000), "1e" + "9".repeat(20)}) {
      write("config.json", "{\"vocab_size\": " + value);
      assertThatThrownBy(directory::config)
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining(folder.resolve("config.json").toString());
    }
  }

  @Test
  void namesTheFieldThatIsMissing() throws IOException {
    ModelDirectory directory = complete();
    write("config.json", "{\"vocab_size\": 10}");
    assertThatThrownBy(directory::config).hasMessageContaining("lacks the field hidden_size");
  }

  private ModelDirectory complete() throws IOException {
    write("openvino_model.xml", "");
    write("openvino_model.bin", "");
    write("tokenizer.json", "{}");
    write("config.json", CONFIG);
    return ModelDirectory.open(folder);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
