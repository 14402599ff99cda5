/**
 * Configs of decoders: {@link dev.ovchat.decoder.DecoderConfig} holds the settings of config.json,
 * {@link dev.ovchat.decoder.Architecture} what makes the decoders of a family differ, and {@link
 * dev.ovchat.decoder.DecoderTensors} finds the weights. {@code dev.ovchat.decoder.layers} makes the
 * graph of them.
 *
 * <pre>{@code
 * DecoderConfig config = DecoderConfig.read(checkpoint);
 * config.architecture().headNorms();
 * }</pre>
 */
package dev.ovchat.decoder;
