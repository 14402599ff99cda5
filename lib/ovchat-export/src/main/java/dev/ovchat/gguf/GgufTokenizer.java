package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The fields of {@code tokenizer.json} and its config, out of the metadata of a GGUF file. */
final class GgufTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  private final GgufMetadata metadata;
  private final GgufTokens tokens;

  GgufTokenizer(GgufTokens tokens) {
    this.metadata = tokens.metadata();
    this.tokens = tokens;
  }

  /**
   * The fields of {@code tokenizer.json}.
   *
   * @throws UnusableFileException if the vocabulary is of an unknown kind or does not fit together
   */
  Map<String, Object> fields() {
    String model = metadata.requiredText(PREFIX + "model");
    Map<String, Object> steps =
        switch (model) {
          case "gpt2" -> byteLevel();
          case "llama" -> sentencePiece();
          default ->
              throw new UnusableFileException(
                  "%s has a vocabulary of the kind %s (tokenizer.ggml.model); the export knows gpt2, byte-level BPE, and llama, SentencePiece's BPE."
                      .formatted(metadata.path(), Excerpt.of(model)));
        };
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", "1.0");
    fields.put("truncation", null);
    fields.put("padding", null);
    fields.put("added_tokens", tokens.added());
    fields.putAll(steps);
    return fields;
  }

  private Map<String, Object> byteLevel() {
    PreTokenizers.Rules rules = PreTokenizers.of(nameOfRules(), metadata.path());
    List<Object> cuts = new ArrayList<>();
    for (String split : rules.splits()) {
      cuts.add(
          step(
              "Split",
              "pattern",
              JsonFields.of("Regex", split),
              "behavior",
              "Isolated",
              "invert",
              false));
    }
    cuts.add(bytes());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("normalizer", rules.normalizer().map(GgufTokenizer::step).orElse(null));
    fields.put("pre_tokenizer", step("Sequence", "pretokenizers", cuts));
    fields.put("post_processor", GgufPostProcessor.fields(tokens, rules.addsBos()));
    fields.put("decoder", bytes());
    Map<String, Object> model = bpe(merges());
    model.put("ignore_merges", rules.ignoresMerges());
    fields.put("model", model);
    return fields;
  }

  /** Files of before May 2024 have no name: llama.cpp warns, and cuts by rules of its own. */
  private String nameOfRules() {
    return metadata
        .text(PREFIX + "pre")
        .orElseThrow(
            () ->
                new UnusableFileException(
                    metadata.path()
                        + " does not say by which rules it cuts texts (tokenizer.ggml.pre), as old files do not; take a newer file of the model."));
  }

  /** The step that shows each byte as a letter: before BPE, and backwards after it. */
  private static Map<String, Object> bytes() {
    return step("ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
  }

  private List<List<String>> merges() {
    List<String> texts =
        metadata.texts(PREFIX + "merges").orElseThrow(() -> metadata.missing(PREFIX + "merges"));
    List<List<String>> merges = new ArrayList<>(texts.size());
    for (String text : texts) {
      int space = text.indexOf(' ', 1);
      String left = space < 0 ? "" : text.substring(0, space);
      String right = text.substring(space + 1);
      for (String piece : List.of(left, right, left + right)) {
        if (!tokens.ids().containsKey(piece)) {
          throw metadata.wrong(PREFIX + "merges", "pairs of tokens whose union is a token", text);
        }
      }
      merges.add(List.of(left, right));
    }
    return merges;
  }

  private Map<String, Object> sentencePiece() {
    boolean hasPrefix = metadata.truth(PREFIX + "add_space_prefix", true);
    Map<String, Object> marks =
        step("Replace", "pattern", JsonFields.of("String", " "), "content", "▁");
    List<Object> back = new ArrayList<>();
    back.add(step("Replace", "pattern", JsonFields.of("String", "▁"), "content", " "));
    back.add(step("ByteFallback"));
    back.add(step("Fuse"));
    if (hasPrefix) {
      back.add(step("Strip", "content", " ", "start", 1, "stop", 0));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(
        "normalizer",
        hasPrefix
            ? step("Sequence", "normalizers", List.of(step("Prepend", "prepend", "▁"), marks))
            : marks);
    fields.put("pre_tokenizer", null);
    fields.put("post_processor", GgufPostProcessor.fields(tokens, true));
    fields.put("decoder", step("Sequence", "decoders", back));
    Map<String, Object> model = bpe(SentencePieceMerges.of(tokens, scores()));
    model.put("unk_token", text("unknown"));
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    fields.put("model", model);
    return fields;
  }

  private List<Number> scores() {
    String key = PREFIX + "scores";
    List<Number> scores = metadata.numbers(key).orElseThrow(() -> metadata.missing(key));
    tokens.requireOneEach("scores", scores);
    return scores;
  }

  /** A model with the library's defaults, which its kind may change. */
  private Map<String, Object> bpe(List<List<String>> merges) {
    Map<String, Object> vocabulary = new LinkedHashMap<>();
    IntStream.range(0, tokens.texts().size())
        .forEach(id -> vocabulary.put(tokens.texts().get(id), id));
    Map<String, Object> model = step("BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    return model;
  }

  /** The token of a role; null where the file does not name it. */
  private String text(String role) {
    return tokens.id(role).map(tokens.texts()::get).orElse(null);
  }

  /**
   * The fields of {@code tokenizer_config.json}.
   *
   * @param longest the most tokens of a sequence
   */
  Map<String, Object> config(int longest) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_max_length", longest);
    addSpecial(config, "bos_token", "bos");
    addSpecial(config, "eos_token", "eos");
    addSpecial(config, "unk_token", "unknown");
    addSpecial(config, "pad_token", "padding");
    return config;
  }

  private void addSpecial(Map<String, Object> config, String field, String role) {
    if (text(role) != null) {
      config.put(field, text(role));
    }
  }

  /** A step of a tokenizer: its type, and its settings by name. */
  private static Map<String, Object> step(String type, Object... settings) {
    Map<String, Object> step = JsonFields.of("type", type);
    step.putAll(JsonFields.of(settings));
    return step;
  }
}
