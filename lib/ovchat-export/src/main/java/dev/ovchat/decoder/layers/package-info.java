/**
 * A decoder's graph: {@link dev.ovchat.decoder.layers.DecoderGraph} builds it from attention,
 * rotary embedding, KV cache and linear layers, as a {@link dev.ovchat.decoder.DecoderConfig} has
 * it, and asks {@link dev.ovchat.decoder.layers.Weights} for each weight by its name.
 *
 * <pre>{@code
 * Graph graph = DecoderGraph.build(DecoderConfig.read(checkpoint), weights);
 * }</pre>
 */
package dev.ovchat.decoder.layers;
