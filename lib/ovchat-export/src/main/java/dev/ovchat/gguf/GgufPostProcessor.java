package dev.ovchat.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The post-processor of {@code tokenizer.json}: it puts the tokens around a text. */
final class GgufPostProcessor {
  private final GgufTokens tokens;
  private final List<Object> single = new ArrayList<>();
  private final List<Object> pair = new ArrayList<>();
  private final Map<String, Object> special = new LinkedHashMap<>();

  private GgufPostProcessor(GgufTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * The fields; null where nothing is put around a text.
   *
   * @param addsBos whether a text begins with the bos token where the file does not say
   */
  static Map<String, Object> fields(GgufTokens tokens, boolean addsBos) {
    return new GgufPostProcessor(tokens).fields(addsBos);
  }

  private Map<String, Object> fields(boolean addsBos) {
    if (tokens.metadata().truth("tokenizer.ggml.add_bos_token", addsBos)) {
      addToBoth("bos");
    }
    single.add(sequence("A", 0));
    pair.add(sequence("A", 0));
    pair.add(sequence("B", 1));
    if (tokens.metadata().truth("tokenizer.ggml.add_eos_token", false)) {
      addToBoth("eos");
    }
    return special.isEmpty()
        ? null
        : JsonFields.of(
            "type",
            "TemplateProcessing",
            "single",
            single,
            "pair",
            pair,
            "special_tokens",
            special);
  }

  private static Map<String, Object> sequence(String id, int type) {
    return JsonFields.of("Sequence", JsonFields.of("id", id, "type_id", type));
  }

  private void addToBoth(String role) {
    int id = tokens.requiredId(role);
    String text = tokens.texts().get(id);
    Map<String, Object> token =
        JsonFields.of("SpecialToken", JsonFields.of("id", text, "type_id", 0));
    single.add(token);
    pair.add(token);
    special.put(text, JsonFields.of("id", text, "ids", List.of(id), "tokens", List.of(text)));
  }
}
