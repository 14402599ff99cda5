/**
 * A tokenizer as it is published: {@code tokenizer.json}, and what {@code tokenizer_config.json}
 * and older files beside it change of it; and the chat template. Read, checked, and put right, so
 * that the native library survives it and gives the ids of transformers.
 *
 * <p>Entry points: {@link dev.ovchat.tokenizerfile.TokenizerFile}, {@link
 * dev.ovchat.tokenizerfile.ChatTemplateFile}.
 *
 * <pre>{@code
 * TokenizerFile file = new ModelDirectory(path).tokenizer();
 * file.vocabulary().token(42);
 * }</pre>
 */
package dev.ovchat.tokenizerfile;
