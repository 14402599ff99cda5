package dev.ovchat.tokenizerfile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergePairsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]|[]",
        "[['a', 'b'], ['ab', 'c']]|['a b','ab c']",
        "[['', 'b'], ['a', ''], ['', '']]|[' b','a ',' ']",
        "[['▁', 'é'], ['日', '本']]|['▁ é','日 本']",
        "[['\\u00e9', '\\n'], ['\\\\', '\\\"']]|['é \\n','\\\\ \\\"']",
        "[['a', '#version']]|['a #version']",
        // Surrogates as they were: two that make a character, one that makes none.
        "[['🙂', '\\ud83d'], ['\\ude42', 'a']]|['\\uD83D\\uDE42 \\uD83D','\\uDE42 a']",
      })
  void areJoined(String pairs, String joined) throws IOException {
    assertThat(joined(pairs)).contains(joined.replace('\'', '"'));
  }

  @Test
  void ofAnyLengthAreJoined() throws IOException {
    String side = "a".repeat(300);
    assertThat(joined("[['%s', '%s']]".formatted(side, side)))
        .contains("[\"" + side + " " + side + "\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "['a b']",
        "[['a', 'b'], 'ab c']",
        "[['a ', 'b']]",
        "[['a', 'b'], ['a', '\\u0020']]",
        "[['#version', 'b']]",
        "[['a']]",
        "[[]]",
        "[['a', 'b', 'c']]",
        "[['a', 1]]",
        "[['a', ['b']]]",
        "[['a', 'b'], {'a': ['b']}, [['c', 'd']]]",
        "[null]",
      })
  void otherMergesStayAsTheyAre(String merges) throws IOException {
    assertThat(joined(merges)).isEmpty();
  }

  /** Joins merges that stand in an object, and requires that they are read to their end. */
  private static Optional<String> joined(String merges) throws IOException {
    String json = "{'merges': " + merges + ", 'next': 1}";
    try (JsonParser parser = new JsonFactory().createParser(json.replace('\'', '"'))) {
      parser.nextToken();
      parser.nextFieldName();
      parser.nextToken();
      Optional<TextPieces> joined = MergePairs.joined(parser);
      assertThat(parser.nextFieldName()).isEqualTo("next");
      return joined.map(text -> String.join("", text.list()));
    }
  }
}
