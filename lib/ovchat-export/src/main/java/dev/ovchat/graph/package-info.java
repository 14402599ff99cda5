/**
 * A small builder for OpenVINO graphs: operations ({@link dev.ovchat.graph.Op}), their outputs
 * ({@link dev.ovchat.graph.Port}), and the IR file that OpenVINO reads.
 *
 * <p>It knows as many of OpenVINO's operations as a decoder needs. Each computes the shape of its
 * outputs, so that a graph that does not fit together is refused while it is built.
 *
 * <pre>{@code
 * Graph graph = new Graph();
 * Ops ops = graph.ops("layer");
 * Port x = graph.parameter("x", ElementType.F32, Shape.of(2, 3));
 * graph.result("y", ops.add(x, ops.scalar(1f)));
 * GraphFile.write(file, graph, Layout.of(graph), Map.of());
 * }</pre>
 */
package dev.ovchat.graph;
