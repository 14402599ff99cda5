package dev.ovchat.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Slow;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.export.Export;
import dev.ovchat.export.ExportException;
import dev.ovchat.export.WeightFormat;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints that name and tie their weights in all the ways of published ones. What transformers
 * loads gives its logits; what it would fill with random numbers is refused. Checkpoints and golden
 * file are made by {@code scripts/golden/golden_weights.py}.
 */
@Slow
class WeightNamesTest {
  private static final Path GOLDEN = Path.of("../ovchat/src/test/resources/golden/weights");
  private static final TokenIds IDS = TokenIds.of(3, 1, 4, 1, 5, 9, 2, 6);

  @TempDir Path folder;

  /**
   * @param logits of the last token; nothing where transformers does not load the checkpoint
   * @param tied whether lm_head is the embedding's matrix
   */
  record Case(String checkpoint, List<Float> logits, Boolean tied) {
    @Override
    public String toString() {
      return checkpoint;
    }
  }

  private static Stream<Case> cases() throws IOException {
    return Stream.of(
        new ObjectMapper().readValue(GOLDEN.resolve("weights.json").toFile(), Case[].class));
  }

  static Stream<Case> loaded() throws IOException {
    return cases().filter(golden -> golden.logits() != null);
  }

  static Stream<Case> refused() throws IOException {
    return cases().filter(golden -> golden.logits() == null);
  }

  /** With a tokenizer, which the export asks for and the model does not. */
  private Path checkpoint(String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(GOLDEN.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(
        copy.resolve("tokenizer.json"),
        """
        {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []}}
        """);
    return copy;
  }

  @ParameterizedTest
  @MethodSource("loaded")
  void logitsAreThoseOfTransformers(Case golden) throws IOException {
    Path directory = folder.resolve("model");
    Export.of(checkpoint(golden.checkpoint())).weightFormat(WeightFormat.FP32).to(directory);
    Map<String, String> accurate = Map.of("EXECUTION_MODE_HINT", "ACCURACY");
    try (CausalLM model = CausalLM.load(directory, Device.of("CPU"), accurate)) {
      float[] logits = model.logits(IDS)[IDS.size() - 1];
      assertThat(logits).hasSize(golden.logits().size());
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i]).isCloseTo(golden.logits().get(i), Offset.offset(1e-4f));
      }
    }
  }

  /** A shared matrix decides what becomes int4, so it is not only a matter of size. */
  @ParameterizedTest
  @MethodSource("loaded")
  void sharedIsWhatTransformersTies(Case golden) throws Exception {
    try (CheckpointTensors tensors = CheckpointTensors.open(GOLDEN.resolve(golden.checkpoint()))) {
      boolean ties =
          !golden.checkpoint().contains("untied") && golden.checkpoint().contains("tied");
      DecoderTensors decoder = DecoderTensors.of(tensors, ties);
      assertThat(decoder.get("lm_head.weight").equals(decoder.get("model.embed_tokens.weight")))
          .isEqualTo(golden.tied());
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatTransformersWouldFillAtRandomIsRefused(Case golden) throws IOException {
    Path checkpoint = checkpoint(golden.checkpoint());
    Path directory = folder.resolve("model");
    assertThatThrownBy(() -> Export.of(checkpoint).to(directory))
        .isInstanceOfAny(UnusableFileException.class, ExportException.class)
        .hasMessageContaining(checkpoint.toString());
    assertThat(directory).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "untied-without-head      | lm_head.weight, and config.json does not set"
            + " tie_word_embeddings, so the embedding cannot serve as lm_head.weight; take a"
            + " checkpoint of a model for text generation, or the config.json that belongs to it.",
        "untied-without-embedding | model.embed_tokens.weight; copy config.json and the weights"
            + " from the same model.",
        "tied-and-neither         | model.embed_tokens.weight and no lm_head.weight, of which it"
            + " has to have one, since config.json sets tie_word_embeddings; copy all of the"
            + " weights from where the model comes from.",
        "under-language_model.    | model.embed_tokens.weight but"
            + " language_model.model.embed_tokens.weight, which transformers does not take for it"
            + " either; take the checkpoint of the text model alone, or one that names its tensors"
            + " as transformers does.",
        "phi3-as-llama            | model.layers.0.self_attn.qkv_proj.weight; copy config.json and"
            + " the weights from the same model.",
      })
  void theTrueCauseIsNamed(String name, String cause) throws IOException {
    Path checkpoint = checkpoint(name);
    assertThatThrownBy(() -> Export.of(checkpoint).to(folder.resolve("model")))
        .hasMessage("The checkpoint %s has no tensor %s", checkpoint, cause);
  }
}
