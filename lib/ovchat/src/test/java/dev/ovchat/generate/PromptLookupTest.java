package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
  private final PromptLookup lookup = new PromptLookup(4);

  private static TokenSequence sequence(int... ids) {
    return new TokenSequence(TokenIds.of(ids), 10);
  }

  @Test
  void guessesWhatFollowedTheSameThreeTokensLast() {
    assertThat(lookup.draft(sequence(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3), 9))
        .containsExactly(4, 5, 6, 7);
    assertThat(lookup.draft(sequence(1, 2, 3, 4, 1, 2, 3, 5, 6, 1, 2, 3), 9))
        .containsExactly(5, 6, 1, 2);
  }

  @Test
  void guessesNoMoreThanThereIsRoomForAndThanIsThere() {
    assertThat(lookup.draft(sequence(1, 2, 3, 4, 5, 1, 2, 3), 1)).containsExactly(4);
    assertThat(lookup.draft(sequence(1, 2, 3, 4, 5, 1, 2, 3), 0)).isEmpty();
    assertThat(lookup.draft(sequence(1, 2, 3, 4, 5, 1, 2, 3), -7)).isEmpty();
    assertThat(lookup.draft(sequence(8, 8, 8, 8), 9)).containsExactly(8);
  }

  @Test
  void guessesNothingWhereTwoTokensAreTheSame() {
    assertThat(lookup.draft(sequence(2, 3, 4, 5, 1, 2, 3), 9)).isEmpty();
    assertThat(lookup.draft(sequence(1), 9)).isEmpty();
  }

  @Test
  void guessesLessOftenTheMoreOftenItWasWrong() {
    TokenSequence tokens = sequence(1, 2, 3, 4, 1, 2, 3);
    assertThat(silentStepsAfterAWrongGuess(tokens)).isEqualTo(4);
    assertThat(silentStepsAfterAWrongGuess(tokens)).isEqualTo(8);
    for (int i = 0; i < 5; i++) {
      silentStepsAfterAWrongGuess(tokens);
    }
    assertThat(silentStepsAfterAWrongGuess(tokens)).isEqualTo(64);
    lookup.verified(4, 1);
    assertThat(silentStepsAfterAWrongGuess(tokens)).isEqualTo(4);
  }

  private int silentStepsAfterAWrongGuess(TokenSequence tokens) {
    lookup.verified(4, 0);
    int steps = 0;
    while (lookup.draft(tokens, 9).length == 0) {
      steps++;
    }
    return steps;
  }
}
