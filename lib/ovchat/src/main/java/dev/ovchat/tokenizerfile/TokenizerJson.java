package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.JsonRules;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A {@code tokenizer.json}, read token by token: its small parts become trees, its vocabulary and
 * merges, which can have a million entries, are kept as text without white space. Only ASCII stands
 * in that text, so that a Java string of it has one byte a character.
 */
public final class TokenizerJson {
  private static final String AGAIN = " Copy it again from where the model comes from.";

  /** A limit above any real file (Gemma's has 33 MB), in bytes. */
  public static final long LARGEST = 100_000_000;

  private static final int MOST_TOKENS_BETWEEN_INTERRUPTS = 1 << 12;

  /** Names are tokens here, and not kept beyond the file that they are in. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private final Path path;
  private final ObjectNode parts = MAPPER.createObjectNode();
  private Vocabulary vocabulary = new Vocabulary();
  private boolean isList;
  private byte[] vocab;
  private byte[] merges;
  private int read;

  private TokenizerJson(Path path) {
    this.path = path;
  }

  /**
   * Reads a file.
   *
   * @throws UnusableFileException if it is not JSON, has no vocabulary, or is too large; or the
   *     thread is interrupted
   */
  static TokenizerJson read(Path path) {
    var json = new TokenizerJson(path);
    try (InputStream in = ReadableFile.open(path, LARGEST);
        JsonParser parser = JsonRules.PYTHON.parser(path, in)) {
      json.readRoot(parser);
    } catch (CharacterCodingException e) {
      throw new UnusableFileException(path + " is no text in UTF-8." + AGAIN, e);
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
    if (json.vocab == null || json.vocabulary.size() == 0) {
      throw new UnusableFileException(path + " holds no vocabulary (model.vocab).");
    }
    json.vocabulary.trim();
    return json;
  }

  private void readRoot(JsonParser parser) throws IOException {
    try {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        String what = first == null ? " is empty." : " holds no JSON object.";
        throw new UnusableFileException(path + what + AGAIN);
      }
      readFields(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "more than one value");
      }
    } catch (JsonProcessingException e) {
      throw new UnusableFileException(path + JsonFile.problem(parser, e) + AGAIN, e);
    }
  }

  private void readFields(JsonParser parser) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      boolean isModel = parser.nextToken() == JsonToken.START_OBJECT && name.equals("model");
      parts.set(name, isModel ? readModel(parser) : tree(parser));
    }
  }

  private ObjectNode readModel(JsonParser parser) throws IOException {
    ObjectNode model = MAPPER.createObjectNode();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (name.equals("vocab") && token.isStructStart()) {
        vocab =
            written(token == JsonToken.START_OBJECT ? this::copyTokens : this::copyPairs, parser);
      } else if (name.equals("merges") && token == JsonToken.START_ARRAY) {
        merges = written(this::copy, parser);
      } else {
        model.set(name, tree(parser));
      }
    }
    return model;
  }

  private static JsonNode tree(JsonParser parser) throws IOException {
    return MAPPER.readTree(parser);
  }

  private interface Copy {
    void copy(JsonParser parser, JsonGenerator generator) throws IOException;
  }

  private static byte[] written(Copy part, JsonParser parser) throws IOException {
    var bytes = new ByteArrayOutputStream(1 << 16);
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      part.copy(parser, generator);
    }
    return bytes.toByteArray();
  }

  /** Copies the vocabulary of BPE and WordPiece: an object of tokens and ids. */
  private void copyTokens(JsonParser parser, JsonGenerator generator) throws IOException {
    vocabulary = new Vocabulary();
    isList = false;
    generator.writeStartObject();
    for (String token = parser.nextFieldName(); token != null; token = parser.nextFieldName()) {
      requireUninterrupted();
      parser.nextToken();
      int id = id(tree(parser), path);
      vocabulary.put(id, token);
      generator.writeNumberField(token, id);
    }
    generator.writeEndObject();
  }

  /** Copies the vocabulary of Unigram: pairs of token and score, in the order of their ids. */
  private void copyPairs(JsonParser parser, JsonGenerator generator) throws IOException {
    vocabulary = new Vocabulary();
    isList = true;
    generator.writeStartArray();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      requireUninterrupted();
      JsonNode pair = tree(parser);
      vocabulary.put(vocabulary.size(), pair.path(0).asText());
      MAPPER.writeTree(generator, pair);
    }
    generator.writeEndArray();
  }

  private void copy(JsonParser parser, JsonGenerator generator) throws IOException {
    int depth = 0;
    do {
      requireUninterrupted();
      JsonToken token = parser.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      generator.copyCurrentEventExact(parser);
    } while (depth > 0 && parser.nextToken() != null);
  }

  /**
   * An id that stands in a file.
   *
   * @throws UnusableFileException if it is not one
   */
  static int id(JsonNode id, Path file) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() > Vocabulary.LARGEST_ID) {
      throw new UnusableFileException(
          "%s gives a token the id %s; allowed are 0 to %s."
              .formatted(file, Excerpt.of(id.toString()), Vocabulary.LARGEST_ID));
    }
    return id.intValue();
  }

  private void requireUninterrupted() {
    if (++read % MOST_TOKENS_BETWEEN_INTERRUPTS == 0 && Thread.currentThread().isInterrupted()) {
      throw new UnusableFileException(
          "Cannot read " + path + ": the thread that reads it was interrupted.");
    }
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
    return vocabulary;
  }

  /** Returns whether the vocabulary is a list, as Unigram's is. */
  boolean isList() {
    return isList;
  }

  /** Returns whether a step works on bytes, each with a letter of its own. */
  boolean isByteLevel() {
    return parts.toString().contains("\"ByteLevel\"");
  }

  /** Returns whether the model merges pieces, as BPE does. */
  boolean hasMerges() {
    return merges != null;
  }

  /** The merges, a list of texts or pairs. */
  JsonParser merges() throws IOException {
    return FACTORY.createParser(merges);
  }

  /**
   * The whole as one text, for the native library.
   *
   * @param changed the parts to take in place of {@link #parts()}
   */
  String text(ObjectNode changed) {
    ObjectNode rest = changed.deepCopy();
    var model = (ObjectNode) rest.remove("model");
    return opened(rest)
        + "\"model\":"
        + opened(model)
        + "\"vocab\":"
        + new String(vocab, StandardCharsets.ISO_8859_1)
        + (merges == null ? "" : ",\"merges\":" + new String(merges, StandardCharsets.ISO_8859_1))
        + "}}";
  }

  /** An object to which a field can be added. */
  private static String opened(ObjectNode object) {
    String json = object.toString();
    return json.substring(0, json.length() - 1) + (object.isEmpty() ? "" : ",");
  }
}
