package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void givesItsFirstIds() {
    TokenIds ids = TokenIds.of(4, 5, 6);
    assertThat(ids.first(2)).isEqualTo(TokenIds.of(4, 5));
    assertThat(ids.first(0)).isEqualTo(TokenIds.of());
    assertThat(ids.first(3)).isEqualTo(ids);
    assertThatThrownBy(() -> ids.first(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ids.first(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void countsTheIdsThatTwoBeginWith() {
    TokenIds ids = TokenIds.of(4, 5, 6);
    assertThat(ids.commonPrefix(TokenIds.of(4, 5, 7))).isEqualTo(2);
    assertThat(ids.commonPrefix(TokenIds.of(4, 5))).isEqualTo(2);
    assertThat(ids.commonPrefix(TokenIds.of(5))).isZero();
    assertThat(ids.commonPrefix(ids)).isEqualTo(3);
  }
}
