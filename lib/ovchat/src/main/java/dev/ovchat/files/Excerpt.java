package dev.ovchat.files;

import dev.ovchat.message.Visible;

/** Texts out of files as a message shows them: neither endless nor over several lines. */
public final class Excerpt {
  private static final int LONGEST = 200;

  private Excerpt() {}

  /** The text in one line, cut off after 200 characters. */
  public static String of(String text) {
    String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return Visible.onOneLine(start);
  }
}
