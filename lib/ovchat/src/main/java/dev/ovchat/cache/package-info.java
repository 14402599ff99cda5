/**
 * The KV cache: {@link dev.ovchat.cache.CausalSession} reads tokens into it, for one or more rows,
 * and takes them back; {@link dev.ovchat.cache.CachedSequence} keeps one sequence in it, and reads
 * a token twice only if the cache is reset. {@link dev.ovchat.cache.PagedCache} holds any number of
 * sequences in blocks, for models with paged attention, such as the {@link
 * dev.ovchat.cache.PagedTwin} of one without.
 *
 * <pre>{@code
 * cache.keepPrefixOf(ids);   // how many are in the cache already
 * cache.read(rest, 1, () -> false);
 * float[] logits = cache.logits(0);   // [vocabulary]
 * }</pre>
 */
package dev.ovchat.cache;
