package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Checks a {@code tokenizer.json} before the native library reads it: over some mistakes in the
 * file that library ends the whole process instead of saying what is wrong.
 *
 * <p>What is checked was found by feeding the library tens of thousands of damaged files. Two
 * things cannot be seen in the file, and still end the process: a regular expression that takes too
 * long on a text, and replacements that make a text grow beyond the memory.
 */
final class TokenizerChecks {
  private final TokenizerJson json;

  private TokenizerChecks(TokenizerJson json) {
    this.json = json;
  }

  /**
   * @throws UnusableFileException if the native library would not survive the file
   */
  static void require(TokenizerJson json) {
    var checks = new TokenizerChecks(json);
    for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
      checks.checkPart(json.parts().path(part));
    }
    String prefix = mergePrefix(json.parts().path("model"));
    if (!prefix.isEmpty() && json.hasMerges()) {
      checks.checkMerges(prefix);
    }
  }

  /** The prefix that the right sides of a model's merges need; empty if they need none. */
  static String mergePrefix(JsonNode model) {
    return model.path("continuing_subword_prefix").asText("");
  }

  /**
   * Checks one step of the tokenizer, or a sequence of them, one inside the other. Fields and not
   * the type show what it is: the library takes parts without a type as well.
   */
  private void checkPart(JsonNode part) {
    if (part.has("precompiled_charsmap")) {
      CharacterMap.problem(part.get("precompiled_charsmap"))
          .ifPresent(
              problem -> {
                throw broken(problem);
              });
    }
    if (part.has("stop") && part.get("stop").asLong() != 0) {
      throw broken("its decoder strips characters at the end, which is not supported: " + part);
    }
    if (part.path("type").asText().equals("FixedLength") && part.path("length").asLong() < 1) {
      throw broken("its pre_tokenizer cuts texts into pieces of no length: " + part);
    }
    part.path("special_tokens").forEach(this::checkTemplateToken);
    for (JsonNode piece : part.path("single")) { // texts in pairs are never read
      checkTemplatePiece(piece, part.path("special_tokens"));
    }
    part.forEach(this::checkPart);
  }

  private void checkTemplatePiece(JsonNode piece, JsonNode known) {
    JsonNode token = piece.path("SpecialToken").path("id");
    if (token.isTextual() && !known.has(token.asText())) {
      throw broken("its post_processor has no ids for its special token " + token);
    }
    if (piece.has("Sequence") && !piece.path("Sequence").path("id").asText().equals("A")) {
      throw broken("its post_processor puts a second text into a single one: " + piece);
    }
  }

  private void checkTemplateToken(JsonNode token) {
    if (token.path("ids").size() != token.path("tokens").size()) {
      throw broken("a special token of its post_processor has not as many ids as tokens: " + token);
    }
    for (JsonNode id : token.path("ids")) {
      TokenizerJson.id(id, json.path());
    }
  }

  /** Checks the merges, which drop the prefix of their right side, so it has to be there. */
  private void checkMerges(String prefix) {
    try (JsonParser merges = json.merges()) {
      merges.nextToken();
      while (merges.nextToken() != JsonToken.END_ARRAY) {
        JsonNode merge = merges.readValueAsTree();
        String right =
            merge.isArray() ? merge.path(1).asText() : merge.asText().replaceFirst(".* ", "");
        if (!right.startsWith(prefix)) {
          throw broken("the merge " + merge + " lacks the prefix " + prefix);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private UnusableFileException broken(String what) {
    return new UnusableFileException(json.path() + " is not usable: " + what + ".");
  }
}
