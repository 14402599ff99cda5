/**
 * From logits to the next token: {@link dev.ovchat.sampling.LogitsProcessor} changes them, {@link
 * dev.ovchat.sampling.Sampler} takes one. Both can be written by whoever wants a rule of their own;
 * those of transformers are here, one a file, under its names.
 *
 * <pre>{@code
 * LogitsProcessor noEnd = (tokens, logits) -> logits[endId] = LogitsProcessor.RULED_OUT;
 * model.generate(prompt, config, GenerationHooks.none().logitsProcessor(noEnd));
 * }</pre>
 */
package dev.ovchat.sampling;
