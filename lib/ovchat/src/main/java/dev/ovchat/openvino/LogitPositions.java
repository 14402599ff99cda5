package dev.ovchat.openvino;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Edits a model's graph so that it computes logits at the positions that it is given, and no
 * others.
 *
 * <p>A prompt of 1,024 tokens has 1,024 rows of logits, of which the next token needs the last. The
 * lm_head is the largest matrix of most models, so the other rows are not for free.
 *
 * <pre>
 *                      hidden states [batch, sequence, hidden]
 *                              │
 *   logit_positions ──► GatherND (new)
 *   [batch, rows, 1]           │  [batch, rows, hidden]
 *                           MatMul
 *                              │  [batch, rows, vocabulary]
 *                            logits
 * </pre>
 *
 * <p>With paged attention the hidden states are [tokens, 1, hidden], since all sequences are read
 * in one row. There the positions are [rows, 1], and choose among the first dimension.
 */
final class LogitPositions {
  /** Operations that some models apply to their logits, element by element, after the MatMul. */
  private static final Set<String> ELEMENTWISE =
      Set.of("Add", "Convert", "Divide", "Multiply", "Subtract", "Tanh");

  private static final Pattern LOGITS = Pattern.compile("<port [^>]*names=\"logits\"");
  private static final Pattern LAYER = Pattern.compile("<layer id=\"(\\d+)\"[^>]* type=\"(\\w+)\"");

  private final String graph;
  private final boolean paged;

  private LogitPositions(String graph, boolean paged) {
    this.graph = graph;
    this.paged = paged;
  }

  /** The edited graph; empty where the graph does not end in a MatMul as described above. */
  static Optional<String> addTo(String graph) {
    return new LogitPositions(graph, false).edit();
  }

  /** Same as above, for a graph whose attention will be paged. */
  static Optional<String> addToPaged(String graph) {
    return new LogitPositions(graph, true).edit();
  }

  private Optional<String> edit() {
    Matcher logits = LOGITS.matcher(graph);
    if (!logits.find()) {
      return Optional.empty();
    }
    int start = graph.lastIndexOf("<layer ", logits.start());
    for (Matcher layer = layerAt(start); layer != null; layer = before(layer.group(1))) {
      if (layer.group(2).equals("MatMul")) {
        return insertBefore(layer);
      }
      if (!ELEMENTWISE.contains(layer.group(2))) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Matcher layerAt(int start) {
    Matcher layer = LAYER.matcher(graph).region(start, graph.length());
    return layer.lookingAt() ? layer : null;
  }

  /** The layer that feeds a layer's first input. */
  private Matcher before(String id) {
    Matcher edge = edgeTo(id);
    int start = edge.find() ? graph.indexOf("<layer id=\"" + edge.group(1) + "\"") : -1;
    return start < 0 ? null : layerAt(start);
  }

  private Matcher edgeTo(String id) {
    return Pattern.compile(
            "<edge from-layer=\"(\\d+)\" from-port=\"(\\d+)\" to-layer=\""
                + id
                + "\" to-port=\"0\" ?/>")
        .matcher(graph);
  }

  private Optional<String> insertBefore(Matcher matMul) {
    Matcher edge = edgeTo(matMul.group(1));
    Matcher port =
        Pattern.compile("<port id=\"0\" precision=\"(\\w+)\">(.*?)</port>", Pattern.DOTALL)
            .matcher(graph)
            .region(matMul.start(), graph.indexOf("</layer>", matMul.start()));
    if (!edge.find() || !port.find() || !isOfEachToken(port.group(2))) {
      return Optional.empty();
    }
    long free =
        1
            + LAYER
                .matcher(graph)
                .results()
                .mapToLong(id -> Long.parseLong(id.group(1)))
                .max()
                .orElseThrow();
    String edges =
        edge(edge.group(1), edge.group(2), free + 1, 0)
            + edge(Long.toString(free), "0", free + 1, 1)
            + edge(Long.toString(free + 1), "2", Long.parseLong(matMul.group(1)), 0);
    return Optional.of(
        graph.substring(0, edge.start()).replace("</layers>", layers(free, port) + "</layers>")
            + edges
            + graph.substring(edge.end()));
  }

  /**
   * Tests whether hidden states are those of each token, [batch, sequence, hidden]: attention is
   * paged later. Some graphs choose the last token themselves; then there is one position, or
   * another rank.
   */
  private static boolean isOfEachToken(String dimensions) {
    return dimensions.matches("(\\s*<dim>-1</dim>){2}\\s*<dim>\\d+</dim>\\s*");
  }

  private static String edge(String from, String port, long to, int toPort) {
    return String.format(
        Locale.ROOT,
        "<edge from-layer=\"%s\" from-port=\"%s\" to-layer=\"%d\" to-port=\"%d\" />",
        from,
        port,
        to,
        toPort);
  }

  private String layers(long id, Matcher hidden) {
    String positions = (paged ? "" : "<dim>-1</dim>") + "<dim>-1</dim><dim>1</dim>";
    return String.format(
        Locale.ROOT,
        """
        <layer id="%1$d" name="%2$s" type="Parameter" version="opset1">
        <data shape="%7$s" element_type="i64" />
        <output><port id="0" precision="I64" names="%2$s">%3$s</port></output>
        </layer>
        <layer id="%4$d" name="%2$s_rows" type="GatherND" version="opset8">
        <data batch_dims="%8$d" />
        <input>
        <port id="0" precision="%5$s">%6$s</port>
        <port id="1" precision="I64">%3$s</port>
        </input>
        <output><port id="2" precision="%5$s">%6$s</port></output>
        </layer>
        """,
        id,
        IrModel.LOGIT_POSITIONS,
        positions,
        id + 1,
        hidden.group(1),
        hidden.group(2),
        paged ? "?,1" : "?,?,1",
        paged ? 0 : 1);
  }
}
