package dev.ovchat.text;

/**
 * How token ids become text; the names are transformers' in Java's case.
 *
 * @param skipSpecialTokens whether tokens such as {@code <|end|>} are left out of the text
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
