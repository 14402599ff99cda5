package dev.ovchat.grammar;

import dev.ovchat.text.TokenIds;

/**
 * What lib/grammar knows of an answer without a mask of all tokens.
 *
 * @param mayEnd whether the end may come next
 * @param forced the tokens that have to come next, one after the other; empty where there is a
 *     choice
 */
record Outlook(boolean mayEnd, TokenIds forced) {}
