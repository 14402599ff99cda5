package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph with other inputs or outputs answers rightly, or is refused by their names. */
@Slow
class OtherInputsTest {
  private static final GenerationConfig GREEDY =
      GenerationConfig.defaults().maxNewTokens(12).eosTokenIds(List.of());

  /** Of GPT-2's graph: the layer that gives the positions, and the one that chooses rows. */
  private static final String POSITIONS = "from-layer=\"2\" from-port=\"0\"";

  private static final String BEAMS =
      "name=\"beam_idx\" type=\"Parameter\" version=\"opset1\">\n"
          + "\t\t\t<data shape=\"?\" element_type=\"i32\" />";

  @TempDir Path folder;
  private Family golden;
  private Path directory;

  @BeforeEach
  void copyGpt2() throws IOException {
    golden = Family.of("gpt2");
    directory = Family.copyTo(folder.resolve("model"), "gpt2");
  }

  /** They are added to the positions here, so that any value but 0 gives other ids. */
  @Test
  void tokenTypesAreZeros() throws IOException {
    Family.edit(
        directory,
        POSITIONS,
        "from-layer=\"9001\" from-port=\"2\"",
        "</layers>",
        twoInputs("token_type_ids") + "</layers>",
        "<edges>",
        """
        <edges>
        <edge from-layer="2" from-port="0" to-layer="9001" to-port="0" />
        <edge from-layer="9000" from-port="0" to-layer="9001" to-port="1" />
        """);
    try (CausalLM model = Family.load(directory)) {
      assertThat(model.generate(golden.prompt(0), GREEDY).ids()).isEqualTo(golden.completion(0));
      List<Generation> both =
          model.batchGenerate(List.of(golden.prompt(0), golden.prompt(1)), GREEDY);
      assertThat(both.get(1).ids()).isEqualTo(golden.completion(1));
    }
  }

  private static String twoInputs(String name) {
    return """
        <layer id="9000" name="%1$s" type="Parameter" version="opset1">
        <data shape="?,?" element_type="i64" />
        <output><port id="0" precision="I64" names="%1$s"><dim>-1</dim><dim>-1</dim></port></output>
        </layer>
        <layer id="9001" name="sum" type="Add" version="opset1">
        <data auto_broadcast="numpy" />
        <input>
        <port id="0" precision="I64"><dim>-1</dim><dim>-1</dim></port>
        <port id="1" precision="I64"><dim>-1</dim><dim>-1</dim></port>
        </input>
        <output><port id="2" precision="I64"><dim>-1</dim><dim>-1</dim></port></output>
        </layer>
        """
        .formatted(name);
  }

  @Test
  void withoutBeamIdxPromptsAreAnsweredOneByOne() throws IOException {
    long size = Files.size(directory.resolve(Family.WEIGHTS));
    Files.write(directory.resolve(Family.WEIGHTS), new byte[4], StandardOpenOption.APPEND);
    Family.edit(
        directory,
        BEAMS,
        "name=\"row\" type=\"Const\" version=\"opset1\">\n"
            + "<data element_type=\"i32\" shape=\"1\" offset=\""
            + size
            + "\" size=\"4\" />");
    try (CausalLM model = Family.load(directory)) {
      List<Generation> both =
          model.batchGenerate(List.of(golden.prompt(0), golden.prompt(1)), GREEDY);
      assertThat(both.get(0).ids()).isEqualTo(golden.completion(0));
      assertThat(both.get(1).ids()).isEqualTo(golden.completion(1));
      assertThatThrownBy(() -> model.generate(golden.prompt(0), GREEDY.numBeams(2)))
          .isInstanceOf(GenerationException.class)
          .hasMessage(
              "The model has no input beam_idx, by which the rows of its cache are chosen. Set"
                  + " numBeams and numReturnSequences to 1.");
    }
  }

  @Test
  void anUnknownInputIsNamed() throws IOException {
    Family.edit(directory, "names=\"position_ids\"", "names=\"encoder_hidden_states\"");
    assertThatThrownBy(() -> Family.load(directory))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith(
            "The model takes the input encoder_hidden_states, but ovchat fills");
  }

  @Test
  void aCacheInBlocksNeedsPositions() throws IOException {
    Path bloom = Family.copyTo(folder.resolve("bloom"), "bloom");
    assertThatThrownBy(
            () -> CausalLM.load(bloom, Device.of("CPU"), Map.of(), CacheLayout.PAGED).close())
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith("The model's attention cannot be paged: it takes no position_ids.");
  }
}
