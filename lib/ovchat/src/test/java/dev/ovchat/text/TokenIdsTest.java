package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenIdsTest {

  @Test
  void neverChanges() {
    int[] source = {1, 2};
    TokenIds ids = TokenIds.of(source);
    source[0] = 9;
    ids.toArray()[1] = 9;
    assertThat(ids).isEqualTo(TokenIds.of(1, 2)).hasSameHashCodeAs(TokenIds.of(1, 2));
    assertThat(ids.toString()).isEqualTo("[1, 2]");
  }

  @Test
  void isJoined() {
    assertThat(TokenIds.of(1).plus(TokenIds.of(2, 3))).isEqualTo(TokenIds.of(1, 2, 3));
    assertThat(TokenIds.of().isEmpty()).isTrue();
    assertThat(TokenIds.of(1)).isNotEqualTo(TokenIds.of(2)).isNotEqualTo("[1]");
  }
}
