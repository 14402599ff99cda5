package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A {@code tokenizer.json}, looked at before the native tokenizer reads it: over some mistakes in
 * the file that library ends the whole process instead of saying what is wrong.
 *
 * <p>What it checks was found by feeding the library tens of thousands of damaged files. Two things
 * cannot be told from the file, and still end the process: a regular expression that takes too long
 * on a text, and replacements that make a text grow beyond the memory.
 */
public final class TokenizerFile {
  /** Far above any real one (Gemma's has 33 MB). */
  static final long LARGEST = 500_000_000;

  private final JsonFile json;
  private final Vocabulary vocabulary;

  private TokenizerFile(JsonFile json) {
    this.json = json;
    this.vocabulary = Vocabulary.of(json);
  }

  /**
   * Reads and checks the file.
   *
   * @throws CheckpointException if it is no tokenizer's, or the native library would not survive it
   */
  static TokenizerFile read(Path path) {
    TokenizerFile file = new TokenizerFile(JsonFile.read(path, LARGEST));
    for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
      file.checkPart(file.json.root().path(part));
    }
    file.checkMerges(file.json.root().path("model"));
    return file;
  }

  /**
   * Checks that the file belongs to a model, as far as its numbers tell. Tokens added to the
   * vocabulary may have ids above the model's: some models come with tokens that they do not use.
   *
   * @throws CheckpointException if the vocabulary has more ids than the model, or none of the
   *     model's end tokens is in it
   */
  void requireModel(ModelConfig config, List<Integer> eosTokenIds) {
    int learned = json.root().path("model").path("vocab").size();
    if (learned > config.vocabSize()) {
      throw ofAnotherModel(
          String.format(
              Locale.ROOT, "it has %d tokens, the model %d", learned, config.vocabSize()));
    }
    int size = vocabulary.size();
    if (!eosTokenIds.isEmpty() && eosTokenIds.stream().allMatch(id -> id >= size)) {
      throw ofAnotherModel(
          String.format(
              Locale.ROOT,
              "the model's end tokens %s are not among its %d tokens",
              eosTokenIds,
              size));
    }
  }

  private CheckpointException ofAnotherModel(String reason) {
    return new CheckpointException(
        "%s is of another model than the config.json beside it: %s. Copy the model's own tokenizer.json there."
            .formatted(json.path(), reason));
  }

  /** Where the file is. */
  public Path path() {
    return json.path();
  }

  /** The tokens and their ids. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * One step of the tokenizer, or a sequence of them, one inside the other. Fields and not the type
   * tell what it is: the library takes parts without a type as well.
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
    part.forEach(this::checkPart);
  }

  private void checkTemplateToken(JsonNode token) {
    if (token.path("ids").size() != token.path("tokens").size()) {
      throw broken("a special token of its post_processor has not as many ids as tokens: " + token);
    }
    for (JsonNode id : token.path("ids")) {
      Vocabulary.id(id, json.path());
    }
  }

  /** Merges drop the prefix of their right side, so it has to be there. */
  private void checkMerges(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String right =
          merge.isArray() ? merge.path(1).asText() : merge.asText().replaceFirst(".* ", "");
      if (!right.startsWith(prefix)) {
        throw broken("the merge " + merge + " lacks the prefix " + prefix);
      }
    }
  }

  private CheckpointException broken(String what) {
    return new CheckpointException(json.path() + " is not usable: " + what + ".");
  }
}
