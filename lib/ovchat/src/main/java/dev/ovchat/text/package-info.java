/**
 * From text to token ids and back, as the model's own {@code tokenizer.json} has it.
 *
 * <p>This is the only package that sees DJL.
 */
package dev.ovchat.text;
