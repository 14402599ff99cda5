package dev.ovchat.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls in Python: names, and literals as keyword arguments. What the calls are part of, such as
 * {@code print(…)} or an assignment, counts for nothing; other Python is not a call.
 */
final class PythonCalls {
  private static final int DEEPEST = 100;

  private final String text;
  private int index;

  private PythonCalls(String text) {
    this.text = text;
  }

  /** Thrown inside this class alone: the text is not what it should be. */
  private static final class NotPythonException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The calls, each on a line of its own; empty if there are none, or something else. */
  static Optional<List<ToolCall>> of(String text) {
    try {
      List<ToolCall> calls = new PythonCalls(text).calls();
      return calls.isEmpty() ? Optional.empty() : Optional.of(calls);
    } catch (NotPythonException e) {
      return Optional.empty();
    }
  }

  private List<ToolCall> calls() {
    List<ToolCall> calls = new ArrayList<>();
    for (skipBlank(); index < text.length(); skipBlank()) {
      String name = name();
      skipBlank();
      if (takes('=')) { // a variable that the result is given to
        skipBlank();
        name = name();
      }
      if (name.equals("print")) {
        require('(');
        calls.add(call(name()));
        require(')');
      } else {
        calls.add(call(name));
      }
      takes(';');
    }
    return calls;
  }

  private ToolCall call(String name) {
    require('(');
    Map<String, Object> arguments = new LinkedHashMap<>();
    while (!takes(')')) {
      String argument = name();
      require('=');
      arguments.put(argument, value(0));
      if (!takes(',')) {
        require(')');
        break;
      }
    }
    return CallJson.call(name, arguments, null).orElseThrow(NotPythonException::new);
  }

  private Object value(int depth) {
    skipBlank();
    if (depth > DEEPEST || index == text.length()) {
      throw new NotPythonException();
    }
    char c = text.charAt(index);
    if (c == '"' || c == '\'') {
      index++;
      return string(c);
    } else if (c == '[' || c == '(') {
      index++;
      return list(c == '[' ? ']' : ')', depth);
    } else if (c == '{') {
      index++;
      return map(depth);
    }
    return Character.isLetter(c) ? word(name()) : number();
  }

  private List<Object> list(char close, int depth) {
    List<Object> list = new ArrayList<>();
    while (!takes(close)) {
      list.add(value(depth + 1));
      if (!takes(',')) {
        require(close);
        break;
      }
    }
    return list;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (!takes('}')) {
      if (!(value(depth + 1) instanceof String key)) {
        throw new NotPythonException();
      }
      require(':');
      map.put(key, value(depth + 1));
      if (!takes(',')) {
        require('}');
        break;
      }
    }
    return map;
  }

  private static Object word(String word) {
    return switch (word) {
      case "True", "true" -> true;
      case "False", "false" -> false;
      case "None", "null" -> null;
      default -> throw new NotPythonException();
    };
  }

  private Object number() {
    int begin = index;
    while (index < text.length() && "+-.0123456789eE_".indexOf(text.charAt(index)) >= 0) {
      index++;
    }
    String digits = text.substring(begin, index).replace("_", "");
    try {
      return digits.matches("[+-]?\\d+") ? integer(digits) : Double.valueOf(digits);
    } catch (NumberFormatException e) {
      throw new NotPythonException();
    }
  }

  /** Reads an integer as JSON's are read. */
  private static Object integer(String digits) {
    long value = Long.parseLong(digits);
    return value == (int) value ? (Object) (int) value : (Object) value;
  }

  private String string(char quote) {
    StringBuilder string = new StringBuilder();
    while (index < text.length()) {
      char c = text.charAt(index++);
      if (c == quote) {
        return string.toString();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    throw new NotPythonException();
  }

  private char escaped() {
    if (index == text.length()) {
      throw new NotPythonException();
    }
    char c = text.charAt(index++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'u' -> unicode();
      case '\\', '"', '\'', '/' -> c;
      default -> throw new NotPythonException();
    };
  }

  private char unicode() {
    if (index + 4 > text.length() || !text.substring(index, index + 4).matches("[0-9a-fA-F]{4}")) {
      throw new NotPythonException();
    }
    index += 4;
    return (char) Integer.parseInt(text, index - 4, index, 16);
  }

  private String name() {
    skipBlank();
    int begin = index;
    while (index < text.length() && isOfAName(text.charAt(index))) {
      index++;
    }
    if (begin == index) {
      throw new NotPythonException();
    }
    return text.substring(begin, index);
  }

  private static boolean isOfAName(char c) {
    return c == '_' || c == '-' || c == '.' || Character.isLetterOrDigit(c);
  }

  private void require(char c) {
    if (!takes(c)) {
      throw new NotPythonException();
    }
  }

  /** Goes past blanks, and past a character if it is there. */
  private boolean takes(char c) {
    skipBlank();
    boolean isThere = index < text.length() && text.charAt(index) == c;
    index += isThere ? 1 : 0;
    return isThere;
  }

  private void skipBlank() {
    while (index < text.length() && Character.isWhitespace(text.charAt(index))) {
      index++;
    }
  }
}
