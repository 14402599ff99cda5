/**
 * Text generation with a causal language model: the loop that asks the model for one token after
 * the other.
 */
package dev.ovchat.generate;
