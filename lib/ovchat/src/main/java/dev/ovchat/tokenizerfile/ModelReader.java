package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the model in a {@code tokenizer.json}: its tokens, and its vocabulary and merges as the
 * text that the native library gets. They can have a million entries, and no tree is made of them.
 */
final class ModelReader {
  private final Path path;
  private final RawTextReader text;
  private final JsonParser parser;
  private Vocabulary vocabulary = new Vocabulary();
  private boolean isList;
  private TextPieces vocab;
  private TextPieces merges;

  /**
   * @param text what the parser reads from
   */
  ModelReader(Path path, RawTextReader text, JsonParser parser) {
    this.path = path;
    this.text = text;
    this.parser = parser;
  }

  /** Reads the fields of the object that the parser has entered; a later vocabulary replaces. */
  ObjectNode read() throws IOException {
    ObjectNode model = JsonNodeFactory.instance.objectNode();
    Optional<TextPieces> joined = Optional.empty();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (name.equals("vocab") && token.isStructStart()) {
        readVocabulary(token == JsonToken.START_ARRAY);
      } else if (name.equals("merges") && token == JsonToken.START_ARRAY) {
        keepText();
        joined = MergePairs.joined(parser);
        merges = keptText();
      } else {
        model.set(name, TokenizerJson.tree(parser));
      }
    }
    // With a prefix they are looked at once more, as they are in the file.
    if (TokenizerChecks.mergePrefix(model).isEmpty()) {
      joined.ifPresent(pieces -> merges = pieces);
    }
    return model;
  }

  private void keepText() {
    text.keepFrom(parser.currentTokenLocation().getCharOffset());
  }

  private TextPieces keptText() {
    return text.keptUpTo(parser.currentLocation().getCharOffset());
  }

  private void readVocabulary(boolean asList) throws IOException {
    vocabulary = new Vocabulary();
    isList = asList;
    keepText();
    if (asList) {
      readPairs();
    } else {
      readTokens();
    }
    vocab = keptText();
  }

  /** Reads the vocabulary of BPE and WordPiece: an object of tokens and ids. */
  private void readTokens() throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String token = parser.currentName();
      parser.nextToken();
      vocabulary.put(id(), token);
    }
  }

  private int id() throws IOException {
    boolean isInt =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() == NumberType.INT;
    return isInt && Vocabulary.isId(parser.getIntValue())
        ? parser.getIntValue()
        : TokenizerJson.id(TokenizerJson.tree(parser), path);
  }

  /** Reads the vocabulary of Unigram: pairs of token and score, in the order of their ids. */
  private void readPairs() throws IOException {
    JsonStreamContext list = parser.getParsingContext();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean hasText =
          parser.currentToken() == JsonToken.START_ARRAY
              && parser.nextToken() == JsonToken.VALUE_STRING;
      vocabulary.put(vocabulary.size(), hasText ? parser.getText() : "");
      while (parser.getParsingContext() != list) { // the rest of the pair
        parser.nextToken();
      }
    }
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns whether the vocabulary is a list, as Unigram's is. */
  boolean isList() {
    return isList;
  }

  /** The text of the vocabulary; null without one. */
  List<String> vocab() {
    return vocab == null ? null : vocab.list();
  }

  /** The text of the merges, which is a list of texts or pairs; null if there are none. */
  List<String> merges() {
    return merges == null ? null : merges.list();
  }
}
