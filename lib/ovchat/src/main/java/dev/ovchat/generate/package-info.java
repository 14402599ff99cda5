/**
 * Text generation with a causal language model: {@link dev.ovchat.generate.CausalLM} loads one, and
 * completes prompts: greedily, by sampling, with beams, several at once, with drafts, or step by
 * step with a view of the other candidates. A {@link dev.ovchat.generate.GenerationQueue} completes
 * prompts that come at any time.
 *
 * <p>The path of a completion: {@link dev.ovchat.generate.CausalLM} → {@link
 * dev.ovchat.generate.GenerationLoop}, which asks {@link dev.ovchat.cache.CachedSequence} for
 * logits and {@link dev.ovchat.sampling.TokenChoice} for the next token, until {@link
 * dev.ovchat.generate.DecodingState} is over.
 *
 * <pre>{@code
 * try (CausalLM model = CausalLM.load(modelDir, Device.of("CPU"), Map.of())) {
 *   Generation output = model.generate(model.tokenizer().encode(prompt), GenerationConfig.defaults());
 *   model.tokenizer().decode(output.ids(), DecodeOptions.READABLE);
 * }
 * }</pre>
 */
package dev.ovchat.generate;
