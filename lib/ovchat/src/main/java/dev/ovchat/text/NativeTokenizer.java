package dev.ovchat.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/**
 * A tokenizer of HuggingFace's library, by the calls that DJL has for it. DJL's own class would
 * read the whole file a second time, into a tree, to learn how to pad.
 */
final class NativeTokenizer implements AutoCloseable {
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final long handle;

  private NativeTokenizer(long handle) {
    this.handle = handle;
  }

  /**
   * Creates a tokenizer.
   *
   * @param json the text of a {@code tokenizer.json}
   * @throws TokenizerException if the native library cannot be loaded
   * @throws RuntimeException if it does not take the text; the message is the library's
   */
  static NativeTokenizer of(String json) {
    TokenizersLibraryLoader.require();
    return new NativeTokenizer(LIBRARY.createTokenizerFromString(json));
  }

  /** The ids of a text. */
  long[] encode(String text, boolean addSpecialTokens) {
    long encoding = LIBRARY.encode(handle, text, addSpecialTokens);
    try {
      return LIBRARY.getTokenIds(encoding);
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }

  /** The text of ids, which all have to be the tokenizer's. */
  String decode(long[] ids, boolean skipSpecialTokens) {
    return LIBRARY.decode(handle, ids, skipSpecialTokens);
  }

  /** Frees the tokenizer; to be called once. */
  @Override
  public void close() {
    LIBRARY.deleteTokenizer(handle);
  }
}
