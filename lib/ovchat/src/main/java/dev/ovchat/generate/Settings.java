package dev.ovchat.generate;

import dev.ovchat.checkpoint.GenerationConfigFile;
import java.util.List;
import java.util.Optional;

/** All that a {@link GenerationConfig} may hold, with the range of each value. */
final class Settings {
  static final Setting<Integer> MAX_NEW_TOKENS = Setting.wholeNumber("maxNewTokens", 1);
  static final Setting<Integer> MIN_NEW_TOKENS = Setting.wholeNumber("minNewTokens", 0);
  static final Setting<Integer> MAX_LENGTH = Setting.wholeNumber("maxLength", 1);

  static final Setting<Boolean> DO_SAMPLE = Setting.flag("doSample");
  static final Setting<Double> TEMPERATURE =
      Setting.number(
          "temperature", value -> value > 0, "above 0 (doSample(false) takes the likeliest token)");
  static final Setting<Integer> TOP_K = Setting.wholeNumber("topK", 0);
  static final Setting<Double> TOP_P = share("topP");
  static final Setting<Double> MIN_P = share("minP");
  static final Setting<Double> TYPICAL_P =
      Setting.number("typicalP", value -> value > 0 && value <= 1, "above 0 and at most 1");
  static final Setting<Long> SEED =
      new Setting<>("seed", value -> true, "a whole number", GenerationConfigFile::longInteger);

  static final Setting<Double> REPETITION_PENALTY =
      Setting.number("repetitionPenalty", value -> value > 0, "above 0");
  static final Setting<Double> PRESENCE_PENALTY = penalty("presencePenalty");
  static final Setting<Double> FREQUENCY_PENALTY = penalty("frequencyPenalty");
  static final Setting<Integer> NO_REPEAT_NGRAM_SIZE = Setting.wholeNumber("noRepeatNgramSize", 0);
  static final Setting<List<List<Integer>>> BAD_WORDS_IDS =
      new Setting<>(
          "badWordsIds",
          words -> words.stream().allMatch(word -> !word.isEmpty() && Setting.areIds(word)),
          "a list of lists of one or more ids of 0 or more",
          GenerationConfigFile::tokenIdLists);

  static final Setting<Integer> NUM_BEAMS = Setting.wholeNumber("numBeams", 1);
  static final Setting<Double> LENGTH_PENALTY =
      Setting.number("lengthPenalty", value -> true, "a finite number");
  static final Setting<EarlyStopping> EARLY_STOPPING =
      new Setting<>("earlyStopping", value -> true, "one of its values", Settings::earlyStopping);
  static final Setting<Integer> NUM_RETURN_SEQUENCES = Setting.wholeNumber("numReturnSequences", 1);

  static final Setting<List<Integer>> EOS_TOKEN_IDS = Setting.tokenIds("eosTokenIds");

  /** Some models have -1 in their file for "none". */
  static final Setting<Integer> PAD_TOKEN_ID =
      new Setting<>(
          "padTokenId",
          id -> id >= 0,
          "0 or more",
          (file, field) -> file.integer(field).filter(id -> id != -1));

  static final Setting<List<String>> STOP_STRINGS =
      new Setting<>(
          "stopStrings",
          texts -> texts.stream().noneMatch(String::isEmpty),
          "a list of texts of one or more characters",
          GenerationConfigFile::texts);

  static final Setting<Integer> PROMPT_LOOKUP_NUM_TOKENS =
      Setting.wholeNumber("promptLookupNumTokens", 1);

  static final List<Setting<?>> ALL =
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
          PROMPT_LOOKUP_NUM_TOKENS);

  private Settings() {}

  private static Setting<Double> share(String name) {
    return Setting.number(name, value -> value >= 0 && value <= 1, "from 0 to 1");
  }

  /** The range that OpenAI's API allows. */
  private static Setting<Double> penalty(String name) {
    return Setting.number(name, value -> value >= -2 && value <= 2, "from -2 to 2");
  }

  private static Optional<EarlyStopping> earlyStopping(GenerationConfigFile file, String field) {
    return file.word(field, List.of("true", "false", "never")).map(EarlyStopping::of);
  }
}
