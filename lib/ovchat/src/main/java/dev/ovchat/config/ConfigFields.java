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
  /** All of them, in the order in which a config is shown. */
  static final List<ConfigField<?>> ALL =
      List.of(
          ConfigField.wholeNumber("maxNewTokens", 1, ConfigFields::length),
          ConfigField.wholeNumber("minNewTokens", 0, ConfigFields::least),
          ConfigField.wholeNumber("maxLength", 1, ConfigFields::length)
              .onlyIf(config -> config.maxNewTokens().isEmpty()),
          ConfigField.flag("doSample"),
          ConfigField.number(
                  "temperature",
                  value -> value > 0,
                  "above 0 (doSample(false) takes the most probable token)",
                  (file, field) -> file.floating(field, 1))
              .onlyIf(GenerationConfig::doSample),
          ConfigField.wholeNumber("topK", 0, 0).onlyIf(GenerationConfig::doSample),
          share("topP", ConfigFields::below1),
          share("minP", GenerationConfigFile::number),
          ConfigField.number(
                  "typicalP",
                  value -> value > 0 && value <= 1,
                  "above 0 and at most 1",
                  ConfigFields::below1)
              .onlyIf(GenerationConfig::doSample),
          new ConfigField<Long>(
              "seed", value -> true, "a whole number", JsonValue::wide, ConfigFields::unknown),
          ConfigField.number(
              "repetitionPenalty",
              value -> value > 0,
              "above 0",
              (file, field) -> file.floating(field, 1)),
          penalty("presencePenalty"),
          penalty("frequencyPenalty"),
          ConfigField.wholeNumber("noRepeatNgramSize", 0, ConfigFields::countAboveZero),
          new ConfigField<List<List<Integer>>>(
              "badWordsIds",
              words ->
                  words.stream()
                      .allMatch(
                          word -> word != null && !word.isEmpty() && ConfigField.areIds(word)),
              "a list of lists of one or more ids of 0 or more",
              value -> JsonValue.list(value, word -> JsonValue.list(word, JsonValue::integer)),
              GenerationConfigFile::tokenIdLists),
          ConfigField.wholeNumber("numBeams", 1, 1),
          ConfigField.number(
                  "lengthPenalty", value -> true, "a finite number", GenerationConfigFile::number)
              .onlyIf(config -> config.numBeams() > 1),
          new ConfigField<EarlyStopping>(
              "earlyStopping",
              value -> true,
              "one of true, false and never",
              EarlyStopping::of,
              ConfigFields::earlyStopping),
          ConfigField.wholeNumber("numReturnSequences", 1, ConfigFields::answers),
          ConfigField.tokenIds("eosTokenIds"),
          // Some models have -1 in their file for "none".
          new ConfigField<Integer>(
              "padTokenId",
              id -> id >= 0,
              "0 or more",
              JsonValue::integer,
              (file, field) ->
                  file.number(field).isEmpty()
                      ? Optional.empty()
                      : file.tokenIds(field).flatMap(ids -> ids.stream().findFirst())),
          new ConfigField<List<String>>(
              "stopStrings",
              texts -> texts.stream().noneMatch(text -> text == null || text.isEmpty()),
              "a list of texts of one or more characters",
              value -> JsonValue.list(value, String.class::cast),
              GenerationConfigFile::texts),
          new ConfigField<ResponseFormat>(
              "responseFormat",
              value -> true,
              "an object with one field, which is jsonSchema, regex, lark or choices",
              value -> ResponseFormat.of((Map<?, ?>) value),
              ConfigFields::unknown),
          ConfigField.wholeNumber("promptLookupNumTokens", 1, 1));

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
