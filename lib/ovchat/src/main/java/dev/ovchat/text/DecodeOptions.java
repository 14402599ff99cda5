package dev.ovchat.text;

/**
 * Options for the conversion of token ids to text; the names are transformers' in camelCase.
 *
 * @param skipSpecialTokens true to leave tokens such as {@code <|end|>} out of the text
 */
public record DecodeOptions(boolean skipSpecialTokens) {
  /** Text for people: without special tokens. */
  public static final DecodeOptions READABLE = new DecodeOptions(true);

  /** transformers' defaults: special tokens are kept. */
  public static DecodeOptions defaults() {
    return new DecodeOptions(false);
  }

  /** A copy with this value for {@link #skipSpecialTokens()}. */
  public DecodeOptions skipSpecialTokens(boolean skipSpecialTokens) {
    return new DecodeOptions(skipSpecialTokens);
  }
}
