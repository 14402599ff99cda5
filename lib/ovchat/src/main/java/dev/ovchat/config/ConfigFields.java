package dev.ovchat.config;

import dev.ovchat.files.Excerpt;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.modeldir.GenerationConfigFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The fields that a {@link GenerationConfig} may hold, with the range of each value. */
final class ConfigFields {
  static final ConfigField<Integer> MAX_NEW_TOKENS =
      ConfigField.wholeNumber("maxNewTokens", 1, ConfigFields::length);
  static final ConfigField<Integer> MIN_NEW_TOKENS =
      ConfigField.wholeNumber("minNewTokens", 0, ConfigFields::least);
  static final ConfigField<Integer> MAX_LENGTH =
      ConfigField.wholeNumber("maxLength", 1, ConfigFields::length)
          .onlyIf(config -> config.maxNewTokens().isEmpty());

  static final ConfigField<Boolean> DO_SAMPLE = ConfigField.flag("doSample");
  static final ConfigField<Double> TEMPERATURE =
      ConfigField.number(
              "temperature",
              value -> value > 0,
              "above 0 (doSample(false) takes the most probable token)",
              (file, field) -> file.floating(field, 1))
          .onlyIf(GenerationConfig::doSample);
  static final ConfigField<Integer> TOP_K =
      ConfigField.wholeNumber("topK", 0, 0).onlyIf(GenerationConfig::doSample);
  static final ConfigField<Double> TOP_P = share("topP", ConfigFields::below1);
  static final ConfigField<Double> MIN_P = share("minP", GenerationConfigFile::number);
  static final ConfigField<Double> TYPICAL_P =
      ConfigField.number(
              "typicalP",
              value -> value > 0 && value <= 1,
              "above 0 and at most 1",
              ConfigFields::below1)
          .onlyIf(GenerationConfig::doSample);
  static final ConfigField<Long> SEED =
      new ConfigField<>(
          "seed", value -> true, "a whole number", JsonValue::wide, ConfigFields::unknown);

  static final ConfigField<Double> REPETITION_PENALTY =
      ConfigField.number(
          "repetitionPenalty",
          value -> value > 0,
          "above 0",
          (file, field) -> file.floating(field, 1));
  static final ConfigField<Double> PRESENCE_PENALTY = penalty("presencePenalty");
  static final ConfigField<Double> FREQUENCY_PENALTY = penalty("frequencyPenalty");
  static final ConfigField<Integer> NO_REPEAT_NGRAM_SIZE =
      ConfigField.wholeNumber("noRepeatNgramSize", 0, ConfigFields::countAboveZero);
  static final ConfigField<List<List<Integer>>> BAD_WORDS_IDS =
      new ConfigField<>(
          "badWordsIds",
          words -> words.stream().allMatch(word -> !word.isEmpty() && ConfigField.areIds(word)),
          "a list of lists of one or more ids of 0 or more",
          value -> JsonValue.list(value, word -> JsonValue.list(word, JsonValue::integer)),
          GenerationConfigFile::tokenIdLists);

  static final ConfigField<Integer> NUM_BEAMS = ConfigField.wholeNumber("numBeams", 1, 1);
  static final ConfigField<Double> LENGTH_PENALTY =
      ConfigField.number(
              "lengthPenalty", value -> true, "a finite number", GenerationConfigFile::number)
          .onlyIf(config -> config.numBeams() > 1);
  static final ConfigField<EarlyStopping> EARLY_STOPPING =
      new ConfigField<>(
          "earlyStopping",
          value -> true,
          "one of true, false and never",
          EarlyStopping::of,
          ConfigFields::earlyStopping);
  static final ConfigField<Integer> NUM_RETURN_SEQUENCES =
      ConfigField.wholeNumber("numReturnSequences", 1, ConfigFields::answers);

  static final ConfigField<List<Integer>> EOS_TOKEN_IDS = ConfigField.tokenIds("eosTokenIds");

  /** Id of the padding token. Some models have -1 in their file for "none". */
  static final ConfigField<Integer> PAD_TOKEN_ID =
      new ConfigField<>(
          "padTokenId",
          id -> id >= 0,
          "0 or more",
          JsonValue::integer,
          (file, field) ->
              file.number(field).isEmpty()
                  ? Optional.empty()
                  : file.tokenIds(field).flatMap(ids -> ids.stream().findFirst()));

  static final ConfigField<List<String>> STOP_STRINGS =
      new ConfigField<>(
          "stopStrings",
          texts -> texts.stream().noneMatch(String::isEmpty),
          "a list of texts of one or more characters",
          value -> JsonValue.list(value, String.class::cast),
          GenerationConfigFile::texts);

  static final ConfigField<ResponseFormat> RESPONSE_FORMAT =
      new ConfigField<>(
          "responseFormat",
          value -> true,
          "an object with one field, which is jsonSchema, regex, lark or choices",
          value -> ResponseFormat.of((Map<?, ?>) value),
          ConfigFields::unknown);

  static final ConfigField<Integer> PROMPT_LOOKUP_NUM_TOKENS =
      ConfigField.wholeNumber("promptLookupNumTokens", 1, 1);

  static final List<ConfigField<?>> ALL =
      List.of(
          MAX_NEW_TOKENS,
          MIN_NEW_TOKENS,
          MAX_LENGTH,
          DO_SAMPLE,
          TEMPERATURE,
          TOP_K,
          TOP_P,
          MIN_P,
          TYPICAL_P,
          SEED,
          REPETITION_PENALTY,
          PRESENCE_PENALTY,
          FREQUENCY_PENALTY,
          NO_REPEAT_NGRAM_SIZE,
          BAD_WORDS_IDS,
          NUM_BEAMS,
          LENGTH_PENALTY,
          EARLY_STOPPING,
          NUM_RETURN_SEQUENCES,
          EOS_TOKEN_IDS,
          PAD_TOKEN_ID,
          STOP_STRINGS,
          RESPONSE_FORMAT,
          PROMPT_LOOKUP_NUM_TOKENS);

  private ConfigFields() {}

  /** The field of a name in camelCase. */
  static ConfigField<?> named(String name) {
    return ALL.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new GenerationException(
                    "There is no setting %s; there are %s."
                        .formatted(
                            Excerpt.of(name),
                            ALL.stream()
                                .map(ConfigField::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static ConfigField<Double> share(String name, ConfigField.Reader<Double> reader) {
    return ConfigField.number(name, value -> value >= 0 && value <= 1, "from 0 to 1", reader)
        .onlyIf(GenerationConfig::doSample);
  }

  /** The range that OpenAI's API allows. */
  private static ConfigField<Double> penalty(String name) {
    return ConfigField.number(
        name, value -> value >= -2 && value <= 2, "from -2 to 2", ConfigFields::unknown);
  }

  /** transformers has no such field, and so a file's has no effect. */
  private static <T> Optional<T> unknown(GenerationConfigFile file, String field) {
    return Optional.empty();
  }

  /** Lengths are compared only, so that 4096.0 is as good as 4096. */
  private static Optional<Integer> length(GenerationConfigFile file, String field) {
    return file.number(field).map(length -> (int) Math.ceil(length)); // the largest int at most
  }

  /** A least length below 0 has no effect; it is added to the prompt's, and has to be whole. */
  private static Optional<Integer> least(GenerationConfigFile file, String field) {
    return file.number(field)
        .flatMap(
            n ->
                n == Double.NEGATIVE_INFINITY
                    ? Optional.of(0)
                    : file.count(field).map(count -> Math.max(0, count)));
  }

  /**
   * Number of completions. Without beams, less than one is one; with them transformers cuts off the
   * end.
   */
  private static Optional<Integer> answers(GenerationConfigFile file, String field) {
    boolean hasBeams = file.number("num_beams").filter(beams -> beams > 1).isPresent();
    return hasBeams
        ? file.count(field)
        : file.number(field).flatMap(n -> n < 1 ? Optional.of(1) : file.integer(field, 1));
  }

  /** transformers looks at the others only where they are above 0. */
  private static Optional<Integer> countAboveZero(GenerationConfigFile file, String field) {
    return file.number(field).flatMap(n -> n > 0 ? file.count(field) : Optional.of(0));
  }

  /** transformers looks at shares only where they are below 1. */
  private static Optional<Double> below1(GenerationConfigFile file, String field) {
    return file.number(field).map(share -> share < 1 ? share + 0.0 : 1);
  }

  private static Optional<EarlyStopping> earlyStopping(GenerationConfigFile file, String field) {
    return file.truthOr(field, "never").map(EarlyStopping::of);
  }
}
