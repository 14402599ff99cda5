package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.GoldenGenerationConfigs;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generation_config.json means to ovchat what it means to transformers. */
class GenerationConfigGoldenTest {
  private static final ModelConfig MODEL =
      new ModelConfig("llama", 12, 16, 1, 2, 64, Optional.empty(), List.of());

  /** What transformers takes by accident is refused; no end tokens are none. */
  private static final List<String> OTHERWISE =
      List.of(
          "\"temperature\": Infinity}",
          "\"temperature\": 1e400}",
          "\"repetition_penalty\": Infinity}",
          "\"repetition_penalty\": 1e400}",
          "\"length_penalty\": -Infinity}",
          "\"length_penalty\": 40}", // an integer overflow there
          "3, \"max_new_tokens\": 6, \"eos_token_id\": 4, \"num_return_sequences\": -1}",
          "3, \"max_new_tokens\": 6, \"eos_token_id\": 4, \"num_return_sequences\": -2}",
          "\"eos_token_id\": []}",
          "\"eos_token_id\": [[1]]}",
          "\"eos_token_id\": [[1.0]]}",
          "\"eos_token_id\": [[-1]]}",
          "\"eos_token_id\": [[99]]}",
          "\"stop_strings\": {\"a\":1}}",
          "\"stop_strings\": \"1\"}", // digits are not in the tiny model's vocabulary
          "\"stop_strings\": \"0.5\"}",
          "\"stop_strings\": \"never\"}",
          "\"prompt_lookup_num_tokens\": 1.0}",
          "\"prompt_lookup_num_tokens\": 50.0}");

  @TempDir Path folder;

  /** What transformers raises over is refused; what it takes for another file is the same here. */
  @Test
  void valuesAreThoseOfTransformers() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"vocab_size": 12, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
         "max_position_embeddings": 64}
        """);
    SoftAssertions softly = new SoftAssertions();
    List<GoldenGenerationConfigs.Case> cases = GoldenGenerationConfigs.cases();
    for (GoldenGenerationConfigs.Case one : cases) {
      if (OTHERWISE.stream().anyMatch(one.file()::endsWith)) {
        continue;
      }
      Object meaning = meaning(one.file());
      if (one.same() == null) {
        softly.assertThat(meaning).as(one.file()).isEqualTo("refused");
      } else if (one.leavesTheFieldOut()) { // or it changes nothing for this model and prompt
        softly.assertThat(meaning).as(one.file()).isNotEqualTo("refused");
      } else {
        softly.assertThat(meaning).as(one.file()).isEqualTo(meaning(one.same()));
      }
    }
    softly.assertAll();
    assertThat(cases).hasSizeGreaterThan(1900);
  }

  /** The values that have an effect, or that the file is refused. */
  private Object meaning(String file) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), file);
    try {
      GenerationConfig config = GenerationConfig.of(new ModelDirectory(folder));
      var request =
          new GenerationRequest(TokenIds.of(3, 5, 7, 3, 5), config, MODEL, Optional.empty());
      return Meaning.of(request);
    } catch (UnusableFileException | GenerationException e) {
      assertThat(e).hasMessageEndingWith(".");
      return "refused";
    }
  }

  /** Defaults that are written out are none the less defaults. */
  private record Meaning(int limit, String settings) {
    static Meaning of(GenerationRequest request) {
      GenerationConfig c = request.config();
      String sampling =
          c.doSample()
              ? List.of(c.temperature(), c.topK(), c.topP(), c.minP(), c.typicalP()).toString()
              : "greedy";
      String beams =
          c.numBeams() > 1 ? List.of(c.lengthPenalty(), c.earlyStopping()).toString() : "none";
      List<Object> always =
          List.of(
              c.numBeams(),
              c.numReturnSequences(),
              c.minNewTokens(),
              c.repetitionPenalty(),
              c.noRepeatNgramSize(),
              c.badWordsIds(),
              c.eosTokenIds(),
              c.stopStrings(),
              c.seed(),
              c.presencePenalty(),
              c.frequencyPenalty());
      return new Meaning(request.limit(), sampling + beams + always);
    }
  }
}
