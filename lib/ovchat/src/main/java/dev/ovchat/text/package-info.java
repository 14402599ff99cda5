/**
 * Conversion of text to token ids and back, as the model's own {@code tokenizer.json} has it.
 *
 * <p>Entry points: {@link dev.ovchat.text.Tokenizer}; {@link dev.ovchat.text.TextDecoder} for ids
 * that come one by one. This is the only package that sees DJL.
 *
 * <pre>{@code
 * TokenIds ids = tokenizer.encode("Hello", EncodeOptions.AS_IT_IS);
 * tokenizer.decode(ids, DecodeOptions.READABLE);
 * }</pre>
 */
package dev.ovchat.text;
