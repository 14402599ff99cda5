package dev.ovchat.cache;

import dev.ovchat.text.TokenIds;

/**
 * Tokens of a sequence to read.
 *
 * @param tokens one or more
 * @param wanted the number of last tokens whose logits are asked for, 0 or more
 */
public record PagedRead(PagedSequence sequence, TokenIds tokens, int wanted) {}
