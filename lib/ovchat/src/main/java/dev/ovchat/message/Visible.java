package dev.ovchat.message;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Text out of files, configs and native libraries as a person may see it: what would act on a
 * terminal or a page, or could not be seen, has a sign. All of ovchat's exceptions pass their
 * messages through here.
 */
public final class Visible {
  private Visible() {}

  /** The text with line breaks and tabs as they are. */
  public static String text(String text) {
    return withSigns(text, c -> c == '\n' || c == '\t');
  }

  /** The text on one line: a line break is its sign, too. */
  public static String onOneLine(String text) {
    return withSigns(text, c -> false);
  }

  private static String withSigns(String text, IntPredicate stays) {
    if (text == null || text.codePoints().allMatch(c -> stays.test(c) || !isUnseen(c))) {
      return text;
    }
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (stays.test(c)) {
                visible.appendCodePoint(c);
              } else {
                visible.append(sign(c));
              }
            });
    return visible.toString();
  }

  /**
   * One character, or its sign: of those below the space and of delete the picture that Unicode has
   * for it, and of what else is not seen the number.
   *
   * @param c a code point, or half of a surrogate pair
   */
  public static String sign(int c) {
    if (c < ' ') {
      return Character.toString('␀' + c);
    } else if (c == 0x7f) {
      return "␡";
    }
    return isUnseen(c) ? String.format(Locale.ROOT, "[U+%04X]", c) : Character.toString(c);
  }

  private static boolean isUnseen(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.SURROGATE -> true;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      // Joiners shape letters and emoji, and a soft hyphen is part of a word.
      case Character.FORMAT -> c != 0x200c && c != 0x200d && c != 0xad;
      default -> false;
    };
  }
}
