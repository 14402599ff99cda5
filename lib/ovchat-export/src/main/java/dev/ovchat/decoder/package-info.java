/**
 * A decoder's graph: {@link dev.ovchat.decoder.DecoderConfig} says what config.json makes of the
 * architecture, {@link dev.ovchat.decoder.DecoderGraph} builds it of attention, rotary embedding,
 * cache and linear layers, and asks {@link dev.ovchat.decoder.Weights} for each weight by its name.
 *
 * <pre>{@code
 * Graph graph = DecoderGraph.build(DecoderConfig.read(checkpoint), weights);
 * }</pre>
 */
package dev.ovchat.decoder;
