/**
 * A small builder for OpenVINO graphs: operations ({@link dev.ovchat.graph.Op}), what comes out of
 * them ({@link dev.ovchat.graph.Port}), and the file in which OpenVINO reads them.
 *
 * <p>It knows as many of OpenVINO's operations as a decoder needs. Each computes the shape of what
 * comes out, so that a graph that does not fit together is refused while it is built.
 */
package dev.ovchat.graph;
