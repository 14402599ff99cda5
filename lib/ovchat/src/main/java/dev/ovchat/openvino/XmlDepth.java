package dev.ovchat.openvino;

/**
 * Nesting depth of the elements of an XML text. OpenVINO reads the bodies of a graph's loops and
 * branches by recursion: some hundred nested ones end the whole process.
 */
final class XmlDepth {
  private final String text;
  private int position;
  private int depth;

  private XmlDepth(String text) {
    this.text = text;
  }

  /** Tests whether elements are nested deeper than {@code most}. */
  static boolean isAbove(int most, String text) {
    XmlDepth xml = new XmlDepth(text);
    while (xml.next()) {
      if (xml.depth > most) {
        return true;
      }
    }
    return false;
  }

  /** Goes past the next tag or comment. */
  private boolean next() {
    position = text.indexOf('<', position);
    if (position < 0) {
      return false;
    }
    if (text.startsWith("<!--", position)) {
      skipTo("-->");
    } else if (text.startsWith("<![CDATA[", position)) {
      skipTo("]]>");
    } else if (text.startsWith("<?", position)) {
      skipTo("?>");
    } else if (text.startsWith("</", position)) {
      depth--;
      skipTo(">");
    } else {
      skipTag();
    }
    return true;
  }

  private void skipTo(String end) {
    int found = text.indexOf(end, position);
    position = found < 0 ? text.length() : found + end.length();
  }

  /** Skips a tag, which may hold its own end in the quotes of an attribute. */
  private void skipTag() {
    char quote = 0;
    for (position++; position < text.length(); position++) {
      char c = text.charAt(position);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        depth += text.charAt(position - 1) == '/' ? 0 : 1;
        return;
      }
    }
  }
}
