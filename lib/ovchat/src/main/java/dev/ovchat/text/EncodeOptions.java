package dev.ovchat.text;

/**
 * Options for the conversion of text to token ids; the names are transformers' in camelCase.
 *
 * @param addSpecialTokens true to put the tokenizer's own start and end tokens around the text; a
 *     prompt that spells out its special tokens wants false
 */
public record EncodeOptions(boolean addSpecialTokens) {
  /** The ids of the text as it stands: for a prompt that spells out its special tokens. */
  public static final EncodeOptions AS_IT_IS = new EncodeOptions(false);

  /** transformers' defaults: special tokens are added. */
  public static EncodeOptions defaults() {
    return new EncodeOptions(true);
  }

  /** A copy with this value for {@link #addSpecialTokens()}. */
  public EncodeOptions addSpecialTokens(boolean addSpecialTokens) {
    return new EncodeOptions(addSpecialTokens);
  }
}
