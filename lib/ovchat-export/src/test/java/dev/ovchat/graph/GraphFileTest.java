package dev.ovchat.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what OpenVINO reads. */
class GraphFileTest {
  private static final Shape ROW = Shape.of(Shape.DYNAMIC);

  @TempDir Path folder;
  private final Graph graph = new Graph();

  private Path write(Map<String, Map<String, String>> facts) throws IOException {
    Layout layout = Layout.of(graph);
    Path xml = folder.resolve("openvino_model.xml");
    GraphFile.write(xml, graph, layout, facts);
    try (FileChannel bin =
        FileChannel.open(
            folder.resolve("openvino_model.bin"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      for (Constant constant : graph.constants()) {
        bin.write(ByteBuffer.wrap(constant.value().orElseThrow()), layout.offset(constant));
      }
    }
    return xml;
  }

  /** What the model answers to 1, 2 and 3. */
  private float[] answer(Path xml, String input, String output) {
    try (var model = CompiledModel.compile(xml, new Device("CPU"), Map.of());
        var session = model.newSession()) {
      session.input(input).reshape(3);
      for (int i = 0; i < 3; i++) {
        session.input(input).put(i, i + 1);
      }
      session.infer();
      return session.output(output).row(0);
    }
  }

  @Test
  void computesWhatWasWritten() throws IOException {
    Port x = graph.parameter("x", ElementType.I64, ROW);
    Ops ops = graph.ops("part");
    Port y = ops.add(ops.convert(x, ElementType.F32), ops.scalar(0.5f));
    graph.result("y", ops.unsqueeze(ops.multiply(y, ops.scalar(2f)), 0));
    assertThat(answer(write(Map.of()), "x", "y")).containsExactly(3, 5, 7);
  }

  @Test
  void anyNameIsWritten() throws IOException {
    String strange = "<a href=\"&amp;\">'ü\n\t\uD83D\uDE00]]>";
    Port x = graph.parameter("x", ElementType.I64, ROW);
    Ops ops = graph.ops(strange);
    graph.result("y", ops.unsqueeze(ops.convert(x, ElementType.F32), 0));
    Path xml = write(Map.of("group", Map.of("fact", strange)));
    assertThat(answer(xml, "x", "y")).containsExactly(1, 2, 3);
    assertThat(Files.readString(xml))
        .contains("&lt;a href=&quot;&amp;amp;&quot;&gt;")
        .doesNotContain("<a ");
  }

  @Test
  void namesAreUnique() {
    graph.parameter("x", ElementType.I64, ROW);
    graph.later("x", ElementType.I8, Shape.of(1));
    graph.later("x_1", ElementType.I8, Shape.of(1));
    graph.later("x", ElementType.I8, Shape.of(1));
    Ops ops = graph.ops("part");
    ops.add(ops.scalar(1L), ops.scalar(2L));
    graph.ops("part").scalar(3L);
    List<String> names = graph.ops().stream().map(Op::name).toList();
    assertThat(names).doesNotHaveDuplicates().startsWith("x", "x_1", "x_1_1", "x_2");
  }

  @Test
  void shapesThatDoNotFitAreRefusedWhenTheyMeet() {
    Ops ops = graph.ops("part");
    Port pair = ops.floats(new float[2], 2);
    Port triple = ops.floats(new float[3], 3);
    assertThatThrownBy(() -> ops.add(pair, triple)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ops.add(pair, ops.scalar(1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ops.split(triple, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    Port row = ops.floats(new float[3], 1, 3);
    assertThatThrownBy(() -> ops.matMul(row, row)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileThatCannotBeWrittenIsAnInputOutputError() {
    Path nowhere = folder.resolve("nowhere/model.xml");
    assertThatThrownBy(() -> GraphFile.write(nowhere, graph, Layout.of(graph), Map.of()))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(
            () -> GraphFile.write(Path.of("/dev/full"), graph, Layout.of(graph), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
  }
}
