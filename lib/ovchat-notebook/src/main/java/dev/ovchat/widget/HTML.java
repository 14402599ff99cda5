package dev.ovchat.widget;

/** Piece of HTML. */
public final class HTML extends DescribedWidget<HTML> {
  private String still;

  /**
   * Makes a piece.
   *
   * @param value HTML, which the page trusts: text of others in it has to be escaped by {@link
   *     #escape}
   * @param still the same as text, for front ends without widgets
   */
  public HTML(String value, String still) {
    super("HTML", new Style("HTML"));
    value(value, still);
  }

  /** Sets both, as for a new one. */
  public synchronized HTML value(String value, String still) {
    set("value", value);
    this.still = still;
    return this;
  }

  /** The HTML. */
  public String value() {
    return (String) get("value");
  }

  /** Text as HTML: its marks are shown, and do nothing. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public synchronized String toString() {
    return described(still);
  }
}
