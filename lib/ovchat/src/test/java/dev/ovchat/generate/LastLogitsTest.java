package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph that gives the logits of the last token alone, as some programs write it. */
class LastLogitsTest {
  private static final GenerationConfig GREEDY =
      GenerationConfig.defaults().doSample(false).maxNewTokens(12);

  @TempDir static Path folder;
  private static CausalLM model;
  private static TokenIds prompt;

  @BeforeAll
  static void load() throws IOException {
    Path directory = DemoModel.copyTo(folder.resolve("model"));
    chooseLastToken(directory);
    model = CausalLM.load(directory, new Device("CPU"), DemoModel.ACCURATE);
    prompt = model.tokenizer().encode(DemoModel.PROMPT, EncodeOptions.AS_IT_IS);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Puts a Gather of index -1 along axis 1 before the MatMul that makes the logits. */
  private static void chooseLastToken(Path directory) throws IOException {
    Path weights = directory.resolve("openvino_model.bin");
    long offset = Files.size(weights);
    ByteBuffer constants = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(weights, constants.putLong(-1).putLong(1).array(), StandardOpenOption.APPEND);

    Path graph = directory.resolve("openvino_model.xml");
    String xml = Files.readString(graph);
    Matcher head = Pattern.compile("<layer id=\"(\\d+)\" name=\"lm_head/MatMul\"").matcher(xml);
    assertThat(head.find()).isTrue();
    Matcher edge =
        Pattern.compile(
                "<edge from-layer=\"(\\d+)\" from-port=\"(\\d+)\" to-layer=\"%s\" to-port=\"0\"/>"
                    .formatted(head.group(1)))
            .matcher(xml);
    assertThat(edge.find()).isTrue();
    String layers =
        constant(9001, "[last]", "1", offset)
            + constant(9002, "[axis]", "", offset + 8)
            + """
              <layer id="9003" name="last_token" type="Gather" version="opset8">
              <data batch_dims="0"/>
              <input><port id="0" precision="FP32"><dim>-1</dim><dim>-1</dim><dim>256</dim></port>
              <port id="1" precision="I64"><dim>1</dim></port><port id="2" precision="I64"/></input>
              <output><port id="3" precision="FP32"><dim>-1</dim><dim>1</dim><dim>256</dim></port>
              </output></layer>
              """;
    String edges =
        """
        <edge from-layer="%s" from-port="%s" to-layer="9003" to-port="0"/>
        <edge from-layer="9001" from-port="0" to-layer="9003" to-port="1"/>
        <edge from-layer="9002" from-port="0" to-layer="9003" to-port="2"/>
        <edge from-layer="9003" from-port="3" to-layer="%s" to-port="0"/>
        """
            .formatted(edge.group(1), edge.group(2), head.group(1));
    String before = xml.substring(0, head.start());
    String matMul =
        xml.substring(head.start(), edge.start())
            .replaceFirst("<dim>-1</dim><dim>-1</dim>", "<dim>-1</dim><dim>1</dim>")
            .replace("</layers>", layers + "</layers>");
    Files.writeString(graph, before + matMul + edges + xml.substring(edge.end()));
  }

  private static String constant(int id, String name, String shape, long offset) {
    String dimension = shape.isEmpty() ? "" : "<dim>" + shape + "</dim>";
    return String.format(
        Locale.ROOT,
        """
        <layer id="%d" name="%s" type="Const" version="opset1">
        <data element_type="i64" shape="%s" offset="%d" size="8"/>
        <output><port id="0" precision="I64">%s</port></output></layer>
        """,
        id,
        name,
        shape,
        offset,
        dimension);
  }

  @Test
  void generatesTheSame() {
    try (CausalLM usual =
        CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.ACCURATE)) {
      TokenIds expected = usual.generate(prompt, GREEDY).ids();
      assertThat(model.generate(prompt, GREEDY).ids()).isEqualTo(expected);
      assertThat(model.batchGenerate(List.of(prompt, prompt.first(9)), GREEDY))
          .extracting(Generation::ids)
          .containsExactly(expected, usual.generate(prompt.first(9), GREEDY).ids());
    }
  }

  @Test
  void saysThatATextCannotBeScored() {
    assertThatThrownBy(() -> model.score(prompt))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith(
            "The model's graph gives logits for the last of the tokens that it reads alone, and those of the last ");
    assertThat(model.generate(prompt, GREEDY).ids().size()).isEqualTo(12); // it is whole afterwards
  }
}
