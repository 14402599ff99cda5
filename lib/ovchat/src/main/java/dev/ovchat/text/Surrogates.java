package dev.ovchat.text;

import java.util.Locale;

/** Halves of characters, which UTF-8 cannot hold. */
public final class Surrogates {

  private Surrogates() {}

  /** Refuses half a character: DJL would turn it, and the whole ones beside it, into U+FFFD. */
  public static void requireWhole(String text) {
    text.codePoints()
        .filter(codePoint -> Character.getType(codePoint) == Character.SURROGATE)
        .findFirst()
        .ifPresent(
            half -> {
              throw new TokenizerException(
                  String.format(
                      Locale.ROOT,
                      "The text holds half a character (U+%X alone); cut texts between characters only.",
                      half));
            });
  }
}
