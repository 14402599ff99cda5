package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.JsonRules;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/**
 * A {@code tokenizer.json}, read token by token: its small parts become trees, and its vocabulary
 * and merges, which can have a million entries, stay text.
 */
public final class TokenizerJson {
  private static final String AGAIN = " Copy it again from where the model comes from.";

  /** A limit above any real file (Gemma's has 33 MB), in bytes. */
  public static final long LARGEST = 100_000_000;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path path;
  private final ObjectNode parts = MAPPER.createObjectNode();
  private final ModelReader model;

  private TokenizerJson(Path path, ModelReader model) {
    this.path = path;
    this.model = model;
  }

  /**
   * Reads a file.
   *
   * @throws UnusableFileException if it is not JSON, has no vocabulary, or is too large; or the
   *     thread is interrupted
   */
  static TokenizerJson read(Path path) {
    try {
      TokenizerJson json = readParts(path);
      if (json.model.vocab() == null || json.vocabulary().size() == 0) {
        throw new UnusableFileException(path + " holds no vocabulary (model.vocab).");
      }
      return json;
    } catch (CharacterCodingException e) {
      throw new UnusableFileException(path + " is no text in UTF-8." + AGAIN, e);
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  private static TokenizerJson readParts(Path path) throws IOException {
    try (InputStream in = ReadableFile.open(path, LARGEST);
        var text = new RawTextReader(JsonRules.characters(new UnindentedStream(in)));
        JsonParser parser = JsonRules.PYTHON.parser(path, text)) {
      var json = new TokenizerJson(path, new ModelReader(path, text, parser));
      json.readRoot(parser);
      return json;
    } catch (JsonProcessingException e) {
      JsonFile.requireValid(path, LARGEST, AGAIN); // knows the line and column
      throw new UnusableFileException(path + " is not valid JSON." + AGAIN, e);
    }
  }

  private void readRoot(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      String what = first == null ? " is empty." : " holds no JSON object.";
      throw new UnusableFileException(path + what + AGAIN);
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      boolean isModel = parser.nextToken() == JsonToken.START_OBJECT && name.equals("model");
      parts.set(name, isModel ? model.read() : tree(parser));
    }
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "more than one value");
    }
  }

  static JsonNode tree(JsonParser parser) throws IOException {
    return MAPPER.readTree(parser);
  }

  /**
   * An id that stands in a file.
   *
   * @throws UnusableFileException if it is not one
   */
  static int id(JsonNode id, Path file) {
    if (!id.isInt() || !Vocabulary.isId(id.intValue())) {
      throw new UnusableFileException(
          "%s gives a token the id %s; allowed are 0 to %s."
              .formatted(file, Excerpt.of(id.toString()), Vocabulary.LARGEST_ID));
    }
    return id.intValue();
  }

  Path path() {
    return path;
  }

  /** The parts of the file, without {@code model.vocab} and {@code model.merges}. */
  ObjectNode parts() {
    return parts;
  }

  /** The tokens of {@code model.vocab}; {@code TokenizerFile} puts the added tokens among them. */
  Vocabulary vocabulary() {
    return model.vocabulary();
  }

  /** Returns whether the vocabulary is a list, as Unigram's is. */
  boolean isList() {
    return model.isList();
  }

  /** Returns whether a step works on bytes, each with a letter of its own. */
  boolean isByteLevel() {
    return parts.toString().contains("\"ByteLevel\"");
  }

  /** Returns whether the model merges pieces, as BPE does. */
  boolean hasMerges() {
    return model.merges() != null;
  }

  /** The merges, a list of texts or pairs. */
  JsonParser merges() throws IOException {
    return MAPPER.createParser(String.join("", model.merges()));
  }

  /**
   * The whole as one text, for the native library.
   *
   * @param changed the parts to take in place of {@link #parts()}
   */
  String text(ObjectNode changed) {
    return TokenizerText.of(changed, model.vocab(), model.merges());
  }
}
