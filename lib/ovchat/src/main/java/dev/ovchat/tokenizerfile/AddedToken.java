package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A token that is found in a text before the model's own pieces are.
 *
 * @param content its text
 * @param singleWord true if it has to be a word of its own
 * @param lstrip true if it takes the white space to its left with it
 * @param rstrip the same to its right
 * @param normalized true if it is looked for in the normalized text
 * @param special true if decoding can leave it out
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /** Creates a special token as the Python class makes one of a text alone. */
  static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, false, true);
  }

  /** Creates a token from its fields, of which all but the content may be missing. */
  static AddedToken of(JsonNode fields) {
    boolean special = fields.path("special").asBoolean();
    return new AddedToken(
        fields.path("content").asText(),
        fields.path("single_word").asBoolean(),
        fields.path("lstrip").asBoolean(),
        fields.path("rstrip").asBoolean(),
        fields.path("normalized").asBoolean(!special),
        special);
  }

  AddedToken withSpecial(boolean special) {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, special);
  }

  AddedToken withNormalized(boolean normalized) {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, special);
  }

  /** The token as {@code tokenizer.json} has it. */
  ObjectNode json(int id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", lstrip)
        .put("rstrip", rstrip)
        .put("normalized", normalized)
        .put("special", special);
  }
}
