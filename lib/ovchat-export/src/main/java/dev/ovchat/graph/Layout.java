package dev.ovchat.graph;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Offset of each constant of a graph in the file of weights. It is known before any weight is read,
 * so that weights can be written in any order.
 */
public final class Layout {
  /**
   * Alignment of weights, in bytes: a cache line, so that weights in a mapped file are as well
   * aligned as in OpenVINO's own memory.
   */
  private static final int ALIGNMENT = 64;

  private final Map<Constant, Long> offsets = new LinkedHashMap<>();
  private final long byteCount;

  private Layout(Graph graph) {
    Map<ByteBuffer, Long> seen = new HashMap<>();
    long end = 0;
    for (Constant constant : graph.constants()) {
      ByteBuffer value = constant.value().map(ByteBuffer::wrap).orElse(null);
      Long same = value == null ? null : seen.get(value);
      long offset = same == null ? aligned(end) : same;
      if (value != null) {
        seen.put(value, offset);
      }
      offsets.put(constant, offset);
      end = Math.max(end, Math.addExact(offset, constant.byteCount()));
    }
    byteCount = end;
  }

  /** Computes an offset for each constant; small ones of the same bytes share one. */
  public static Layout of(Graph graph) {
    return new Layout(graph);
  }

  private static long aligned(long offset) {
    return Math.addExact(offset, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Offset of a constant, in bytes. */
  public long offset(Constant constant) {
    return offsets.get(constant);
  }

  /** Size of the file, in bytes. */
  public long byteCount() {
    return byteCount;
  }
}
