package dev.ovchat.export;

import dev.ovchat.graph.Graph;
import dev.ovchat.graph.Op;
import dev.ovchat.graph.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The matrices of a graph that data-free AWQ may scale, by the patterns of NNCF 3.4.0's {@code
 * awq_patterns.py}; the first one that fits counts.
 *
 * <pre>
 *   MatMul ─► Multiply ─► MatMul        the rows of the first matrix take the scale back: Llama
 *   activation ─► Multiply ─► MatMul    a Multiply after the activation does: Phi-3, or with biases
 *   activation ─► MatMul                the same
 * </pre>
 *
 * <p>So it is the matrix down_proj of each layer. The activation of SiLU, Swish, is one of NNCF's;
 * GELU is not. Nor are the experts of gpt-oss scaled: the plugins would not recognize them with one
 * Multiply more.
 */
final class AwqPatterns {
  private final Map<String, Matrix> matrices;

  private AwqPatterns(Map<String, Matrix> matrices) {
    this.matrices = matrices;
  }

  /**
   * Finds the matrices, in the order of their use.
   *
   * @param matrices the model's matrices by the names of their constants in the graph
   */
  static List<AwqMatch> find(Graph graph, Map<String, Matrix> matrices) {
    AwqPatterns patterns = new AwqPatterns(matrices);
    List<AwqMatch> found = new ArrayList<>();
    for (Op op : graph.ops()) {
      Optional<Matrix> matrix = patterns.matrix(op);
      if (matrix.isPresent()) {
        patterns
            .source(op.inputs().get(0).op())
            .map(source -> new AwqMatch(matrix.get(), patterns.matrix(source), source.name()))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** The matrix by which an operation multiplies; empty if it is not such an operation. */
  private Optional<Matrix> matrix(Op op) {
    return op.type().equals("MatMul")
        ? Optional.ofNullable(matrices.get(op.inputs().get(1).op().name()))
        : Optional.empty();
  }

  /** The first operation of a pattern of which this is the last but one. */
  private Optional<Op> source(Op last) {
    if (isActivation(last)) {
      return Optional.of(last);
    }
    return last.type().equals("Multiply")
        ? input(last, op -> matrix(op).isPresent()).or(() -> input(last, AwqPatterns::isActivation))
        : Optional.empty();
  }

  private static Optional<Op> input(Op op, Predicate<Op> wanted) {
    return op.inputs().stream().map(Port::op).filter(wanted).findFirst();
  }

  /**
   * Returns whether it is SiLU. A Swish with a β is that of gpt-oss's experts, left as they are.
   */
  private static boolean isActivation(Op op) {
    return op.type().equals("Swish") && op.inputs().size() == 1;
  }
}
