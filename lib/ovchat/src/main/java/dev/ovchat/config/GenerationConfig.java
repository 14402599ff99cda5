package dev.ovchat.config;

import dev.ovchat.files.UnusableFileException;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.message.Visible;
import dev.ovchat.modeldir.GenerationConfigFile;
import dev.ovchat.modeldir.ModelDirectory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Generation settings; the names are transformers' in camelCase.
 *
 * <pre>{@code
 * GenerationConfig.defaults().maxNewTokens(1024).doSample(true).temperature(0.7)
 * }</pre>
 *
 * <p>A config is immutable: each of these calls returns a copy. A value that is not set is taken
 * from the model's {@code generation_config.json}, and where it is not set there either, it is the
 * default given here.
 *
 * <p>The methods without an argument return the value in this config, or its default. They are
 * empty where a value is not set and has no default.
 */
public final class GenerationConfig {
  private static final GenerationConfig DEFAULTS = new GenerationConfig(Map.of(), Map.of());

  /** Values that are set, by name; each of the type that its method here gives. */
  private final Map<String, Object> values;

  /** Names of a model's values that cannot be used, with the reason. */
  private final Map<String, RuntimeException> unusable;

  private GenerationConfig(Map<String, Object> values, Map<String, RuntimeException> unusable) {
    this.values = values;
    this.unusable = unusable;
  }

  /** A config in which nothing is set. */
  public static GenerationConfig defaults() {
    return DEFAULTS;
  }

  /**
   * A config of values by name, such as those of {@link #asMap()}, or of a JSON object that {@link
   * dev.ovchat.files.JsonText#map(String)} has read.
   *
   * @param values by the names of the methods here, for instance {@code maxNewTokens}: numbers,
   *     texts, truth values, and lists and maps of them
   * @throws GenerationException if there is no such name, or a value is out of range
   */
  public static GenerationConfig of(Map<String, ?> values) {
    GenerationConfig config = DEFAULTS;
    for (Map.Entry<String, ?> value : values.entrySet()) {
      Object cast = ConfigFields.named(value.getKey()).of(value.getValue());
      config = config.with(value.getKey(), cast);
    }
    return config;
  }

  /**
   * Reads a model's {@code generation_config.json}, with the end tokens of its {@code config.json}
   * where that one names none.
   *
   * @throws dev.ovchat.files.UnusableFileException if the file is not readable, or a field is not
   *     of its kind
   * @throws GenerationException if a value is out of range, or a field of transformers' is set that
   *     changes completions and is not among those here
   */
  public static GenerationConfig of(ModelDirectory directory) {
    GenerationConfigFile file = directory.generationConfig();
    MissingFields.refuse(file);
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, RuntimeException> unusable = new LinkedHashMap<>();
    file.number("top_k"); // which transformers compares before it asks whether anything is sampled
    for (ConfigField<?> field : ConfigFields.ALL) {
      try {
        field.read(file).ifPresent(value -> values.put(field.name(), value));
      } catch (UnusableFileException | GenerationException e) {
        unusable.put(field.name(), e);
      }
    }
    GenerationConfig config = new GenerationConfig(values, unusable);
    config.requireUsable();
    values.put("eosTokenIds", directory.eosTokenIds());
    return config;
  }

  /**
   * Refuses values of a model's file that cannot be used, unless they have no effect: as in
   * transformers, a {@code top_k} of -1 does no harm as long as nothing is sampled.
   *
   * @throws GenerationException if there is such a value
   * @throws UnusableFileException if it is not of its kind
   */
  public void requireUsable() {
    unusable.forEach(
        (name, reason) -> {
          if (ConfigFields.named(name).inForce().test(this)) {
            throw reason;
          }
        });
  }

  /** A copy in which the values that are not set here are those of the other config. */
  public GenerationConfig filledFrom(GenerationConfig other) {
    Map<String, Object> filled = new LinkedHashMap<>(other.values);
    filled.putAll(values);
    Map<String, RuntimeException> stillUnusable = new LinkedHashMap<>(other.unusable);
    stillUnusable.keySet().removeAll(values.keySet());
    stillUnusable.putAll(unusable);
    return new GenerationConfig(filled, stillUnusable);
  }

  /**
   * The maximum number of new tokens: 1 or more. Not set by default: then {@link #maxLength()}
   * bounds the completion, or where that is not set either, the completion has 20 tokens at most.
   * transformers' {@code max_new_tokens}.
   */
  public Optional<Integer> maxNewTokens() {
    return get("maxNewTokens");
  }

  /** A copy with this value for {@link #maxNewTokens()}. */
  public GenerationConfig maxNewTokens(int maxNewTokens) {
    return with("maxNewTokens", maxNewTokens);
  }

  /**
   * The minimum number of new tokens: 0 or more, and 0 by default. Up to it no end token is chosen.
   * transformers' {@code min_new_tokens}.
   */
  public int minNewTokens() {
    return get("minNewTokens", 0);
  }

  /** A copy with this value for {@link #minNewTokens()}. */
  public GenerationConfig minNewTokens(int minNewTokens) {
    return with("minNewTokens", minNewTokens);
  }

  /**
   * The maximum length of the sequence, prompt and completion together, in tokens: 1 or more. Not
   * set by default. It has no effect where {@link #maxNewTokens()} is set, here or by the model.
   * transformers' {@code max_length}.
   */
  public Optional<Integer> maxLength() {
    return get("maxLength");
  }

  /** A copy with this value for {@link #maxLength()}. */
  public GenerationConfig maxLength(int maxLength) {
    return with("maxLength", maxLength);
  }

  /**
   * Returns whether the next token is sampled by its probability; otherwise it is the most probable
   * one. {@code false} by default. transformers' {@code do_sample}.
   */
  public boolean doSample() {
    return get("doSample", false);
  }

  /** A copy with this value for {@link #doSample()}. */
  public GenerationConfig doSample(boolean doSample) {
    return with("doSample", doSample);
  }

  /**
   * The number that the logits are divided by before a token is sampled: above 0, and 1 by default.
   * Below 1 the probable tokens are sampled more often, above 1 less often. transformers' {@code
   * temperature}.
   */
  public double temperature() {
    return get("temperature", 1.0);
  }

  /** A copy with this value for {@link #temperature()}. */
  public GenerationConfig temperature(double temperature) {
    return with("temperature", temperature);
  }

  /**
   * The number of most probable tokens that may be sampled: 0 or more, and 50 by default; 0 for
   * all. transformers' {@code top_k}.
   */
  public int topK() {
    return get("topK", 50);
  }

  /** A copy with this value for {@link #topK()}. */
  public GenerationConfig topK(int topK) {
    return with("topK", topK);
  }

  /**
   * The share of the probability that the tokens to sample from, the most probable ones, have to
   * make up: from 0 to 1, and 1 by default, which is all. transformers' {@code top_p}.
   */
  public double topP() {
    return get("topP", 1.0);
  }

  /** A copy with this value for {@link #topP()}. */
  public GenerationConfig topP(double topP) {
    return with("topP", topP);
  }

  /**
   * The minimum probability of a token that may be sampled, as a share of the most probable one's:
   * from 0 to 1. Not set by default. transformers' {@code min_p}.
   */
  public Optional<Double> minP() {
    return get("minP");
  }

  /** A copy with this value for {@link #minP()}. */
  public GenerationConfig minP(double minP) {
    return with("minP", minP);
  }

  /**
   * The share of the probability that the tokens to sample from, the most typical ones, have to
   * make up: above 0 and at most 1, and 1 by default, which is all. Typical are those whose
   * surprise, -log p, is nearest to the expected one, the entropy. transformers' {@code typical_p}.
   */
  public double typicalP() {
    return get("typicalP", 1.0);
  }

  /** A copy with this value for {@link #typicalP()}. */
  public GenerationConfig typicalP(double typicalP) {
    return with("typicalP", typicalP);
  }

  /**
   * The random seed: the same seed gives the same completion of the same prompt. Any whole number;
   * not set by default: then each completion has a new one, which {@code Generation.seed()}
   * returns. Of several completions of a prompt the first has this seed, and each of the others one
   * of its own, which {@code Completion.seed()} returns; those of one beam search share it.
   */
  public Optional<Long> seed() {
    return get("seed");
  }

  /** A copy with this value for {@link #seed()}. */
  public GenerationConfig seed(long seed) {
    return with("seed", seed);
  }

  /**
   * The number that the logits of tokens of prompt and completion are divided by, or multiplied by
   * where they are below 0: above 0, and 1 by default. Above 1 repetitions become rarer.
   * transformers' {@code repetition_penalty}.
   */
  public double repetitionPenalty() {
    return get("repetitionPenalty", 1.0);
  }

  /** A copy with this value for {@link #repetitionPenalty()}. */
  public GenerationConfig repetitionPenalty(double repetitionPenalty) {
    return with("repetitionPenalty", repetitionPenalty);
  }

  /**
   * The amount subtracted from the logits of all tokens that the completion already has: from -2 to
   * 2, and 0 by default. From OpenAI's API; transformers has none.
   */
  public double presencePenalty() {
    return get("presencePenalty", 0.0);
  }

  /** A copy with this value for {@link #presencePenalty()}. */
  public GenerationConfig presencePenalty(double presencePenalty) {
    return with("presencePenalty", presencePenalty);
  }

  /**
   * The amount subtracted from the logits of the completion's tokens for each time that they occur
   * in it: from -2 to 2, and 0 by default. From OpenAI's API; transformers has none.
   */
  public double frequencyPenalty() {
    return get("frequencyPenalty", 0.0);
  }

  /** A copy with this value for {@link #frequencyPenalty()}. */
  public GenerationConfig frequencyPenalty(double frequencyPenalty) {
    return with("frequencyPenalty", frequencyPenalty);
  }

  /**
   * The size of the n-grams, in tokens, that may not occur twice in prompt and completion: 0 or
   * more, and 0 by default, which allows all. transformers' {@code no_repeat_ngram_size}.
   */
  public int noRepeatNgramSize() {
    return get("noRepeatNgramSize", 0);
  }

  /** A copy with this value for {@link #noRepeatNgramSize()}. */
  public GenerationConfig noRepeatNgramSize(int noRepeatNgramSize) {
    return with("noRepeatNgramSize", noRepeatNgramSize);
  }

  /**
   * Sequences of token ids that may not be in the completion; none by default. transformers' {@code
   * bad_words_ids}.
   */
  public List<List<Integer>> badWordsIds() {
    return get("badWordsIds", List.of());
  }

  /** A copy with this value for {@link #badWordsIds()}. */
  public GenerationConfig badWordsIds(List<List<Integer>> badWordsIds) {
    return with("badWordsIds", badWordsIds.stream().map(GenerationConfig::copy).toList());
  }

  /**
   * The number of beams, the completions that beam search follows at once: 1 or more, and 1 by
   * default, which is not a search. The best ones are returned, with their {@code
   * Completion.score()}. With {@link #doSample()}, their continuations are sampled. Streams and
   * sessions have no beams. transformers' {@code num_beams}.
   */
  public int numBeams() {
    return get("numBeams", 1);
  }

  /** A copy with this value for {@link #numBeams()}. */
  public GenerationConfig numBeams(int numBeams) {
    return with("numBeams", numBeams);
  }

  /**
   * The exponent of the length in beam search: the score of a completion is the sum of its
   * log-probabilities, divided by its length in tokens to this power. Any number, and 1 by default.
   * The sum is below 0, so a value above 0 favours long completions, and below 0 short ones. It has
   * no effect without beams. transformers' {@code length_penalty}.
   */
  public double lengthPenalty() {
    return get("lengthPenalty", 1.0);
  }

  /** A copy with this value for {@link #lengthPenalty()}. */
  public GenerationConfig lengthPenalty(double lengthPenalty) {
    return with("lengthPenalty", lengthPenalty);
  }

  /**
   * The condition on which beam search ends, once there are {@link #numBeams()} complete beams;
   * {@link EarlyStopping#FALSE} by default. It ends in any case when no beam can go on. It has no
   * effect without beams. transformers' {@code early_stopping}.
   */
  public EarlyStopping earlyStopping() {
    return get("earlyStopping", EarlyStopping.FALSE);
  }

  /** A copy with this value for {@link #earlyStopping()}. */
  public GenerationConfig earlyStopping(EarlyStopping earlyStopping) {
    return with("earlyStopping", earlyStopping);
  }

  /**
   * The number of completions of each prompt: 1 or more, and 1 by default. With {@link
   * #numBeams()}, so many of the best ones, best first, and no more than beams; fewer where other
   * values rule out so many tokens that there are fewer. transformers' {@code
   * num_return_sequences}.
   */
  public int numReturnSequences() {
    return get("numReturnSequences", 1);
  }

  /** A copy with this value for {@link #numReturnSequences()}. */
  public GenerationConfig numReturnSequences(int numReturnSequences) {
    return with("numReturnSequences", numReturnSequences);
  }

  /**
   * The ids of the tokens that end the completion; an empty list for none. The model's by default.
   * transformers' {@code eos_token_id}.
   */
  public Optional<List<Integer>> eosTokenIds() {
    return get("eosTokenIds");
  }

  /** A copy with this value for {@link #eosTokenIds()}. */
  public GenerationConfig eosTokenIds(List<Integer> eosTokenIds) {
    return with("eosTokenIds", copy(eosTokenIds));
  }

  /**
   * The id of the padding token, which fills up the short ones of several sequences; 0 or more. The
   * model's by default. It has no effect here: padding is masked, whatever its id is. transformers'
   * {@code pad_token_id}.
   */
  public Optional<Integer> padTokenId() {
    return get("padTokenId");
  }

  /** A copy with this value for {@link #padTokenId()}. */
  public GenerationConfig padTokenId(int padTokenId) {
    return with("padTokenId", padTokenId);
  }

  /**
   * Texts that end the completion, and are left out of its streamed text; none by default. They are
   * looked for in the completion's text without special tokens: a special token that is to end the
   * completion belongs to {@link #eosTokenIds()}. transformers' {@code stop_strings}, which also
   * ends a completion whose beginning makes a stop string together with the prompt's last letters.
   */
  public List<String> stopStrings() {
    return get("stopStrings", List.of());
  }

  /** A copy with this value for {@link #stopStrings()}. */
  public GenerationConfig stopStrings(List<String> stopStrings) {
    return with("stopStrings", copy(stopStrings));
  }

  /**
   * The rule that the completion follows as a whole, such as a JSON schema. Not set by default.
   * What the rule leaves no choice in is read at once. An answer that the token limit cuts off is
   * not complete.
   */
  public Optional<ResponseFormat> responseFormat() {
    return get("responseFormat");
  }

  /** A copy with this value for {@link #responseFormat()}. */
  public GenerationConfig responseFormat(ResponseFormat responseFormat) {
    return with("responseFormat", responseFormat);
  }

  /**
   * The maximum number of tokens that prompt lookup drafts at a time, from what followed the same
   * tokens before, and that the model checks in one step: 1 or more. Not set by default, without
   * drafts. The completion is the same; one that copies from the prompt comes sooner. It has no
   * effect with beams or several completions. transformers' {@code prompt_lookup_num_tokens}.
   */
  public Optional<Integer> promptLookupNumTokens() {
    return get("promptLookupNumTokens");
  }

  /** A copy with this value for {@link #promptLookupNumTokens()}. */
  public GenerationConfig promptLookupNumTokens(int promptLookupNumTokens) {
    return with("promptLookupNumTokens", promptLookupNumTokens);
  }

  /** A copy that nobody changes. It may hold null: its {@link ConfigField} says what is wrong. */
  private static <T> List<T> copy(List<T> list) {
    return list == null ? null : Collections.unmodifiableList(new ArrayList<>(list));
  }

  private GenerationConfig with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(name, ConfigFields.named(name).checked(Objects.requireNonNull(value, name)));
    Map<String, RuntimeException> stillUnusable = new LinkedHashMap<>(unusable);
    stillUnusable.remove(name);
    return new GenerationConfig(changed, stillUnusable);
  }

  /** The value of that name, if it is set. Its {@link ConfigField} has seen to its type. */
  @SuppressWarnings("unchecked")
  private <T> Optional<T> get(String name) {
    return Optional.ofNullable((T) values.get(name));
  }

  @SuppressWarnings("unchecked")
  private <T> T get(String name, T byDefault) {
    return (T) values.getOrDefault(name, byDefault);
  }

  /**
   * The values that are set, by name: numbers, texts, truth values, and lists and maps of them, as
   * JSON has them. {@link #of(Map)} reads them.
   */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (ConfigField<?> field : ConfigFields.ALL) {
      get(field.name()).ifPresent(value -> map.put(field.name(), plain(value)));
    }
    return map;
  }

  /** A value as JSON has it. */
  private static Object plain(Object value) {
    if (value instanceof EarlyStopping early) {
      return early.word();
    }
    return value instanceof ResponseFormat format ? format.asMap() : value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GenerationConfig config && values.equals(config.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /**
   * The values that are set, for instance {@code GenerationConfig[maxNewTokens=1024,
   * doSample=true]}.
   */
  @Override
  public String toString() {
    return ConfigFields.ALL.stream()
        .map(ConfigField::name)
        .filter(values::containsKey)
        .map(name -> name + "=" + Visible.onOneLine(String.valueOf(values.get(name))))
        .collect(Collectors.joining(", ", "GenerationConfig[", "]"));
  }
}
