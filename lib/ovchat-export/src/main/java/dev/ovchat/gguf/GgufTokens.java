package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The tokens in the metadata of a GGUF file.
 *
 * @param metadata all entries
 * @param texts the tokens, by their ids
 * @param ids the ids, by the tokens
 * @param types llama.cpp's number of the kind of each token; empty where all are normal
 */
record GgufTokens(
    GgufMetadata metadata, List<String> texts, Map<String, Integer> ids, List<Number> types) {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final Pattern PHI3_NAME = Pattern.compile("phi[- ]?3");
  private static final String PADDING = "padding";

  /** The ids that SentencePiece gives unless told otherwise. */
  private static final Map<String, Integer> USUAL_IDS = Map.of("unknown", 0, "bos", 1, "eos", 2);

  /**
   * Tokens after which llama.cpp ends a completion, by their texts: metadata name one or two of
   * several.
   */
  private static final List<String> ENDS =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "<|end_of_text|>",
          "<end_of_utterance>");

  /**
   * Reads the tokens.
   *
   * @throws UnusableFileException if there are none, one is there twice, or a list has another
   *     length
   */
  static GgufTokens of(GgufMetadata metadata) {
    List<String> texts =
        metadata
            .texts(PREFIX + "tokens")
            .filter(tokens -> !tokens.isEmpty())
            .map(GgufTokens::named)
            .orElseThrow(() -> metadata.missing(PREFIX + "tokens"));
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < texts.size(); id++) {
      Integer before = ids.put(texts.get(id), id);
      if (before != null) {
        throw new UnusableFileException(
            "%s: the tokens %s and %s are both %s%s"
                .formatted(
                    metadata.path(), before, id, Excerpt.of(texts.get(id)), StrictJson.AGAIN));
      }
    }
    var tokens =
        new GgufTokens(
            metadata,
            texts,
            Collections.unmodifiableMap(ids),
            metadata.numbers(PREFIX + "token_type").orElse(List.of()));
    tokens.requireOneEach("token_type", tokens.types);
    return tokens;
  }

  /** Gives tokens without a text llama.cpp's name for them: a vocabulary has each text once. */
  private static List<String> named(List<String> texts) {
    if (!texts.contains("")) {
      return texts;
    }
    return IntStream.range(0, texts.size())
        .mapToObj(id -> texts.get(id).isEmpty() ? "[EMPTY_" + id + "]" : texts.get(id))
        .toList();
  }

  /** Checks that a list of the metadata, if it is not empty, has a value for each token. */
  void requireOneEach(String name, List<?> list) {
    if (!list.isEmpty() && list.size() != texts.size()) {
      throw metadata.wrong(
          PREFIX + name, "a list of %s, one for each token".formatted(texts.size()), list.size());
    }
  }

  /** Number of tokens. */
  int count() {
    return texts.size();
  }

  private int type(int id) {
    return types.isEmpty() ? NORMAL : types.get(id).intValue();
  }

  /** Tests whether a token is part of the vocabulary's own merging. */
  boolean isNormal(int id) {
    return type(id) == NORMAL;
  }

  /**
   * The id of a special token, such as {@code bos}; where the file does not name it,
   * SentencePiece's usual one, or empty. Files of models that were trained without padding name an
   * id for it that no token has.
   */
  Optional<Integer> id(String role) {
    String key = PREFIX + role + "_token_id";
    Optional<Long> id = metadata.integer(key);
    if (id.isEmpty()) {
      return usualId(role);
    }
    boolean isToken = id.get() >= 0 && id.get() < texts.size();
    if (!isToken && !role.equals(PADDING)) {
      throw metadata.wrong(key, "an id from 0 to %s".formatted(texts.size() - 1), id.get());
    }
    return id.filter(any -> isToken).map(Long::intValue);
  }

  private Optional<Integer> usualId(String role) {
    boolean isSentencePiece = metadata.text(PREFIX + "model").orElse("").equals("llama");
    return Optional.ofNullable(USUAL_IDS.get(role))
        .filter(id -> isSentencePiece && id < texts.size());
  }

  /** The id of a special token that has to be named. */
  int requiredId(String role) {
    return id(role).orElseThrow(() -> metadata.missing(PREFIX + role + "_token_id"));
  }

  /** The ids that end a completion. */
  List<Integer> endIds() {
    Set<Integer> ends = new LinkedHashSet<>();
    for (String role : List.of("eos", "eot", "eom")) {
      id(role).ifPresent(ends::add);
    }
    for (String text : ENDS) {
      Optional.ofNullable(ids.get(text)).ifPresent(ends::add);
    }
    return List.copyOf(ends);
  }

  /**
   * The added tokens as {@code tokenizer.json} has them: what is found in a text before it is cut
   * into pieces.
   */
  List<Map<String, Object>> added() {
    List<Map<String, Object>> added = new ArrayList<>();
    Set<String> ends = Set.copyOf(ENDS);
    for (int id = 0; id < texts.size(); id++) {
      int type = type(id);
      boolean isSpecial = type == CONTROL || type == UNKNOWN || ends.contains(texts.get(id));
      if (isSpecial || type == USER_DEFINED) {
        added.add(
            JsonFields.of(
                "id",
                id,
                "content",
                texts.get(id),
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                takesSpaceAfter(texts.get(id), isSpecial),
                "normalized",
                false,
                "special",
                isSpecial));
      }
    }
    return added;
  }

  /** Phi-3's special tokens take the white space after them; a GGUF file cannot say so. */
  private boolean takesSpaceAfter(String token, boolean isSpecial) {
    String name = metadata.text("general.name").orElse("").toLowerCase(Locale.ROOT);
    boolean isPhi3 = PHI3_NAME.matcher(name).find();
    return isPhi3
        && (isSpecial || token.equals("</s>"))
        && !List.of("<unk>", "<s>", "<|endoftext|>").contains(token);
  }
}
