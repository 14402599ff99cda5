package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The tokens that a {@code tokenizer.json} knows, by id.
 *
 * <p>Read here and not from the native tokenizer, which offers no way from an id to its token.
 */
public final class Vocabulary {
  /** Far above any real vocabulary (256,000): beyond it something is wrong with the file. */
  private static final int LARGEST_ID = 10_000_000;

  private final Map<Integer, String> tokens;
  private final int size;

  private Vocabulary(Map<Integer, String> tokens) {
    this.tokens = tokens;
    this.size = 1 + Collections.max(tokens.keySet());
  }

  /**
   * The model's vocabulary and the tokens added to it.
   *
   * @throws CheckpointException if the file is no tokenizer's, or an id is out of range
   */
  static Vocabulary of(JsonFile json) {
    Path tokenizerJson = json.path();
    JsonNode vocabulary = json.root().path("model").path("vocab");
    if (vocabulary.isEmpty()) {
      throw new CheckpointException(tokenizerJson + " holds no vocabulary (model.vocab).");
    }
    Map<Integer, String> tokens = new HashMap<>();
    if (vocabulary.isArray()) { // Unigram: pairs of token and score, in the order of their ids
      vocabulary.forEach(pair -> tokens.put(tokens.size(), pair.path(0).asText()));
    } else { // BPE and WordPiece: token to id
      vocabulary
          .properties()
          .forEach(entry -> tokens.put(id(entry.getValue(), tokenizerJson), entry.getKey()));
    }
    for (JsonNode added : json.root().path("added_tokens")) {
      tokens.put(id(added.path("id"), tokenizerJson), added.path("content").asText());
    }
    return new Vocabulary(tokens);
  }

  static int id(JsonNode id, Path file) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() > LARGEST_ID) {
      throw new CheckpointException(
          file + " gives a token the id " + id + "; allowed are 0 to " + LARGEST_ID + ".");
    }
    return id.intValue();
  }

  /** One more than the highest id. */
  public int size() {
    return size;
  }

  /**
   * The token of an id, as the vocabulary spells it: {@code ▁} stands for a space, {@code <0x0A>}
   * for a byte. Empty where the vocabulary leaves an id out.
   *
   * @throws IndexOutOfBoundsException if the id is below 0, or {@link #size()} or above
   */
  public String token(int id) {
    Objects.checkIndex(id, size);
    return tokens.getOrDefault(id, "");
  }
}
