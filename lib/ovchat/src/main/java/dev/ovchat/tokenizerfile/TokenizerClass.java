package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One of those tokenizer classes of transformers that build the steps of a tokenizer themselves: of
 * {@code tokenizer.json} they take the vocabulary, the merges and the post-processor alone. All
 * others take the whole file.
 *
 * <p>What they build is what transformers 5.5.4 and 5.24.0 agree on, in {@code
 * tokenizer-classes.json}, which {@code scripts/golden/golden_tokenizer_files.py} makes. Where the
 * two differ, the published file counts.
 */
record TokenizerClass(JsonNode description) {
  private static final JsonNode KNOWN = known();

  private static JsonNode known() {
    try (InputStream in = TokenizerClass.class.getResourceAsStream("tokenizer-classes.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The class that transformers chooses for a model; empty where it takes the file as it is.
   *
   * @param model {@code config.json}
   * @param config {@code tokenizer_config.json}
   */
  static Optional<TokenizerClass> of(JsonFile model, JsonFile config, TokenizerJson json) {
    String modelType = model.text("model_type", "");
    String named = config.text("tokenizer_class", model.text("tokenizer_class", ""));
    String name = named.isEmpty() ? registered(modelType) : named.replaceFirst("Fast$", "");
    boolean isItsOwn = name.equals(registered(modelType));
    boolean hasCode = config.root().path("auto_map").has("AutoTokenizer");
    return Optional.of(KNOWN.path("classes").path(name))
        .filter(JsonNode::isObject)
        .filter(known -> isItsOwn || registered(modelType).isEmpty())
        .filter(known -> !hasCode && json.hasMerges() && !json.isList())
        // The newest takes such a file as it is, where the older builds another tokenizer.
        .filter(known -> !(name.equals("LlamaTokenizer") && json.isByteLevel()))
        .map(TokenizerClass::new);
  }

  /** The class of a family of models; empty if it has none. */
  private static String registered(String modelType) {
    for (var known : KNOWN.path("classes").properties()) {
      for (JsonNode type : known.getValue().path("modelTypes")) {
        if (type.asText().equals(modelType)) {
          return known.getKey();
        }
      }
    }
    for (JsonNode type : KNOWN.path("otherModelTypes")) {
      if (type.asText().equals(modelType)) {
        return "another";
      }
    }
    return "";
  }

  /** Names and texts of the special tokens that it has where a config does not name them. */
  Map<String, String> tokens() {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (var token : description.path("tokens").properties()) {
      tokens.put(token.getKey(), token.getValue().asText());
    }
    return tokens;
  }

  /**
   * Puts the steps in place of the file's.
   *
   * @param config {@code tokenizer_config.json}
   */
  void build(ObjectNode parts, JsonFile config, SpecialTokens special) {
    for (JsonNode step : description.path("steps")) { // the last that fits
      if (fits(step.path("when"), config)) {
        parts.setAll((ObjectNode) step.path("steps").deepCopy());
      }
    }
    if (description.path("knowsUnknown").asBoolean()) {
      AddedToken unknown = special.named().get("unk_token");
      ((ObjectNode) parts.get("model"))
          .put("unk_token", unknown == null ? "None" : unknown.content());
    }
  }

  private static boolean fits(JsonNode settings, JsonFile config) {
    for (var setting : settings.properties()) {
      if (!setting.getValue().equals(config.root().path(setting.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether its special tokens, which it adds once more at the end, keep their flags then;
   * empty if it does not add them again.
   */
  Optional<Boolean> addsAgainWithFlags() {
    return Optional.of(description.path("addsAgainWithFlags"))
        .filter(JsonNode::isBoolean)
        .map(JsonNode::booleanValue);
  }
}
