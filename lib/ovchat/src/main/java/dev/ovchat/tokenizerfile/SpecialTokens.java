package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Added tokens by the files beside {@code tokenizer.json}, as transformers reads them: {@code
 * tokenizer_config.json}, and where that has no {@code added_tokens_decoder}, {@code
 * special_tokens_map.json} and {@code added_tokens.json} of older versions.
 *
 * @param decoder tokens by id
 * @param named tokens by name, such as {@code bos_token}; and those that a model adds, such as
 *     {@code image_token}
 * @param extra tokens without a name
 */
record SpecialTokens(
    TreeMap<Integer, AddedToken> decoder, Map<String, AddedToken> named, List<AddedToken> extra) {
  private static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final String DECODER = "added_tokens_decoder";
  private static final String EXTRA = "extra_special_tokens";
  private static final String FORMER_EXTRA = "additional_special_tokens";

  /**
   * Reads the files of a directory.
   *
   * @param config {@code tokenizer_config.json}
   * @param defaults the tokens that the tokenizer's class has where the config does not name them
   * @param file the tokens of {@code tokenizer.json}
   */
  static SpecialTokens read(
      Path directory, JsonFile config, Map<String, String> defaults, List<JsonNode> file) {
    ObjectNode fields = config.root().deepCopy();
    boolean isComplete = fields.has(DECODER);
    if (!fields.has(EXTRA) && fields.has(FORMER_EXTRA)) {
      fields.set(EXTRA, fields.get(FORMER_EXTRA));
    }
    Map<String, AddedToken> ofTheModel = takeNamedExtra(fields);
    if (!isComplete) {
      optional(directory.resolve(FileNames.SPECIAL_TOKENS_MAP))
          .ifPresent(map -> merge(fields, map));
      ofTheModel.putAll(takeNamedExtra(fields));
    }
    Map<String, AddedToken> named = named(fields, defaults);
    named.putAll(ofTheModel);
    var tokens = new SpecialTokens(new TreeMap<>(), named, extra(fields));
    if (isComplete) {
      for (var token : fields.get(DECODER).properties()) {
        tokens.decoder.put(id(config, token.getKey()), AddedToken.of(token.getValue()));
      }
    } else {
      optional(directory.resolve(FileNames.ADDED_TOKENS)).ifPresent(tokens::addFormer);
      file.forEach(token -> tokens.decoder.put(token.path("id").asInt(), AddedToken.of(token)));
    }
    return tokens;
  }

  private static Optional<JsonFile> optional(Path file) {
    return ReadableFile.isThere(file) ? Optional.of(JsonFile.read(file)) : Optional.empty();
  }

  private static int id(JsonFile config, String id) {
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw new UnusableFileException(
          "%s: %s names the token %s, which is not an id."
              .formatted(config.path(), DECODER, Excerpt.of(id)));
    }
  }

  /**
   * Merges {@code special_tokens_map.json} into the fields. Its tokens with flags are special,
   * whatever it says.
   */
  private static void merge(ObjectNode fields, JsonFile map) {
    for (var field : map.root().properties()) {
      JsonNode value = field.getValue();
      if (field.getKey().equals(EXTRA) && value.isArray() && fields.path(EXTRA).isArray()) {
        fields.withArray("/" + EXTRA).addAll((ArrayNode) value);
      } else if (field.getKey().equals(FORMER_EXTRA)) {
        fields.putIfAbsent(EXTRA, value);
      } else if (value.isObject() && value.has("content")) {
        fields.set(field.getKey(), AddedToken.of(value).withSpecial(true).json(0));
      } else {
        fields.set(field.getKey(), value);
      }
    }
  }

  private static Map<String, AddedToken> named(ObjectNode fields, Map<String, String> defaults) {
    Map<String, AddedToken> named = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>(NAMES);
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (name.endsWith("_token")) {
                names.add(name);
              }
            });
    for (String name : names) {
      JsonNode value = fields.get(name);
      if (value != null) {
        token(value).ifPresent(token -> named.put(name, token));
      } else if (defaults.containsKey(name)) {
        named.put(name, AddedToken.special(defaults.get(name)));
      }
    }
    return named;
  }

  /** Extra tokens with names are the model's own. */
  private static Map<String, AddedToken> takeNamedExtra(ObjectNode fields) {
    Map<String, AddedToken> named = new LinkedHashMap<>();
    if (fields.path(EXTRA).isObject()) {
      for (var field : fields.remove(EXTRA).properties()) {
        token(field.getValue()).ifPresent(token -> named.put(field.getKey(), token));
      }
    }
    return named;
  }

  private static List<AddedToken> extra(ObjectNode fields) {
    List<AddedToken> extra = new ArrayList<>();
    if (fields.path(EXTRA).isArray()) {
      fields.get(EXTRA).forEach(value -> token(value).ifPresent(extra::add));
    }
    return extra;
  }

  /** A token is a text, or an object with its text. */
  private static Optional<AddedToken> token(JsonNode value) {
    if (value.isTextual()) {
      return Optional.of(AddedToken.special(value.asText()));
    }
    return value.path("content").isTextual() ? Optional.of(AddedToken.of(value)) : Optional.empty();
  }

  /** Adds the tokens and ids of {@code added_tokens.json}, which have no flags. */
  private void addFormer(JsonFile json) {
    for (var token : json.root().properties()) {
      int id = TokenizerJson.id(token.getValue(), json.path());
      boolean special = isSpecial(token.getKey());
      decoder.put(id, new AddedToken(token.getKey(), false, false, false, !special, special));
    }
  }

  private boolean isSpecial(String content) {
    return NAMES.stream()
            .map(named::get)
            .anyMatch(token -> token != null && token.content().equals(content))
        || extra.stream().anyMatch(token -> token.content().equals(content));
  }

  /** The contents of all tokens, to be looked up in a vocabulary. */
  Set<String> contents() {
    Set<String> contents = new LinkedHashSet<>();
    decoder.values().forEach(token -> contents.add(token.content()));
    named.values().forEach(token -> contents.add(token.content()));
    extra.forEach(token -> contents.add(token.content()));
    return contents;
  }

  /** Adds them in one call, as transformers does: a token that has a name becomes special. */
  void addTo(AddedTokens added) {
    Set<String> names = new HashSet<>();
    named.values().forEach(token -> names.add(token.content()));
    List<AddedToken> all = new ArrayList<>(decoder.values());
    Set<String> known = new HashSet<>();
    decoder.values().forEach(token -> known.add(token.content()));
    for (AddedToken token : named.values()) {
      addUnknown(token, all, known, added);
    }
    for (AddedToken token : extra) {
      addUnknown(token, all, known, added);
    }
    added.add(
        all.stream()
            .map(token -> names.contains(token.content()) ? token.withSpecial(true) : token)
            .toList());
  }

  private static void addUnknown(
      AddedToken token, List<AddedToken> all, Set<String> known, AddedTokens added) {
    if (!known.contains(token.content()) && !added.contains(token.content())) {
      all.add(token);
    }
  }

  /** Tokens that a tokenizer's class adds once more. */
  List<AddedToken> again(boolean withFlags) {
    List<AddedToken> again = new ArrayList<>();
    named.forEach((name, token) -> again.add(NAMES.contains(name) ? listed(token) : token));
    again.addAll(extra);
    return again.stream()
        .map(token -> withFlags ? token.withSpecial(true) : AddedToken.special(token.content()))
        .toList();
  }

  /** The token as the list by ids has it, if it is there. */
  private AddedToken listed(AddedToken token) {
    return decoder.values().stream()
        .filter(known -> known.content().equals(token.content()))
        .reduce(token, (first, last) -> last);
  }
}
