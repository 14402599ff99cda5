package dev.ovchat.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.files.JsonText;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.modeldir.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {
  private static final GenerationConfig DEFAULTS = GenerationConfig.defaults();

  /** A config in which each value is set, to another one than the default. */
  private static final GenerationConfig ALL_SET =
      DEFAULTS
          .maxNewTokens(7)
          .minNewTokens(1)
          .maxLength(99)
          .doSample(true)
          .temperature(0.1)
          .topK(3)
          .topP(0.9)
          .minP(0.05)
          .typicalP(0.95)
          .seed(Long.MIN_VALUE)
          .repetitionPenalty(1.1)
          .presencePenalty(-0.5)
          .frequencyPenalty(2)
          .noRepeatNgramSize(3)
          .badWordsIds(List.of(List.of(1, 2), List.of(3)))
          .numBeams(2)
          .lengthPenalty(-1)
          .earlyStopping(EarlyStopping.NEVER)
          .numReturnSequences(2)
          .eosTokenIds(List.of())
          .padTokenId(0)
          .stopStrings(List.of("\n", "안"))
          .promptLookupNumTokens(10)
          .responseFormat(ResponseFormat.choices(List.of("yes", "no")));

  @TempDir Path folder;

  @Test
  void defaultsAreTransformers() {
    assertThat(DEFAULTS.maxNewTokens()).isEmpty();
    assertThat(DEFAULTS.maxLength()).isEmpty();
    assertThat(DEFAULTS.minP()).isEmpty();
    assertThat(DEFAULTS.seed()).isEmpty();
    assertThat(DEFAULTS.eosTokenIds()).isEmpty();
    assertThat(DEFAULTS.padTokenId()).isEmpty();
    assertThat(DEFAULTS.doSample()).isFalse();
    assertThat(DEFAULTS.topK()).isEqualTo(50);
    assertThat(DEFAULTS.temperature()).isEqualTo(1);
    assertThat(DEFAULTS.topP()).isEqualTo(1);
    assertThat(DEFAULTS.typicalP()).isEqualTo(1);
    assertThat(DEFAULTS.repetitionPenalty()).isEqualTo(1);
    assertThat(DEFAULTS.lengthPenalty()).isEqualTo(1);
    assertThat(DEFAULTS.numBeams()).isEqualTo(1);
    assertThat(DEFAULTS.numReturnSequences()).isEqualTo(1);
    assertThat(DEFAULTS.earlyStopping()).isEqualTo(EarlyStopping.FALSE);
    assertThat(DEFAULTS.minNewTokens()).isZero();
    assertThat(DEFAULTS.noRepeatNgramSize()).isZero();
    assertThat(DEFAULTS.presencePenalty()).isZero();
    assertThat(DEFAULTS.frequencyPenalty()).isZero();
    assertThat(DEFAULTS.badWordsIds()).isEmpty();
    assertThat(DEFAULTS.stopStrings()).isEmpty();
  }

  @Test
  void valuesComeBackFromAMapAndFromJson() {
    Map<String, Object> values = ALL_SET.asMap();
    assertThat(values).hasSameSizeAs(ConfigFields.ALL);
    assertThat(GenerationConfig.of(values)).isEqualTo(ALL_SET);
    assertThat(GenerationConfig.of(JsonText.map(JsonText.of(values)))).isEqualTo(ALL_SET);
    assertThat(GenerationConfig.of(DEFAULTS.earlyStopping(EarlyStopping.TRUE).asMap()))
        .isEqualTo(GenerationConfig.of(Map.of("earlyStopping", true)));
    assertThat(GenerationConfig.of(Map.of())).isEqualTo(DEFAULTS);
  }

  @Test
  void eachMethodGivesTheValueOfItsName() throws ReflectiveOperationException {
    for (var value : ALL_SET.asMap().entrySet()) {
      var method = GenerationConfig.class.getMethod(value.getKey());
      var alone = GenerationConfig.of(Map.of(value.getKey(), value.getValue()));
      assertThat(method.invoke(alone))
          .describedAs(value.getKey())
          .isEqualTo(method.invoke(ALL_SET))
          .isNotEqualTo(method.invoke(DEFAULTS));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"topq\": 1} | There is no setting topq; there are maxNewTokens, minNewTokens, ",
        "{\"topP\": 1.5} | topP is 1.5; it has to be from 0 to 1.",
        "{\"topP\": \"much\"} | topP is much; it has to be from 0 to 1.",
        "{\"topP\": null} | topP is null; it has to be from 0 to 1.",
        "{\"maxNewTokens\": 1.5} | maxNewTokens is 1.5; it has to be 1 or more.",
        "{\"maxNewTokens\": 4294967297} | maxNewTokens is 4294967297; it has to be 1 or more.",
        "{\"maxNewTokens\": 1e999} | maxNewTokens is Infinity; it has to be 1 or more.",
        "{\"doSample\": \"true\"} | doSample is true; it has to be true or false.",
        "{\"seed\": 1e30} | seed is 1.0E30; it has to be a whole number.",
        "{\"earlyStopping\": \"soon\"} | earlyStopping is soon; it has to be one of true, false and never.",
        "{\"eosTokenIds\": 2} | eosTokenIds is 2; it has to be a list of ids of 0 or more.",
        "{\"badWordsIds\": [[]]} | badWordsIds is [[]]; it has to be a list of lists of one or more ids of 0 or more.",
        "{\"stopStrings\": [null]} | stopStrings is [null]; it has to be a list of texts of one or more characters.",
        "{\"stopStrings\": [3]} | stopStrings is [3]; it has to be a list of texts of one or more characters.",
      })
  void aMapsOtherValuesAreRefused(String json, String message) {
    assertThatThrownBy(() -> GenerationConfig.of(JsonText.map(json)))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aCallGivesACopy() {
    var changed = DEFAULTS.maxNewTokens(1024).doSample(true).temperature(0.7);
    assertThat(DEFAULTS.maxNewTokens()).isEmpty();
    assertThat(changed.maxNewTokens()).contains(1024);
    assertThat(changed)
        .hasToString("GenerationConfig[maxNewTokens=1024, doSample=true, temperature=0.7]");
    assertThat(changed).isEqualTo(DEFAULTS.temperature(0.7).doSample(true).maxNewTokens(1024));
    assertThat(changed)
        .hasSameHashCodeAs(DEFAULTS.temperature(0.7).doSample(true).maxNewTokens(1024));
    assertThat(changed).isNotEqualTo(changed.topK(3));
  }

  @Test
  void listsAreCopied() {
    List<Integer> word = new ArrayList<>(List.of(1));
    List<List<Integer>> words = new ArrayList<>(List.of(word));
    var config = DEFAULTS.badWordsIds(words).eosTokenIds(word).stopStrings(new ArrayList<>());
    word.add(2);
    words.clear();
    assertThat(config.badWordsIds()).containsExactly(List.of(1));
    assertThat(config.eosTokenIds()).contains(List.of(1));
  }

  @Test
  void readsEveryFieldOfTheModelsFile() throws IOException {
    write(
        """
        {"max_new_tokens": 1, "min_new_tokens": 2, "max_length": 3, "do_sample": true,
         "temperature": 0.4, "top_k": 5, "top_p": 0.6, "min_p": 0.7, "typical_p": 0.8,
         "repetition_penalty": 1.1,
         "no_repeat_ngram_size": 14, "bad_words_ids": [[15], [16, 17]], "num_beams": 18,
         "length_penalty": -1.9, "early_stopping": "never", "num_return_sequences": 20,
         "eos_token_id": [21, 22], "pad_token_id": 23, "stop_strings": ["24"],
         "prompt_lookup_num_tokens": 25,
         "transformers_version": "5.5.4", "bos_token_id": 1}
        """);
    assertThat(read())
        .isEqualTo(
            DEFAULTS
                .maxNewTokens(1)
                .minNewTokens(2)
                .maxLength(3)
                .doSample(true)
                .temperature(0.4)
                .topK(5)
                .topP(0.6)
                .minP(0.7)
                .typicalP(0.8)
                .repetitionPenalty(1.1)
                .noRepeatNgramSize(14)
                .badWordsIds(List.of(List.of(15), List.of(16, 17)))
                .numBeams(18)
                .lengthPenalty(-1.9)
                .earlyStopping(EarlyStopping.NEVER)
                .numReturnSequences(20)
                .eosTokenIds(List.of(21, 22))
                .padTokenId(23)
                .stopStrings(List.of("24"))
                .promptLookupNumTokens(25));
  }

  @Test
  void otherWaysToWriteThem() throws IOException {
    write(
        """
        {"temperature": 1, "early_stopping": true, "eos_token_id": 21, "pad_token_id": -1,
         "stop_strings": "end", "top_p": null, "bad_words_ids": null}
        """);
    assertThat(read())
        .isEqualTo(
            DEFAULTS
                .temperature(1)
                .earlyStopping(EarlyStopping.TRUE)
                .eosTokenIds(List.of(21))
                .stopStrings(List.of("end")));
  }

  @Test
  void explicitValuesOverrideTheModels() throws IOException {
    write("{\"do_sample\": true, \"temperature\": 0.4, \"eos_token_id\": 3}");
    GenerationConfig filled = DEFAULTS.temperature(1).maxNewTokens(7).filledFrom(read());
    assertThat(filled)
        .isEqualTo(DEFAULTS.temperature(1).maxNewTokens(7).doSample(true).eosTokenIds(List.of(3)));
  }

  /** transformers has no such fields. */
  @Test
  void whatTransformersDoesNotKnowIsNotRead() throws IOException {
    write(
        "{\"eos_token_id\": 1, \"seed\": 9, \"presence_penalty\": 1, \"frequency_penalty\":"
            + " \"x\"}");
    assertThat(read()).isEqualTo(DEFAULTS.eosTokenIds(List.of(1)));
  }

  @Test
  void whatCannotBeUsedIsRefusedOnlyOnceItHasAnEffect() throws IOException {
    write("{\"eos_token_id\": 1, \"top_k\": -1, \"temperature\": 0}");
    GenerationConfig model = read();
    model.requireUsable();
    DEFAULTS.doSample(true).topK(5).temperature(0.5).filledFrom(model).requireUsable();
    assertThatThrownBy(
            () -> DEFAULTS.doSample(true).temperature(1).filledFrom(model).requireUsable())
        .isInstanceOf(GenerationException.class)
        .hasMessageEndingWith("topK is -1; it has to be 0 or more.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"temperature": 0.0, "do_sample": true}       | temperature is 0.0; it has to be above 0 (doSample(false) takes the most probable token).
          {"temperature": 1e999, "do_sample": true}     | temperature is Infinity; it has to be above 0 (doSample(false) takes the most probable token).
          {"top_p": -0.5, "do_sample": true} | topP is -0.5; it has to be from 0 to 1.
          {"top_k": -1, "do_sample": true} | topK is -1; it has to be 0 or more.
          {"num_beams": 0}           | numBeams is 0; it has to be 1 or more.
          {"bad_words_ids": [[]]}    | badWordsIds is [[]]; it has to be a list of lists of one or more ids of 0 or more.
          """)
  void aValueOutOfRangeIsRefusedWithItsFile(String json, String message) throws IOException {
    write(json.replace("{", "{\"eos_token_id\": 1, "));
    assertThatThrownBy(this::read)
        .isInstanceOf(GenerationException.class)
        .hasMessage(folder.resolve("generation_config.json") + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"temperature": "warm", "do_sample": true} | temperature is not a number with a point, such as 2.0 but "warm".
          {"top_k": 50.5, "do_sample": true} | top_k is not a whole number without a point but 50.5.
          {"top_k": "many"}              | top_k is not a number but "many".
          {"num_beams": 2.0}             | num_beams is not a whole number without a point but 2.0.
          {"early_stopping": "soon"}     | early_stopping is not true, false or "never" but "soon".
          {"bad_words_ids": [1]}         | bad_words_ids is not a list of lists of ids but [1].
          {"bad_words_ids": [["a"]]}     | bad_words_ids is not a whole number but "a".
          {"stop_strings": [1]}          | stop_strings is not a text or a list of texts but [1].
          """)
  void aValueOfAnotherKindIsRefusedWithItsFile(String json, String message) throws IOException {
    write(json);
    assertThatThrownBy(this::read)
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(folder.resolve("generation_config.json") + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"min_length\": 5",
        "\"suppress_tokens\": [3]",
        "\"forced_eos_token_id\": 0",
        "\"max_time\": 0",
        "\"encoder_repetition_penalty\": 1.5",
        "\"guidance_scale\": 0",
        "\"remove_invalid_values\": true"
      })
  void aFieldThatWouldChangeAnswersIsNotLeftOut(String field) throws IOException {
    write("{\"eos_token_id\": 1, " + field + "}");
    assertThatThrownBy(this::read)
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "%s sets %s, which ovchat does not have: answers would be others than in Python. Take the field out of the file to go on without it."
                .formatted(
                    folder.resolve("generation_config.json"),
                    field.substring(1, field.indexOf(':') - 1)));
  }

  @Test
  void fieldsThatAreOffOrChangeNothingAreLeftOut() throws IOException {
    write(
        """
        {"eos_token_id": 1, "min_length": -1, "penalty_alpha": -0.5, "max_time": null, "suppress_tokens": null,
         "sequence_bias": [], "encoder_repetition_penalty": 1.0, "guidance_scale": 1, "remove_invalid_values": false,
         "use_cache": false, "output_scores": true, "bos_token_id": 4, "_from_model_config": true}
        """);
    assertThat(read()).isEqualTo(DEFAULTS.eosTokenIds(List.of(1)));
  }

  static List<Arguments> outOfRange() {
    return List.of(
        row(config -> config.maxNewTokens(0), "maxNewTokens is 0; it has to be 1 or more."),
        row(config -> config.minNewTokens(-1), "minNewTokens is -1; it has to be 0 or more."),
        row(config -> config.maxLength(0), "maxLength is 0; it has to be 1 or more."),
        row(
            config -> config.temperature(Double.NaN),
            "temperature is NaN; it has to be above 0 (doSample(false) takes the most probable"
                + " token)."),
        row(config -> config.topK(-3), "topK is -3; it has to be 0 or more."),
        row(config -> config.topP(-0.1), "topP is -0.1; it has to be from 0 to 1."),
        row(config -> config.minP(1.1), "minP is 1.1; it has to be from 0 to 1."),
        row(config -> config.typicalP(0), "typicalP is 0.0; it has to be above 0 and at most 1."),
        row(
            config -> config.repetitionPenalty(0),
            "repetitionPenalty is 0.0; it has to be above 0."),
        row(
            config -> config.presencePenalty(2.1),
            "presencePenalty is 2.1; it has to be from -2 to 2."),
        row(
            config -> config.frequencyPenalty(-3),
            "frequencyPenalty is -3.0; it has to be from -2 to 2."),
        row(
            config -> config.noRepeatNgramSize(-1),
            "noRepeatNgramSize is -1; it has to be 0 or more."),
        row(
            config -> config.badWordsIds(List.of(List.of(1), List.of(-1))),
            "badWordsIds is [[1], [-1]]; it has to be a list of lists of one or more ids of 0 or"
                + " more."),
        row(config -> config.numBeams(0), "numBeams is 0; it has to be 1 or more."),
        row(
            config -> config.lengthPenalty(Double.POSITIVE_INFINITY),
            "lengthPenalty is Infinity; it has to be a finite number."),
        row(
            config -> config.numReturnSequences(0),
            "numReturnSequences is 0; it has to be 1 or more."),
        row(
            config -> config.eosTokenIds(List.of(-1)),
            "eosTokenIds is [-1]; it has to be a list of ids of 0 or more."),
        row(config -> config.padTokenId(-1), "padTokenId is -1; it has to be 0 or more."),
        row(
            config -> config.stopStrings(List.of("")),
            "stopStrings is [\"\"]; it has to be a list of texts of one or more characters."),
        row(
            config -> config.stopStrings(Arrays.asList("a", null)),
            "stopStrings is [\"a\", null]; it has to be a list of texts of one or more characters."),
        row(
            config -> config.eosTokenIds(Arrays.asList(1, null)),
            "eosTokenIds is [1, null]; it has to be a list of ids of 0 or more."),
        row(
            config -> config.badWordsIds(Arrays.asList(List.of(1), null)),
            "badWordsIds is [[1], null]; it has to be a list of lists of one or more ids of 0 or"
                + " more."));
  }

  private static Arguments row(UnaryOperator<GenerationConfig> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void aValueOutOfRangeIsRefused(UnaryOperator<GenerationConfig> change, String message) {
    assertThatThrownBy(() -> change.apply(DEFAULTS))
        .isInstanceOf(GenerationException.class)
        .hasMessage(message);
  }

  private GenerationConfig read() {
    return GenerationConfig.of(new ModelDirectory(folder));
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json);
  }
}
