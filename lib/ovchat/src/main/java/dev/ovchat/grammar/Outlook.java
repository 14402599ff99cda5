package dev.ovchat.grammar;

import dev.ovchat.text.TokenIds;

/**
 * State of an answer, as lib/grammar knows it without a mask of all tokens.
 *
 * @param mayEnd whether the end may come next
 * @param forced the tokens that have to come next, one after the other; empty where there is a
 *     choice
 */
record Outlook(boolean mayEnd, TokenIds forced) {}
