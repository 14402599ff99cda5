/**
 * From text to token ids and back, as the model's own {@code tokenizer.json} has it, and from
 * messages to text by its chat template.
 *
 * <p>This is the only package that sees DJL.
 */
package dev.ovchat.text;
