package dev.ovchat.message;

/** Text that can be shown anywhere: what would not be seen, or would act on a page, has a sign. */
public final class VisibleText {
  private static final int LONGEST = 1000;

  private VisibleText() {}

  /**
   * The text with spaces and line breaks as they are; each line break has a sign in front, each tab
   * is one.
   */
  public static String of(String text) {
    return of(text, "↵\n");
  }

  /** The same on one line: a line break is its sign alone. */
  public static String onOneLine(String text) {
    return of(text, "↵");
  }

  /** The text, or its beginning if it has more letters. */
  public static String shortened(String text, int letters) {
    return text.codePointCount(0, text.length()) <= letters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, letters - 1)) + "…";
  }

  private static String of(String text, String lineBreak) {
    StringBuilder visible = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> visible.append(sign(c, lineBreak)));
    int length = text.codePointCount(0, text.length());
    if (length > LONGEST) {
      visible.append("… ").append(Digits.grouped(length - LONGEST)).append(" more characters");
    }
    return visible.toString();
  }

  private static String sign(int c, String lineBreak) {
    if (c == '\n') {
      return lineBreak;
    } else if (c == '\t') {
      return "⇥";
    }
    return Visible.sign(c);
  }
}
