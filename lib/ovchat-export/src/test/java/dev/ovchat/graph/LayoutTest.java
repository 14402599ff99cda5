package dev.ovchat.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private final Graph graph = new Graph();
  private final Ops ops = graph.ops("part");

  private List<Long> offsets() {
    Layout layout = Layout.of(graph);
    return graph.constants().stream().map(layout::offset).toList();
  }

  @Test
  void constantsBeginAtCacheLines() {
    graph.later("a", ElementType.I4, Shape.of(3, 43));
    graph.later("b", ElementType.U8, Shape.of(1));
    graph.later("c", ElementType.F32, Shape.of(16));
    assertThat(offsets()).containsExactly(0L, 128L, 192L);
    assertThat(Layout.of(graph).byteCount()).isEqualTo(192 + 64);
  }

  @Test
  void equalBytesAreKeptOnce() {
    ops.scalar(1L);
    graph.later("a", ElementType.I64, Shape.of());
    ops.scalar(2L);
    ops.vector(1L);
    ops.scalar(2L);
    assertThat(offsets()).containsExactly(0L, 64L, 128L, 0L, 128L);
  }

  @Test
  void placesForWeightsAreNeverShared() {
    graph.later("a", ElementType.F32, Shape.of(4));
    graph.later("b", ElementType.F32, Shape.of(4));
    assertThat(offsets()).doesNotHaveDuplicates();
    assertThat(graph.constants().get(0).value()).isEqualTo(Optional.empty());
  }

  @Test
  void anEmptyGraphHasAnEmptyFile() {
    assertThat(Layout.of(graph).byteCount()).isZero();
  }

  @Test
  void whatIsTooLargeIsNotWrappedAround() {
    graph.later("a", ElementType.U8, Shape.of(Long.MAX_VALUE / 2));
    graph.later("b", ElementType.U8, Shape.of(Long.MAX_VALUE / 2));
    graph.later("c", ElementType.U8, Shape.of(Long.MAX_VALUE / 2));
    assertThatThrownBy(() -> Layout.of(graph)).isInstanceOf(ArithmeticException.class);
  }
}
