package dev.ovchat.config;

import static dev.ovchat.config.ConfigFields.BAD_WORDS_IDS;
import static dev.ovchat.config.ConfigFields.DO_SAMPLE;
import static dev.ovchat.config.ConfigFields.EARLY_STOPPING;
import static dev.ovchat.config.ConfigFields.EOS_TOKEN_IDS;
import static dev.ovchat.config.ConfigFields.FREQUENCY_PENALTY;
import static dev.ovchat.config.ConfigFields.LENGTH_PENALTY;
import static dev.ovchat.config.ConfigFields.MAX_LENGTH;
import static dev.ovchat.config.ConfigFields.MAX_NEW_TOKENS;
import static dev.ovchat.config.ConfigFields.MIN_NEW_TOKENS;
import static dev.ovchat.config.ConfigFields.MIN_P;
import static dev.ovchat.config.ConfigFields.NO_REPEAT_NGRAM_SIZE;
import static dev.ovchat.config.ConfigFields.NUM_BEAMS;
import static dev.ovchat.config.ConfigFields.NUM_RETURN_SEQUENCES;
import static dev.ovchat.config.ConfigFields.PAD_TOKEN_ID;
import static dev.ovchat.config.ConfigFields.PRESENCE_PENALTY;
import static dev.ovchat.config.ConfigFields.PROMPT_LOOKUP_NUM_TOKENS;
import static dev.ovchat.config.ConfigFields.REPETITION_PENALTY;
import static dev.ovchat.config.ConfigFields.RESPONSE_FORMAT;
import static dev.ovchat.config.ConfigFields.SEED;
import static dev.ovchat.config.ConfigFields.STOP_STRINGS;
import static dev.ovchat.config.ConfigFields.TEMPERATURE;
import static dev.ovchat.config.ConfigFields.TOP_K;
import static dev.ovchat.config.ConfigFields.TOP_P;
import static dev.ovchat.config.ConfigFields.TYPICAL_P;

import dev.ovchat.files.UnusableFileException;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.message.Visible;
import dev.ovchat.modeldir.GenerationConfigFile;
import dev.ovchat.modeldir.ModelDirectory;
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

  /** Values that are set, by field; each of the type that the field has. */
  private final Map<ConfigField<?>, Object> values;

  /** ConfigFields of a model's file whose value cannot be used, with the reason. */
  private final Map<ConfigField<?>, RuntimeException> unusable;

  private GenerationConfig(
      Map<ConfigField<?>, Object> values, Map<ConfigField<?>, RuntimeException> unusable) {
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
      config = config.withCast(ConfigFields.named(value.getKey()), value.getValue());
    }
    return config;
  }

  private <T> GenerationConfig withCast(ConfigField<T> field, Object value) {
    return with(field, field.of(value));
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
    Map<ConfigField<?>, Object> values = new LinkedHashMap<>();
    Map<ConfigField<?>, RuntimeException> unusable = new LinkedHashMap<>();
    file.number("top_k"); // which transformers compares before it asks whether anything is sampled
    for (ConfigField<?> field : ConfigFields.ALL) {
      try {
        field.read(file).ifPresent(value -> values.put(field, value));
      } catch (UnusableFileException | GenerationException e) {
        unusable.put(field, e);
      }
    }
    GenerationConfig config = new GenerationConfig(values, unusable);
    config.requireUsable();
    values.put(EOS_TOKEN_IDS, directory.eosTokenIds());
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
        (field, reason) -> {
          if (field.inForce().test(this)) {
            throw reason;
          }
        });
  }

  /** A copy in which the values that are not set here are those of the other config. */
  public GenerationConfig filledFrom(GenerationConfig other) {
    Map<ConfigField<?>, Object> filled = new LinkedHashMap<>(other.values);
    filled.putAll(values);
    Map<ConfigField<?>, RuntimeException> stillUnusable = new LinkedHashMap<>(other.unusable);
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
    return get(MAX_NEW_TOKENS);
  }

  /** A copy with this value for {@link #maxNewTokens()}. */
  public GenerationConfig maxNewTokens(int maxNewTokens) {
    return with(MAX_NEW_TOKENS, maxNewTokens);
  }

  /**
   * The minimum number of new tokens: 0 or more, and 0 by default. Up to it no end token is chosen.
   * transformers' {@code min_new_tokens}.
   */
  public int minNewTokens() {
    return get(MIN_NEW_TOKENS).orElse(0);
  }

  /** A copy with this value for {@link #minNewTokens()}. */
  public GenerationConfig minNewTokens(int minNewTokens) {
    return with(MIN_NEW_TOKENS, minNewTokens);
  }

  /**
   * The maximum length of the sequence, prompt and completion together, in tokens: 1 or more. Not
   * set by default. It has no effect where {@link #maxNewTokens()} is set, here or by the model.
   * transformers' {@code max_length}.
   */
  public Optional<Integer> maxLength() {
    return get(MAX_LENGTH);
  }

  /** A copy with this value for {@link #maxLength()}. */
  public GenerationConfig maxLength(int maxLength) {
    return with(MAX_LENGTH, maxLength);
  }

  /**
   * Returns whether the next token is sampled by its probability; otherwise it is the most probable
   * one. {@code false} by default. transformers' {@code do_sample}.
   */
  public boolean doSample() {
    return get(DO_SAMPLE).orElse(false);
  }

  /** A copy with this value for {@link #doSample()}. */
  public GenerationConfig doSample(boolean doSample) {
    return with(DO_SAMPLE, doSample);
  }

  /**
   * The number that the logits are divided by before a token is sampled: above 0, and 1 by default.
   * Below 1 the probable tokens are sampled more often, above 1 less often. transformers' {@code
   * temperature}.
   */
  public double temperature() {
    return get(TEMPERATURE).orElse(1.0);
  }

  /** A copy with this value for {@link #temperature()}. */
  public GenerationConfig temperature(double temperature) {
    return with(TEMPERATURE, temperature);
  }

  /**
   * The number of most probable tokens that may be sampled: 0 or more, and 50 by default; 0 for
   * all. transformers' {@code top_k}.
   */
  public int topK() {
    return get(TOP_K).orElse(50);
  }

  /** A copy with this value for {@link #topK()}. */
  public GenerationConfig topK(int topK) {
    return with(TOP_K, topK);
  }

  /**
   * The share of the probability that the tokens to sample from, the most probable ones, have to
   * make up: from 0 to 1, and 1 by default, which is all. transformers' {@code top_p}.
   */
  public double topP() {
    return get(TOP_P).orElse(1.0);
  }

  /** A copy with this value for {@link #topP()}. */
  public GenerationConfig topP(double topP) {
    return with(TOP_P, topP);
  }

  /**
   * The minimum probability of a token that may be sampled, as a share of the most probable one's:
   * from 0 to 1. Not set by default. transformers' {@code min_p}.
   */
  public Optional<Double> minP() {
    return get(MIN_P);
  }

  /** A copy with this value for {@link #minP()}. */
  public GenerationConfig minP(double minP) {
    return with(MIN_P, minP);
  }

  /**
   * The share of the probability that the tokens to sample from, the most typical ones, have to
   * make up: above 0 and at most 1, and 1 by default, which is all. Typical are those whose
   * surprise, -log p, is nearest to the expected one, the entropy. transformers' {@code typical_p}.
   */
  public double typicalP() {
    return get(TYPICAL_P).orElse(1.0);
  }

  /** A copy with this value for {@link #typicalP()}. */
  public GenerationConfig typicalP(double typicalP) {
    return with(TYPICAL_P, typicalP);
  }

  /**
   * The random seed: the same seed gives the same completion of the same prompt. Any whole number;
   * not set by default: then each completion has a new one, which {@code Generation.seed()}
   * returns. Of several completions of a prompt the first has this seed, and each of the others one
   * of its own, which {@code Answer.seed()} returns; those of one beam search share it.
   */
  public Optional<Long> seed() {
    return get(SEED);
  }

  /** A copy with this value for {@link #seed()}. */
  public GenerationConfig seed(long seed) {
    return with(SEED, seed);
  }

  /**
   * The number that the logits of tokens of prompt and completion are divided by, or multiplied by
   * where they are below 0: above 0, and 1 by default. Above 1 repetitions become rarer.
   * transformers' {@code repetition_penalty}.
   */
  public double repetitionPenalty() {
    return get(REPETITION_PENALTY).orElse(1.0);
  }

  /** A copy with this value for {@link #repetitionPenalty()}. */
  public GenerationConfig repetitionPenalty(double repetitionPenalty) {
    return with(REPETITION_PENALTY, repetitionPenalty);
  }

  /**
   * The amount subtracted from the logits of all tokens that the completion already has: from -2 to
   * 2, and 0 by default. From OpenAI's API; transformers has none.
   */
  public double presencePenalty() {
    return get(PRESENCE_PENALTY).orElse(0.0);
  }

  /** A copy with this value for {@link #presencePenalty()}. */
  public GenerationConfig presencePenalty(double presencePenalty) {
    return with(PRESENCE_PENALTY, presencePenalty);
  }

  /**
   * The amount subtracted from the logits of the completion's tokens for each time that they occur
   * in it: from -2 to 2, and 0 by default. From OpenAI's API; transformers has none.
   */
  public double frequencyPenalty() {
    return get(FREQUENCY_PENALTY).orElse(0.0);
  }

  /** A copy with this value for {@link #frequencyPenalty()}. */
  public GenerationConfig frequencyPenalty(double frequencyPenalty) {
    return with(FREQUENCY_PENALTY, frequencyPenalty);
  }

  /**
   * The size of the n-grams, in tokens, that may not occur twice in prompt and completion: 0 or
   * more, and 0 by default, which allows all. transformers' {@code no_repeat_ngram_size}.
   */
  public int noRepeatNgramSize() {
    return get(NO_REPEAT_NGRAM_SIZE).orElse(0);
  }

  /** A copy with this value for {@link #noRepeatNgramSize()}. */
  public GenerationConfig noRepeatNgramSize(int noRepeatNgramSize) {
    return with(NO_REPEAT_NGRAM_SIZE, noRepeatNgramSize);
  }

  /**
   * Sequences of token ids that may not be in the completion; none by default. transformers' {@code
   * bad_words_ids}.
   */
  public List<List<Integer>> badWordsIds() {
    return get(BAD_WORDS_IDS).orElse(List.of());
  }

  /** A copy with this value for {@link #badWordsIds()}. */
  public GenerationConfig badWordsIds(List<List<Integer>> badWordsIds) {
    return with(BAD_WORDS_IDS, badWordsIds.stream().map(List::copyOf).toList());
  }

  /**
   * The number of beams, the completions that beam search follows at once: 1 or more, and 1 by
   * default, which is not a search. The best ones are returned, with their {@code Answer.score()}.
   * With {@link #doSample()}, their continuations are sampled. Streams and sessions have no beams.
   * transformers' {@code num_beams}.
   */
  public int numBeams() {
    return get(NUM_BEAMS).orElse(1);
  }

  /** A copy with this value for {@link #numBeams()}. */
  public GenerationConfig numBeams(int numBeams) {
    return with(NUM_BEAMS, numBeams);
  }

  /**
   * The exponent of the length in beam search: the score of a completion is the sum of its
   * log-probabilities, divided by its length in tokens to this power. Any number, and 1 by default.
   * The sum is below 0, so a value above 0 favours long completions, and below 0 short ones. It has
   * no effect without beams. transformers' {@code length_penalty}.
   */
  public double lengthPenalty() {
    return get(LENGTH_PENALTY).orElse(1.0);
  }

  /** A copy with this value for {@link #lengthPenalty()}. */
  public GenerationConfig lengthPenalty(double lengthPenalty) {
    return with(LENGTH_PENALTY, lengthPenalty);
  }

  /**
   * The condition on which beam search ends, once there are {@link #numBeams()} complete beams;
   * {@link EarlyStopping#FALSE} by default. It ends in any case when no beam can go on. It has no
   * effect without beams. transformers' {@code early_stopping}.
   */
  public EarlyStopping earlyStopping() {
    return get(EARLY_STOPPING).orElse(EarlyStopping.FALSE);
  }

  /** A copy with this value for {@link #earlyStopping()}. */
  public GenerationConfig earlyStopping(EarlyStopping earlyStopping) {
    return with(EARLY_STOPPING, earlyStopping);
  }

  /**
   * The number of completions of each prompt: 1 or more, and 1 by default. With {@link
   * #numBeams()}, so many of the best ones, best first, and no more than beams; fewer where other
   * values rule out so many tokens that there are fewer. transformers' {@code
   * num_return_sequences}.
   */
  public int numReturnSequences() {
    return get(NUM_RETURN_SEQUENCES).orElse(1);
  }

  /** A copy with this value for {@link #numReturnSequences()}. */
  public GenerationConfig numReturnSequences(int numReturnSequences) {
    return with(NUM_RETURN_SEQUENCES, numReturnSequences);
  }

  /**
   * The ids of the tokens that end the completion; an empty list for none. The model's by default.
   * transformers' {@code eos_token_id}.
   */
  public Optional<List<Integer>> eosTokenIds() {
    return get(EOS_TOKEN_IDS);
  }

  /** A copy with this value for {@link #eosTokenIds()}. */
  public GenerationConfig eosTokenIds(List<Integer> eosTokenIds) {
    return with(EOS_TOKEN_IDS, List.copyOf(eosTokenIds));
  }

  /**
   * The id of the padding token, which fills up the short ones of several sequences; 0 or more. The
   * model's by default. It has no effect here: padding is masked, whatever its id is. transformers'
   * {@code pad_token_id}.
   */
  public Optional<Integer> padTokenId() {
    return get(PAD_TOKEN_ID);
  }

  /** A copy with this value for {@link #padTokenId()}. */
  public GenerationConfig padTokenId(int padTokenId) {
    return with(PAD_TOKEN_ID, padTokenId);
  }

  /**
   * Texts that end the completion, and are left out of its streamed text; none by default. They are
   * looked for in the completion's text without special tokens: a special token that is to end the
   * completion belongs to {@link #eosTokenIds()}. transformers' {@code stop_strings}, which also
   * ends a completion whose beginning makes a stop string together with the prompt's last letters.
   */
  public List<String> stopStrings() {
    return get(STOP_STRINGS).orElse(List.of());
  }

  /** A copy with this value for {@link #stopStrings()}. */
  public GenerationConfig stopStrings(List<String> stopStrings) {
    return with(STOP_STRINGS, List.copyOf(stopStrings));
  }

  /**
   * The rule that the completion follows as a whole, such as a JSON schema. Not set by default.
   * What the rule leaves no choice in is read at once. An answer that the token limit cuts off is
   * not complete.
   */
  public Optional<ResponseFormat> responseFormat() {
    return get(RESPONSE_FORMAT);
  }

  /** A copy with this value for {@link #responseFormat()}. */
  public GenerationConfig responseFormat(ResponseFormat responseFormat) {
    return with(RESPONSE_FORMAT, responseFormat);
  }

  /**
   * The maximum number of tokens that prompt lookup drafts at a time, from what followed the same
   * tokens before, and that the model checks in one step: 1 or more. Not set by default, without
   * drafts. The completion is the same; one that copies from the prompt comes sooner. It has no
   * effect with beams or several completions. transformers' {@code prompt_lookup_num_tokens}.
   */
  public Optional<Integer> promptLookupNumTokens() {
    return get(PROMPT_LOOKUP_NUM_TOKENS);
  }

  /** A copy with this value for {@link #promptLookupNumTokens()}. */
  public GenerationConfig promptLookupNumTokens(int promptLookupNumTokens) {
    return with(PROMPT_LOOKUP_NUM_TOKENS, promptLookupNumTokens);
  }

  private <T> GenerationConfig with(ConfigField<T> setting, T value) {
    Objects.requireNonNull(value, setting.toString());
    Map<ConfigField<?>, Object> changed = new LinkedHashMap<>(values);
    changed.put(setting, setting.checked(value, ""));
    Map<ConfigField<?>, RuntimeException> stillUnusable = new LinkedHashMap<>(unusable);
    stillUnusable.remove(setting);
    return new GenerationConfig(changed, stillUnusable);
  }

  /**
   * The value of a setting. Only {@link #with} and {@link ConfigField#read} put values in, both of
   * the setting's type.
   */
  @SuppressWarnings("unchecked")
  private <T> Optional<T> get(ConfigField<T> setting) {
    return Optional.ofNullable((T) values.get(setting));
  }

  /**
   * The values that are set, by name: numbers, texts, truth values, and lists and maps of them, as
   * JSON has them. {@link #of(Map)} reads them.
   */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (ConfigField<?> field : ConfigFields.ALL) {
      get(field).ifPresent(value -> map.put(field.name(), plain(value)));
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
        .filter(values::containsKey)
        .map(setting -> setting + "=" + Visible.onOneLine(String.valueOf(values.get(setting))))
        .collect(Collectors.joining(", ", "GenerationConfig[", "]"));
  }
}
