package dev.ovchat.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/**
 * Rules for JSON, in one place: each file is read by the rules of the program that it was made for.
 * Files are UTF-8, whatever their bytes look like; their size is checked before.
 *
 * <p>In both, of two fields with one name the last one counts, unless the reader of the tokens says
 * otherwise.
 */
public final class JsonRules {
  /**
   * Configs and indexes, as {@code json.load} reads an open text: NaN, Infinity and halves of
   * surrogate pairs are taken, a byte order mark and integers of more than 4,300 digits are not.
   */
  public static final JsonRules PYTHON =
      new JsonRules(
          StreamReadConstraints.builder()
              .maxNameLength(Integer.MAX_VALUE)
              .maxStringLength(Integer.MAX_VALUE)
              .maxNumberLength(Integer.MAX_VALUE)
              .maxNestingDepth(1000), // about as deep as Python's stack
          true);

  /** Headers of safetensors files, as their library in Rust reads them; nobody nests them. */
  public static final JsonRules SERDE =
      new JsonRules(
          StreamReadConstraints.builder()
              .maxNameLength(10_000) // the names of tensors have 100 at most
              .maxStringLength(10_000)
              .maxNumberLength(1_000)
              .maxNestingDepth(127),
          false);

  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** {@code sys.int_info.default_max_str_digits}. */
  private static final int MOST_DIGITS = 4300;

  /** Names that Python takes for numbers; Jackson knows more. */
  private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

  private final JsonFactory factory;

  private JsonRules(StreamReadConstraints.Builder bounds, boolean takesNaN) {
    // Names are not kept beyond the file that they are in.
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(bounds.build())
            .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, takesNaN)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE) // a header is the beginning of a file
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
  }

  /**
   * A parser of a stream's tokens.
   *
   * @param path the file's path, for a message
   * @throws UnusableFileException if it begins with a byte order mark
   */
  public JsonParser parser(Path path, InputStream in) throws IOException {
    // Not the bytes, of which the library would guess the encoding.
    return parser(path, characters(in));
  }

  /** The characters of a file, for a parser; what is not UTF-8 ends the reading. */
  public static Reader characters(InputStream in) {
    return new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
  }

  /** Same as {@link #parser(Path, InputStream)}, of characters. */
  public JsonParser parser(Path path, Reader characters) throws IOException {
    var text = new PushbackReader(characters);
    int first = text.read();
    if (first == BYTE_ORDER_MARK) {
      throw new UnusableFileException(
          path + ": it begins with a byte order mark, which is not taken" + StrictJson.AGAIN);
    }
    if (first >= 0) {
      text.unread(first);
    }
    return new PythonsNumbers(factory.createParser(text));
  }

  private static final class PythonsNumbers extends JsonParserDelegate {
    PythonsNumbers(JsonParser parser) {
      super(parser);
    }

    @Override
    public int releaseBuffered(Writer rest) throws IOException {
      return delegate.releaseBuffered(rest); // which the library forgot
    }

    @Override
    public JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      boolean isTooLong = token == JsonToken.VALUE_NUMBER_INT && digits() > MOST_DIGITS;
      boolean isUnknown =
          token == JsonToken.VALUE_NUMBER_FLOAT && isNaN() && !NO_NUMBERS.contains(getText());
      if (isTooLong || isUnknown) {
        throw new JsonParseException(this, "no number of Python's");
      }
      return token;
    }

    private int digits() throws IOException {
      return getTextLength() - (getTextCharacters()[getTextOffset()] == '-' ? 1 : 0);
    }
  }
}
