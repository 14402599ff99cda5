package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept in a cache, taken back and guessed ahead: the answers stay the same. */
@Slow
class GenerationSessionTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);

  /** Generated once for each prompt and config. */
  private static final Map<List<Object>, TokenIds> ALONE = new HashMap<>();

  private static TokenIds alone(TokenIds prompt, GenerationConfig config) {
    return ALONE.computeIfAbsent(
        List.of(prompt, config), key -> model.generate(prompt, config).ids());
  }

  @Test
  void eachPromptGetsItsOwnAnswerOverOneCache() {
    try (GenerationSession session = model.newSession()) {
      for (TokenIds prompt : prompts) {
        assertThat(session.generate(prompt, GREEDY).ids()).isEqualTo(alone(prompt, GREEDY));
      }
    }
  }

  @Test
  void whatTwoPromptsHaveInCommonIsReadOnce() {
    TokenIds shared = prompts.get(0);
    try (GenerationSession session = model.newSession()) {
      assertThat(session.generate(shared, GREEDY).metrics().cachedTokens()).isZero();
      for (int id = 300; id < 310; id++) {
        TokenIds longer = shared.plus(TokenIds.of(id, id + 1));
        Generation output = session.generate(longer, GREEDY);
        assertThat(output.metrics().cachedTokens()).isGreaterThanOrEqualTo(shared.size());
        assertThat(output.ids()).isEqualTo(alone(longer, GREEDY));
      }
      // All of it is there, but the last token has to be read again for its logits.
      Generation again = session.generate(shared, GREEDY);
      assertThat(again.metrics().cachedTokens()).isEqualTo(shared.size() - 1);
      assertThat(again.ids()).isEqualTo(alone(shared, GREEDY));
    }
  }

  @Test
  void pastTheWindowTheSequenceIsReadAgain() {
    int window = model.config().slidingWindow().orElseThrow();
    int[] ids = IntStream.range(0, window - 40).map(i -> 260 + i * 7 % 1500).toArray();
    var config = GREEDY.maxNewTokens(24).eosTokenIds(List.of());
    try (GenerationSession session = model.newSession()) {
      // With the masked positions of two answers the window is full.
      for (int turn = 0; turn < 3; turn++) {
        ids[ids.length - 1 - turn] = 300 + turn;
        TokenIds prompt = TokenIds.of(ids);
        assertThat(session.generate(prompt, config).ids()).isEqualTo(alone(prompt, config));
      }
      TokenIds past = TokenIds.of(IntStream.range(0, 2500).map(i -> 260 + i * 7 % 1500).toArray());
      assertThat(session.generate(past, config).ids()).isEqualTo(alone(past, config));
      TokenIds edited = TokenIds.of(Arrays.copyOf(past.toArray(), 2400));
      Generation output = session.generate(edited, config);
      assertThat(output.ids()).isEqualTo(alone(edited, config));
      assertThat(output.metrics().cachedTokens()).isZero();
    }
  }

  @Test
  void draftsFromThePromptChangeNoToken() {
    int accepted = 0;
    for (int most : new int[] {1, 3, 10}) {
      for (TokenIds prompt : prompts) {
        Generation output = model.generate(prompt, GREEDY.promptLookupNumTokens(most));
        assertThat(output.ids()).isEqualTo(alone(prompt, GREEDY));
        accepted += output.metrics().acceptedTokens();
      }
    }
    assertThat(accepted).isPositive();
  }

  @Test
  void draftsChangeNoTokenThatIsDrawnOrPenalized() {
    var drawn =
        GREEDY.doSample(true).temperature(1.3).seed(3).repetitionPenalty(1.1).noRepeatNgramSize(4);
    for (TokenIds prompt : prompts) {
      assertThat(alone(prompt, drawn.promptLookupNumTokens(5))).isEqualTo(alone(prompt, drawn));
    }
  }

  @Test
  void theRightGuessesAreTakenAndTheWrongOnesLeft() {
    Random random = new Random(5);
    for (TokenIds prompt : prompts) {
      TokenIds answer = alone(prompt, GREEDY);
      int[] whole = prompt.plus(answer).toArray();
      Drafter oftenWrong =
          (tokens, most) -> {
            int end = Math.min(tokens.size() + Math.min(most, 6), whole.length);
            int[] draft = Arrays.copyOfRange(whole, tokens.size(), end);
            if (draft.length > 0 && random.nextBoolean()) {
              draft[random.nextInt(draft.length)] = 400 + random.nextInt(1000);
            }
            return draft;
          };
      var hooks = GenerationHooks.none().drafter(oftenWrong);
      try (GenerationSession session = model.newSession()) {
        assertThat(session.generate(prompt, GREEDY, hooks).ids()).isEqualTo(answer);
        assertThat(session.generate(prompt, GREEDY, hooks).ids()).isEqualTo(answer);
      }
    }
  }

  @Test
  void draftsStopAtTheWindowAndTheAnswerGoesOn() {
    int window = model.config().slidingWindow().orElseThrow();
    TokenIds prompt =
        TokenIds.of(IntStream.range(0, window - 60).map(i -> 260 + i * 7 % 1500).toArray());
    var config = GREEDY.maxNewTokens(100).eosTokenIds(List.of());
    Drafter wrong = (tokens, most) -> most < 1 ? new int[0] : new int[] {777};
    try (GenerationSession session = model.newSession()) {
      Generation output = session.generate(prompt, config, GenerationHooks.none().drafter(wrong));
      assertThat(output.ids()).isEqualTo(alone(prompt, config));
      assertThat(output.metrics().draftedTokens()).isBetween(10, 60);
    }
  }

  @Test
  void anAnswerThatWasCancelledLeavesTheSessionUsable() {
    TokenIds prompt = prompts.get(0);
    try (GenerationSession session = model.newSession()) {
      var cancelled = new Cancellation();
      cancelled.cancel();
      int context = model.config().maxPositionEmbeddings();
      TokenIds longest = TokenIds.of(IntStream.generate(() -> 300).limit(context - 1).toArray());
      assertThat(
              session
                  .generate(longest, GREEDY, GenerationHooks.none().cancellation(cancelled))
                  .finishReason())
          .isEqualTo(FinishReason.CANCELLED);
      assertThat(session.generate(prompt, GREEDY).ids()).isEqualTo(alone(prompt, GREEDY));

      var later = new Cancellation();
      session.generate(
          prompt,
          GREEDY,
          GenerationHooks.none().listener(id -> later.cancel()).cancellation(later));
      assertThat(session.generate(prompt, GREEDY).ids()).isEqualTo(alone(prompt, GREEDY));
    }
  }

  @Test
  void severalAnswersAtOnceAreRefused() {
    try (GenerationSession session = model.newSession()) {
      var config = GREEDY.doSample(true).numReturnSequences(2);
      assertThatThrownBy(() -> session.generate(prompts.get(0), config))
          .isInstanceOf(GenerationException.class)
          .hasMessageContaining("numReturnSequences is 2");
    }
  }

  @Test
  void aClosedSessionStaysClosed() {
    for (boolean used : new boolean[] {false, true}) {
      GenerationSession session = model.newSession();
      if (used) {
        session.generate(prompts.get(0), GREEDY);
      }
      session.close();
      session.close();
      for (TokenIds prompt : List.of(prompts.get(0), prompts.get(1), prompts.get(0))) {
        assertThatThrownBy(() -> session.generate(prompt, GREEDY))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "This chat or session is closed. Make it again; in a notebook, run its cell again.");
      }
    }
  }

  @Test
  void guessesThatAreNotAllowedAreRefused() {
    Drafter endless = (tokens, most) -> new int[most + 1];
    Drafter unknown = (tokens, most) -> new int[] {9999};
    try (GenerationSession session = model.newSession()) {
      assertThatThrownBy(
              () ->
                  session.generate(prompts.get(0), GREEDY, GenerationHooks.none().drafter(endless)))
          .isInstanceOf(GenerationException.class)
          .hasMessage("The draft has 59 tokens; it may have 58 at most.");
      assertThatThrownBy(
              () ->
                  session.generate(prompts.get(0), GREEDY, GenerationHooks.none().drafter(unknown)))
          .isInstanceOf(GenerationException.class)
          .hasMessageStartingWith("The draft holds the id 9999;");
    }
  }

  @Test
  void drafterLooksNoFurtherThanTheTokens() {
    Drafter curious =
        (tokens, most) -> {
          assertThat(most).isNotNegative();
          return new int[] {tokens.get(tokens.size())};
        };
    try (GenerationSession session = model.newSession()) {
      assertThatThrownBy(
              () ->
                  session.generate(prompts.get(0), GREEDY, GenerationHooks.none().drafter(curious)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
