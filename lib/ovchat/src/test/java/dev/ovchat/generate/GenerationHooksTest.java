package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.sampling.Sampler;
import dev.ovchat.sampling.TokenChoice;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules of one's own: what they change, where they stand, and what they may not do. */
class GenerationHooksTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(30);
  private static final GenerationHooks NONE = GenerationHooks.none();

  /** The mean of a token's logits does not matter to softmax; a rule that changes no token. */
  private static final LogitsProcessor SHIFT = (tokens, logits) -> addToAll(logits, 3);

  private static void addToAll(float[] logits, float value) {
    for (int id = 0; id < logits.length; id++) {
      logits[id] += value;
    }
  }

  private static LogitsProcessor ban(int banned) {
    return (tokens, logits) -> logits[banned] = LogitsProcessor.RULED_OUT;
  }

  @Test
  void aRuledOutTokenIsNeverChosenInAnyWayToGenerate() {
    int banned = model.generate(prompt, GREEDY).ids().get(0);
    for (GenerationConfig config :
        List.of(
            GREEDY,
            GREEDY.doSample(true).seed(1),
            GREEDY.doSample(true).numReturnSequences(3).seed(1),
            GREEDY.numBeams(3).numReturnSequences(3),
            GREEDY.promptLookupNumTokens(5))) {
      Generation output = model.generate(prompt, config, NONE.logitsProcessor(ban(banned)));
      for (Completion answer : output.completions()) {
        assertThat(answer.ids().toArray()).isNotEmpty().doesNotContain(banned);
      }
    }
    List<Generation> outputs =
        model.batchGenerate(prompts, GREEDY, NONE.logitsProcessor(ban(banned)));
    assertThat(outputs).hasSameSizeAs(prompts);
    outputs.forEach(output -> assertThat(output.ids().toArray()).doesNotContain(banned));
  }

  @Test
  void banningByARuleIsBanningByTheConfig() {
    int banned = model.generate(prompt, GREEDY).ids().get(0);
    var bannedByConfig = GREEDY.badWordsIds(List.of(List.of(banned)));
    for (int beams : new int[] {1, 4}) {
      assertThat(
              model
                  .generate(prompt, GREEDY.numBeams(beams), NONE.logitsProcessor(ban(banned)))
                  .ids())
          .isEqualTo(model.generate(prompt, bannedByConfig.numBeams(beams)).ids());
    }
  }

  @Test
  void aShiftOfAllLogitsChangesNothing() {
    var sampled = GREEDY.doSample(true).temperature(2).seed(4);
    assertThat(model.generate(prompt, sampled, NONE.logitsProcessor(SHIFT)).ids())
        .isEqualTo(model.generate(prompt, sampled).ids());
  }

  @Test
  void rulesComeInTheirOrderBetweenBansAndTemperature() {
    var seen = new ArrayList<float[]>();
    LogitsProcessor look = (tokens, logits) -> seen.add(logits.clone());
    var config =
        GREEDY
            .maxNewTokens(1)
            .doSample(true)
            .topK(1)
            .temperature(7)
            .badWordsIds(List.of(List.of(5)));
    model.generate(prompt, config, NONE.logitsProcessor(SHIFT).logitsProcessor(look));
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)[5]).isEqualTo(LogitsProcessor.RULED_OUT);
    var candidates = model.explain(prompt, GREEDY.maxNewTokens(1), 20).steps().get(0).candidates();
    assertThat(candidates)
        .allSatisfy(each -> assertThat(seen.get(0)[each.id()]).isEqualTo(each.logit() + 3));
  }

  @Test
  void aRuleSeesPromptAndAnswerSoFar() {
    var seen = new ArrayList<TokenIds>();
    LogitsProcessor look =
        (tokens, logits) ->
            seen.add(TokenIds.of(IntStream.range(0, tokens.size()).map(tokens::get).toArray()));
    Generation output = model.generate(prompt, GREEDY, NONE.logitsProcessor(look));
    assertThat(seen).hasSize(output.ids().size());
    int[] all = output.sequences().get(0).toArray();
    for (int step = 0; step < seen.size(); step++) {
      assertThat(seen.get(step).toArray())
          .containsExactly(Arrays.copyOf(all, prompt.size() + step));
    }
  }

  @Test
  void aSamplerOfOnesOwnChooses() {
    Sampler second =
        logits -> {
          logits[TokenChoice.mostProbable(logits)] = LogitsProcessor.RULED_OUT;
          return TokenChoice.mostProbable(logits);
        };
    var hooks = NONE.sampler(second);
    Explanation explanation =
        model.explain(prompt, TokenIds.of(), GREEDY.maxNewTokens(5), 3, hooks);
    Generation output = explanation.generation();
    assertThat(output.seed()).isEmpty();
    assertThat(explanation.steps())
        .allSatisfy(step -> assertThat(step.id()).isEqualTo(step.candidates().get(1).id()));
    try (GenerationSession session = model.newSession()) {
      assertThat(session.generate(prompt, GREEDY.maxNewTokens(5), hooks).ids())
          .isEqualTo(output.ids());
    }
  }

  @Test
  void whatASamplerWritesIsItsOwnCopy() {
    Sampler secondOrFirst =
        logits -> {
          int first = TokenChoice.mostProbable(logits);
          logits[first] = LogitsProcessor.RULED_OUT;
          assertThat(TokenChoice.mostProbable(logits)).isNotEqualTo(first);
          return first;
        };
    Sampler careless =
        logits -> {
          Arrays.fill(logits, 0);
          return 3;
        };
    var step =
        model
            .explain(prompt, TokenIds.of(), GREEDY.maxNewTokens(1), 3, NONE.sampler(secondOrFirst))
            .steps()
            .get(0);
    assertThat(step.processedProbability()).isEqualTo(step.probability());
    assertThat(step.candidates().get(0).isRuledOut()).isFalse();
    refused(
        NONE.logitsProcessor(ban(3)).sampler(careless),
        "Your sampler chose the id 3, which is ruled out; it has to choose one whose logit is not"
            + " minus infinity.");
  }

  @Test
  void aRuleThatUsesItsSessionEndsTheAnswer() {
    try (GenerationSession session = model.newSession()) {
      var ends = new ArrayList<Integer>();
      var listener =
          new GenerationListener() {
            @Override
            public void token(int id) {
              ends.add(0);
            }

            @Override
            public void end() {
              ends.add(1);
            }
          };
      LogitsProcessor nested =
          (tokens, logits) -> {
            if (tokens.completionSize() == 3) {
              session.generate(prompt, GREEDY.maxNewTokens(4));
            }
          };
      var config = GREEDY.promptLookupNumTokens(3);
      Generation output =
          session.generate(prompt, config, NONE.listener(listener).logitsProcessor(nested));
      assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(ends).containsExactly(0, 0, 0, 1);
      assertThat(session.generate(prompt, GREEDY).ids())
          .isEqualTo(model.generate(prompt, GREEDY).ids());
    }
  }

  @Test
  void explainShowsWhatARuleDid() {
    int banned = model.generate(prompt, GREEDY).ids().get(0);
    var step =
        model
            .explain(prompt, TokenIds.of(), GREEDY, 3, NONE.logitsProcessor(ban(banned)))
            .steps()
            .get(0);
    assertThat(step.candidates().get(0).id()).isEqualTo(banned);
    assertThat(step.candidates().get(0).isRuledOut()).isTrue();
    assertThat(step.id()).isEqualTo(step.candidates().get(1).id());
  }

  @Test
  void whatIsNotAllowedIsRefused() {
    refused(
        NONE.logitsProcessor((tokens, logits) -> logits[7] = Float.NaN),
        "A logits processor of your own made NaN, which is no number, of the logit of id 7 at token"
            + " 1 of the answer. To rule a token out, set LogitsProcessor.RULED_OUT.");
    refused(
        NONE.logitsProcessor((tokens, logits) -> Arrays.fill(logits, LogitsProcessor.RULED_OUT)),
        "No token is left at token 1 of the answer: badWordsIds, noRepeatNgramSize, minNewTokens"
            + " and logits processors of your own rule out all of them.");
    refused(
        NONE.sampler(logits -> 1984),
        "Your sampler chose the id 1984; this model's vocabulary allows 0 to 1983.");
    refused(
        NONE.logitsProcessor(ban(3)).sampler(logits -> 3),
        "Your sampler chose the id 3, which is ruled out; it has to choose one whose logit is not"
            + " minus infinity.");
    assertThatThrownBy(
            () -> model.generate(prompt, GREEDY.numBeams(4), NONE.sampler(Sampler.GREEDY)))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "numBeams is 4, but a sampler chooses one token at a time; it has to be 1, or leave"
                + " the sampler out.");
  }

  private static void refused(GenerationHooks hooks, String message) {
    assertThatThrownBy(() -> model.generate(prompt, GREEDY, hooks))
        .isInstanceOf(GenerationException.class)
        .hasMessage(message);
  }

  @Test
  void whatARuleThrowsEndsTheGenerationAndTheModelGoesOn() {
    var failure = new IllegalArgumentException("so");
    LogitsProcessor fails =
        (tokens, logits) -> {
          throw failure;
        };
    for (GenerationConfig config :
        List.of(GREEDY, GREEDY.numBeams(3), GREEDY.doSample(true).numReturnSequences(3))) {
      var ends = new ArrayList<Boolean>();
      var listener =
          new GenerationListener() {
            @Override
            public void token(int id) {}

            @Override
            public void end() {
              ends.add(true);
            }
          };
      var hooks = NONE.listener(listener).logitsProcessor(fails);
      assertThatThrownBy(() -> model.generate(prompt, config, hooks)).isSameAs(failure);
      assertThat(ends).as("ends told").hasSize(1);
    }
    assertThat(model.generate(prompt, GREEDY).ids()).isNotNull();
  }
}
