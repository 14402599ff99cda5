package dev.ovchat.files;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * JSON of unknown origin, read token by token: what is skipped takes no memory, and what is kept
 * has bounds.
 *
 * <p>Jackson's trees and data binding would be less to write. But they make objects of all that is
 * in a file, 100 MB in a safetensors header, before anything of it can be refused; data binding
 * takes the text {@code "1"} for a number; and their messages speak of classes, not of the file.
 */
public final class StrictJson {
  /** Ends the sentence about a damaged file. */
  public static final String AGAIN = "; copy the file again from where the model comes from.";

  private static final int LONGEST_NUMBER = 18;

  private final Path path;
  private final JsonParser parser;

  private StrictJson(Path path, JsonParser parser) {
    this.path = path;
    this.parser = parser;
  }

  /** Reader of a JSON object; the first token that it reads is the object's start. */
  public interface Reader<T> {
    T read(StrictJson json) throws IOException;
  }

  /**
   * Reads one JSON object, up to the end of the file.
   *
   * @throws UnusableFileException if it is not one, is not UTF-8, or oversteps a bound
   */
  public static <T> T read(Path path, InputStream in, JsonRules rules, Reader<T> reader)
      throws IOException {
    try (JsonParser parser = rules.parser(path, in)) {
      var json = new StrictJson(path, parser);
      T value = reader.read(json);
      json.requireEnd();
      return value;
    } catch (StreamConstraintsException e) {
      throw new UnusableFileException(
          path + ": its JSON is nested too deep, or has too long a text" + AGAIN, e);
    } catch (JacksonException e) {
      throw invalid(path, e.getLocation(), e);
    } catch (CharacterCodingException e) {
      throw new UnusableFileException("%s: its JSON is no UTF-8%s".formatted(path, AGAIN), e);
    }
  }

  private void requireEnd() throws IOException {
    boolean goesOn;
    try {
      goesOn = parser.nextToken() != null;
    } catch (JsonParseException e) { // whose own location is where that begins
      throw invalid(path, parser.currentLocation(), e);
    }
    if (goesOn) {
      throw broken("something stands behind the end of its JSON");
    }
  }

  private static UnusableFileException invalid(Path path, JsonLocation place, Exception reason) {
    return new UnusableFileException(
        String.format(
            Locale.ROOT,
            "%s: its JSON is not valid at character %d%s",
            path,
            place.getCharOffset(),
            AGAIN),
        reason);
  }

  /**
   * Goes into an object.
   *
   * @param what a description of it, for a message; here and below made only where there is one to
   *     write
   */
  public void object(Supplier<String> what) throws IOException {
    expect(JsonToken.START_OBJECT, what, "an object");
  }

  /** The name of the object's next field; null at its end. */
  public String nextField() throws IOException {
    return parser.nextFieldName();
  }

  /** Reads a text. */
  public String text(Supplier<String> what) throws IOException {
    expect(JsonToken.VALUE_STRING, what, "a text");
    return parser.getText();
  }

  /** Reads numbers of 0 or more, at most {@code most} of them. */
  public List<Long> counts(Supplier<String> what, int most) throws IOException {
    expect(JsonToken.START_ARRAY, what, "a list");
    List<Long> counts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
      if (!whole || parser.getTextLength() > LONGEST_NUMBER || parser.getText().startsWith("-")) {
        throw broken(what.get() + " holds something else than whole numbers from 0 to 10^18");
      }
      if (counts.size() == most) {
        throw broken(String.format(Locale.ROOT, "%s holds more than %d numbers", what.get(), most));
      }
      counts.add(Long.parseLong(parser.getText()));
    }
    return counts;
  }

  /** Skips an object of texts, or null. */
  public void skipTexts(Supplier<String> what) throws IOException {
    if (parser.nextToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw broken(what.get() + " is no object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw broken(what.get() + " holds something else than texts");
      }
    }
  }

  /** Skips the next value, which takes no memory. */
  public void skip() throws IOException {
    parser.nextToken();
    parser.skipChildren();
  }

  private void expect(JsonToken token, Supplier<String> what, String wanted) throws IOException {
    if (parser.nextToken() != token) {
      throw broken("%s is not %s".formatted(what.get(), wanted));
    }
  }

  /** The exception for a file with this problem. */
  public UnusableFileException broken(String problem) {
    return new UnusableFileException("%s: %s%s".formatted(path, problem, AGAIN));
  }
}
