/**
 * Choice of the next token from logits: {@link dev.ovchat.sampling.LogitsProcessor} changes them,
 * {@link dev.ovchat.sampling.Sampler} takes one. Callers can write both for a rule of their own;
 * those of transformers are here, one a file, under its names.
 *
 * <pre>{@code
 * LogitsProcessor noEnd = (tokens, logits) -> logits[endId] = LogitsProcessor.RULED_OUT;
 * model.generate(prompt, config, GenerationHooks.none().logitsProcessor(noEnd));
 * }</pre>
 */
package dev.ovchat.sampling;
