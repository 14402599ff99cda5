package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's tokenizer as its directory describes it: {@code tokenizer.json}, and over it what
 * transformers' AutoTokenizer takes from the files beside it. Read as a whole: what happens to the
 * directory later does not change it.
 */
public final class TokenizerFile {

  private final TokenizerJson json;
  private final ObjectNode parts;
  private final Vocabulary vocabulary;
  private final int learned;
  private final boolean cleansUp;

  private TokenizerFile(TokenizerJson json, JsonFile model, JsonFile config) {
    this.json = json;
    this.parts = json.parts();
    this.learned = json.vocabulary().count();
    this.vocabulary = json.vocabulary();
    Optional<TokenizerClass> builder = TokenizerClass.of(model, config, json);
    List<JsonNode> published = addedTokens(json);
    SpecialTokens special =
        SpecialTokens.read(
            json.path().getParent(),
            config,
            builder.map(TokenizerClass::tokens).orElse(Map.of()),
            published);
    builder.ifPresent(known -> known.build(parts, config, special));
    AddedTokens added = added(published, special, builder);
    parts.set("added_tokens", added.json());
    parts.putNull("truncation").putNull("padding");
    added.byId().forEach((id, token) -> vocabulary.put(id, token.content()));
    vocabulary.trim();
    this.cleansUp = cleansUp(config);
  }

  /**
   * Reads and checks the files of a directory.
   *
   * @throws UnusableFileException if one is not what its name says, or the native library would not
   *     survive it
   */
  public static TokenizerFile read(Path directory) {
    Path path = directory.resolve(FileNames.TOKENIZER);
    try {
      TokenizerJson json = TokenizerJson.read(path);
      TokenizerChecks.require(json);
      return new TokenizerFile(
          json, config(directory, FileNames.CONFIG), config(directory, FileNames.TOKENIZER_CONFIG));
    } catch (OutOfMemoryError e) {
      throw noMemory(path, e);
    }
  }

  private static JsonFile config(Path directory, String name) {
    Path path = directory.resolve(name);
    return ReadableFile.isThere(path) ? JsonFile.read(path) : JsonFile.empty(path);
  }

  private static UnusableFileException noMemory(Path path, OutOfMemoryError e) {
    return new UnusableFileException(
        String.format(
            Locale.ROOT,
            """
            Java has no memory left for %s (%,d bytes); give it more, for instance by \
            JDK_JAVA_OPTIONS=-Xmx1g.""",
            path,
            ReadableFile.size(path)),
        e);
  }

  private static List<JsonNode> addedTokens(TokenizerJson json) {
    List<JsonNode> tokens = new ArrayList<>();
    for (JsonNode token : json.parts().path("added_tokens")) {
      TokenizerJson.id(token.path("id"), json.path());
      if (!token.path("content").isTextual()) {
        throw new UnusableFileException(
            json.path() + " is not usable: an added token has no text: " + token + ".");
      }
      tokens.add(token);
    }
    return tokens;
  }

  /** The added tokens. A class that builds its own steps does not take the file's. */
  private AddedTokens added(
      List<JsonNode> published, SpecialTokens special, Optional<TokenizerClass> builder) {
    Set<String> contents = new LinkedHashSet<>(special.contents());
    published.forEach(token -> contents.add(token.path("content").asText()));
    AddedTokens added = new AddedTokens(vocabulary.ids(contents), learned);
    if (builder.isEmpty()) {
      added.add(published.stream().map(AddedToken::of).toList());
    }
    special.addTo(added);
    builder
        .flatMap(TokenizerClass::addsAgainWithFlags)
        .ifPresent(withFlags -> added.add(special.again(withFlags)));
    return added;
  }

  /**
   * Returns whether to clean up. transformers 5.24.0 keeps the spaces that BPE models give, unless
   * two fields ask for it.
   */
  private boolean cleansUp(JsonFile config) {
    boolean isBpe = json.hasMerges();
    return config.root().path("clean_up_tokenization_spaces").asBoolean()
        && (!isBpe
            || config
                .root()
                .path("clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output")
                .asBoolean());
  }

  /**
   * Checks that the file belongs to a model, as far as its numbers show. Tokens added to the
   * vocabulary may have ids above the model's: some models come with tokens that they do not use.
   *
   * @param vocabSize the number of ids that the model has
   * @throws UnusableFileException if the vocabulary has more ids than the model, or none of the
   *     model's end tokens is in it
   */
  public void requireModel(int vocabSize, List<Integer> eosTokenIds) {
    if (learned > vocabSize) {
      throw ofAnotherModel(
          String.format(Locale.ROOT, "it has %d tokens, the model %d", learned, vocabSize));
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

  private UnusableFileException ofAnotherModel(String reason) {
    return new UnusableFileException(
        "%s is of another model than the config.json beside it: %s. Copy the model's own tokenizer.json there."
            .formatted(json.path(), reason));
  }

  /** Path of the file. */
  public Path path() {
    return json.path();
  }

  /** The tokens and their ids. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The spelling of text by the vocabulary. */
  public TokenSpelling spelling() {
    return TokenSpelling.of(parts);
  }

  /** The whole tokenizer as the text of a {@code tokenizer.json}. */
  public String json() {
    return json.text(parts);
  }

  /** Returns whether decoding removes the spaces in front of punctuation marks. */
  public boolean cleansUp() {
    return cleansUp;
  }
}
