package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.ovchat.AccurateModelTest;
import dev.ovchat.GoldenSchemas;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.grammar.GrammarException;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.text.DecodeOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Answers by the schemas of JSON Schema's own test suite are valid, by another program's judgement.
 */
class SchemaSuiteTest extends AccurateModelTest {
  private static final Map<String, VersionFlag> DRAFTS =
      Map.of(
          "draft4", VersionFlag.V4, "draft7", VersionFlag.V7, "draft2020-12", VersionFlag.V202012);

  private static final SchemaValidatorsConfig WITH_FORMATS =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private static final double[] TEMPERATURES = {1, 3};

  @Test
  void someAnswersAreValid() {
    Outcome outcome = generate(30, 1);
    assertThat(outcome.invalid).isEmpty();
    assertThat(outcome.valid).as("%d cut off", outcome.cutOff).isGreaterThan(20);
  }

  @Slow
  @Test
  void twoHundredAnswersAreValid() {
    Outcome outcome = generate(200, 2);
    assertThat(outcome.invalid).isEmpty();
    assertThat(outcome.valid).as("%d cut off", outcome.cutOff).isGreaterThan(160);
  }

  private static final class Outcome {
    private final List<String> invalid = new ArrayList<>();
    private int valid;
    private int cutOff;
  }

  /** As many answers that came to an end, or were cut off. */
  private static Outcome generate(int answers, long seed) {
    List<GoldenSchemas.Case> cases = new ArrayList<>(GoldenSchemas.cases());
    cases.removeIf(one -> one.schema().contains("http://localhost")); // which the validator fetches
    Collections.shuffle(cases, new Random(seed));
    var outcome = new Outcome();
    for (int index = 0;
        outcome.valid + outcome.invalid.size() + outcome.cutOff < answers;
        index++) {
      GoldenSchemas.Case one = cases.get(index % cases.size());
      try {
        generate(one, seed + index, outcome);
      } catch (GrammarException e) {
        assertThat(e).hasMessageStartingWith("The JSON schema cannot be followed: ");
      }
    }
    return outcome;
  }

  private static void generate(GoldenSchemas.Case one, long seed, Outcome outcome) {
    GenerationConfig config =
        GenerationConfig.defaults()
            .maxNewTokens(100)
            .doSample(true)
            .temperature(TEMPERATURES[(int) (seed % TEMPERATURES.length)])
            .seed(seed)
            .responseFormat(ResponseFormat.jsonSchema(one.schema()));
    Generation generation = model.generate(prompts.get((int) (seed % prompts.size())), config);
    if (generation.finishReason() == FinishReason.LENGTH) {
      outcome.cutOff++;
      return;
    }
    String text = tokenizer.decode(generation.ids(), DecodeOptions.READABLE);
    if (validator(one).validate(text, InputFormat.JSON).isEmpty()) {
      outcome.valid++;
    } else {
      outcome.invalid.add(one + " gave " + text);
    }
  }

  private static JsonSchema validator(GoldenSchemas.Case one) {
    return JsonSchemaFactory.getInstance(DRAFTS.get(one.draft()))
        .getSchema(one.schema(), WITH_FORMATS);
  }
}
