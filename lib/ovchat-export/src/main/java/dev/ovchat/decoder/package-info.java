/**
 * A decoder's graph: {@link dev.ovchat.decoder.DecoderConfig} holds the settings of config.json,
 * {@link dev.ovchat.decoder.DecoderGraph} builds the graph from attention, rotary embedding, KV
 * cache and linear layers, and asks {@link dev.ovchat.decoder.Weights} for each weight by its name.
 *
 * <pre>{@code
 * Graph graph = DecoderGraph.build(DecoderConfig.read(checkpoint), weights);
 * }</pre>
 */
package dev.ovchat.decoder;
