package dev.ovchat.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.DemoModel;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens may come next, on the demo model's vocabulary. */
class GrammarsTest {
  private static final ResponseFormat PERSON =
      ResponseFormat.jsonSchema(
          """
          {"type": "object", "properties": {"name": {"type": "string", "maxLength": 8},
           "age": {"type": "integer", "minimum": 0, "maximum": 120}},
           "required": ["name", "age"], "additionalProperties": false}""");

  private static Tokenizer tokenizer;
  private static Grammars grammars;
  private static int endToken;
  private static RandomAnswer random;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
    grammars = new Grammars(tokenizer, tokenizer.vocabSize());
    endToken = ModelDirectory.open(DemoModel.DIRECTORY).eosTokenIds().get(0);
    random = new RandomAnswer(tokenizer, grammars, endToken);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static FormatRule rule(ResponseFormat format) {
    return grammars.rule(format, List.of(endToken), 1);
  }

  private static int[] allowed(FormatRule rule, TokenIds completion) {
    float[] logits = new float[tokenizer.vocabSize()];
    rule.restrict(completion, logits);
    return RandomAnswer.allowed(logits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a-z]{3,9}",
        "(0|[1-9][0-9]*)\\.[0-9]{2}",
        "[äöüß€😀 ]{1,6}",
        "[^\\n]{0,20}\\n",
        "(?i)(hat|no)[.!]?",
        "(Mon|Tues|Wednes)day, [0-3]?[0-9] (May|June)",
        " leading space",
      })
  void answersMatchTheExpression(String regex) {
    for (int seed = 0; seed < 20; seed++) {
      RandomAnswer.Answer answer = random.of(ResponseFormat.regex(regex), seed, 200);
      assertThat(answer.isComplete()).as(answer.text()).isTrue();
      assertThat(answer.text()).matches(regex);
    }
  }

  @Test
  void answersAreOfTheSchema() {
    for (int seed = 0; seed < 20; seed++) {
      RandomAnswer.Answer answer = random.of(PERSON, seed, 200);
      assertThat(answer.isComplete()).isTrue();
      assertThat(answer.text())
          .matches("(?s)\\{\"name\": \"([^\"\\\\]|\\\\.){0,48}\", \"age\": [0-9]{1,3}}");
    }
  }

  @Test
  void choicesAreTakenToTheLetter() {
    List<String> choices = List.of("yes", "no", "\"quoted\"\n\\", "日本", "<|end|>", " yes", "i\"i");
    List<String> answers =
        IntStream.range(0, 60)
            .mapToObj(seed -> random.of(ResponseFormat.choices(choices), seed, 50).text())
            .toList();
    assertThat(choices).containsAll(answers);
    assertThat(answers.stream().distinct().count()).isGreaterThan(4);
  }

  @Test
  void aGrammarMayRecurse() {
    var format = ResponseFormat.lark("start: \"(\" start \")\" | \"x\"");
    for (int seed = 0; seed < 10; seed++) {
      RandomAnswer.Answer answer = random.of(format, seed, 300);
      int half = answer.text().length() / 2;
      assertThat(answer.text()).isEqualTo("(".repeat(half) + "x" + ")".repeat(half));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aFormatMayBeAPartOfAGrammar(ResponseFormat format) {
    var grammar = ResponseFormat.lark("start: \"<\" part \">\"\npart: " + format.asLarkRule());
    for (int seed = 0; seed < 10; seed++) {
      RandomAnswer.Answer answer = random.of(grammar, seed, 300);
      assertThat(answer.text()).startsWith("<").endsWith(">");
      String part = answer.text().substring(1, answer.text().length() - 1);
      try (FormatRule rule = rule(format)) {
        assertThat(allowed(rule, tokenizer.encode(part, EncodeOptions.AS_IT_IS)))
            .as(part)
            .contains(endToken);
      }
    }
  }

  static Stream<ResponseFormat> formats() {
    return Stream.of(
        PERSON,
        ResponseFormat.regex("[a/\\\\]{2}/\\/\\.\n[0-9]"),
        ResponseFormat.choices(List.of("a\nb", "\"c\" {")),
        ResponseFormat.lark("start: X Y\nX: \"{\"\nY: /[}]+/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$ref': '#/$defs/a~1b', '$defs': {'a/b': {'const': 'x'}}}",
        "{'$ref': '#/$defs/a~0b', '$defs': {'a~b': {'const': 'x'}, 'reference1': false}}",
        "{'$ref': '#/$defs/a~01b', '$defs': {'a~1b': {'const': 'x'}}}",
        "{'$ref': '#/$defs/%C3%A4%20b+c', '$defs': {'ä b+c': {'const': 'x'}}}",
        "{'$ref': '#/$defs/a~1b/anyOf/0', '$defs': {'a/b': {'anyOf': [{'const': 'x'}]}}}",
        "{'$ref': '#/$defs/a%zz', '$defs': {'a%zz': {'const': 'x'}}}",
      })
  void aReferenceMayHaveEscapes(String schema) {
    ResponseFormat format = ResponseFormat.jsonSchema(schema.replace('\'', '"'));
    assertThat(random.of(format, 1, 10).text()).isEqualTo("\"x\"");
    var part = ResponseFormat.lark("start: part\npart: " + format.asLarkRule());
    assertThat(random.of(part, 1, 10).text()).isEqualTo("\"x\"");
  }

  @Test
  void aReferenceWithEscapesMayLeadAroundItself() {
    var format =
        ResponseFormat.jsonSchema(
            """
            {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"anyOf": [{"const": {"$ref": "#/a~1b"}},
             {"type": "array", "items": {"$ref": "#/$defs/a~1b"}, "minItems": 1, "maxItems": 1}]}}}""");
    for (int seed = 0; seed < 10; seed++) {
      assertThat(random.of(format, seed, 300).text()).matches("\\[*\\{\"\\$ref\": \"#/a~1b\"}]*");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'const': 9007199254740993}",
        "{'enum': [[1], {'minimum': 1.00000000000000001}]}",
        "{'properties': {'const': {'type': 'integer', 'minimum': -9007199254740993}}}",
        "{'items': {'maximum': 1e400}}",
      })
  void aNumberThatWouldBeRoundedIsRefused(String schema) {
    ResponseFormat format = ResponseFormat.jsonSchema(schema.replace('\'', '"'));
    String sentence =
        "The JSON schema cannot be followed: \\w+ has the number [-+.0-9E]+, "
            + "which the grammar engine would round; it takes the numbers of a double\\.";
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> rule(format))
        .satisfies(e -> assertThat(e.getMessage()).matches(sentence));
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(format::asLarkRule)
        .satisfies(e -> assertThat(e.getMessage()).matches(sentence));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-4611686018427387904",
        "1152921504606846976",
        "9007199254740992",
        "0.1",
        "123456789012345000000",
      })
  void aNumberOfADoubleIsTakenAsItIs(String number) {
    assertThat(random.of(ResponseFormat.jsonSchema("{\"const\": " + number + "}"), 1, 40).text())
        .isEqualTo(number);
  }

  @Test
  void aBoundMayBeTheLargestLong() {
    var format =
        ResponseFormat.jsonSchema(
            "{\"type\": \"integer\", \"minimum\": 9223372036854775807, "
                + "\"maximum\": 9223372036854775807}");
    assertThat(random.of(format, 1, 40).text()).isEqualTo("9223372036854775807");
  }

  @Test
  void aSchemaThatIsNoJsonIsNoPartOfAGrammar() {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> ResponseFormat.jsonSchema("{\"type\":").asLarkRule())
        .withMessageStartingWith("The JSON schema cannot be read: ");
  }

  @Test
  void whatHasToComeIsForced() {
    try (FormatRule rule = rule(PERSON)) {
      int[] forced = rule.forced(TokenIds.of(), 100);
      String text = tokenizer.decode(TokenIds.of(forced), dev.ovchat.text.DecodeOptions.READABLE);
      assertThat("{\"name\": \"").startsWith(text);
      assertThat(text).startsWith("{\"name\"");
      assertThat(allowed(rule, TokenIds.of())).containsExactly(forced[0]);
      assertThat(rule.forced(TokenIds.of(), 2)).containsExactly(Arrays.copyOf(forced, 2));
      TokenIds some = TokenIds.of(forced).first(2);
      assertThat(allowed(rule, some)).containsExactly(forced[2]);
    }
  }

  @Test
  void specialTokensAreNoText() {
    try (FormatRule rule = rule(ResponseFormat.regex("(.|\\n)*"))) {
      int[] allowed = allowed(rule, TokenIds.of());
      int[] special =
          IntStream.range(0, tokenizer.vocabSize()).filter(tokenizer::isSpecial).toArray();
      assertThat(special).isNotEmpty();
      assertThat(Arrays.stream(allowed).filter(tokenizer::isSpecial).boxed())
          .containsExactly(endToken);
      assertThat(allowed.length).isGreaterThan(tokenizer.vocabSize() / 3);
    }
  }

  @Test
  void aGrammarMayAskForASpecialToken() {
    int assistant = tokenizer.encode("<|assistant|>").toArray()[0];
    try (FormatRule rule = rule(ResponseFormat.lark("start: \"a\" <|assistant|> \"b\""))) {
      TokenIds a = TokenIds.of(allowed(rule, TokenIds.of())[0]);
      assertThat(allowed(rule, a)).containsExactly(assistant);
    }
  }

  @Test
  void aCompletionThatTurnsBackIsFollowed() {
    TokenIds yes = encode("yes");
    TokenIds no = encode("no");
    var format = ResponseFormat.choices(List.of("yes", "no"));
    try (FormatRule rule = rule(format);
        FormatRule other = grammars.rule(format, List.of(endToken), 4)) {
      for (FormatRule one : List.of(rule, other)) {
        int[] atFirst = allowed(one, TokenIds.of());
        for (TokenIds ids : List.of(yes, no, yes.first(1), no, TokenIds.of(), yes)) {
          int[] next = allowed(one, ids);
          if (ids.isEmpty()) {
            assertThat(next).containsExactly(atFirst);
          } else if (ids.equals(yes) || ids.equals(no)) {
            assertThat(next).containsExactly(endToken);
          }
        }
      }
    }
  }

  private static TokenIds encode(String text) {
    int[] ids = new ContinuedText(tokenizer).apply(text);
    return TokenIds.of(ids);
  }

  @Test
  void aDraftIsCutWhereItLeavesTheFormat() {
    try (FormatRule rule = rule(ResponseFormat.regex("[a-z ]*"))) {
      int[] draft = tokenizer.encode("so it is 42", EncodeOptions.AS_IT_IS).toArray();
      int[] allowed = rule.allowed(TokenIds.of(), draft);
      assertThat(allowed.length).isBetween(2, draft.length - 1);
      assertThat(draft).startsWith(allowed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatIsAllowedAloneIsAllowedAmongAll(int seed) {
    TokenIds answer = random.of(PERSON, seed, 40).ids();
    for (int size = seed; size <= answer.size(); size += 5) {
      TokenIds completion = answer.first(size);
      try (FormatRule asked = rule(PERSON);
          FormatRule rule = rule(PERSON)) {
        int[] alone =
            IntStream.range(0, tokenizer.vocabSize())
                .filter(id -> id != endToken) // for which all are found out
                .filter(id -> asked.allows(completion, id))
                .toArray();
        int[] among =
            Arrays.stream(allowed(rule, completion)).filter(id -> id != endToken).toArray();
        assertThat(alone).containsExactly(among);
      }
    }
  }

  /** The ids of texts that were asked for are kept, and long ago ones forgotten. */
  @Test
  void textsAreCutAlikeHoweverOften() {
    var once = new ContinuedText(tokenizer);
    List<int[]> first = IntStream.range(0, 300).mapToObj(n -> once.apply("\", " + n)).toList();
    for (int number : new int[] {299, 0, 150, 0, 299}) {
      assertThat(once.apply("\", " + number))
          .isEqualTo(first.get(number))
          .isEqualTo(new ContinuedText(tokenizer).apply("\", " + number));
    }
  }

  @Test
  void whatIsCompleteIsSeen() {
    try (FormatRule rule = rule(ResponseFormat.choices(List.of("yes", "yesterday")))) {
      assertThat(rule.isComplete(encode("yes"))).isFalse();
      assertThat(allowed(rule, encode("yes"))).contains(endToken).hasSizeGreaterThan(1);
      assertThat(rule.isComplete(encode("yesterday"))).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{\"not\": {\"type\": \"string\"}} ! \"not\"",
        "{\"type\": \"array\", \"uniqueItems\": true} ! \"uniqueItems\"",
        "{\"if\": {}, \"then\": {}} ! \"if\"",
        "{\"type\": \"string\", \"format\": \"colour\"} ! colour",
        "{\"type\": \"colour\"} ! colour",
        "{\"$ref\": \"file:///etc/passwd\"} ! file:///etc/passwd",
        "{\"$ref\": \"http://localhost/schema\"} ! http://localhost/schema",
        "{\"$ref\": \"#/$defs/missing\"} ! missing",
        "{\"type\": \"integer\", \"minimum\": 3, \"maximum\": 2} ! minimum",
        "{\"type\": \"string\", \"pattern\": \"(\"} ! unclosed group",
        "{\"type\": ! not valid JSON",
        "[] ! object or boolean",
        "false ! ",
      })
  void schemasThatAreNotFollowedAreRefusedByName(String schema, String named) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> rule(ResponseFormat.jsonSchema(schema)))
        .withMessageStartingWith("The JSON schema cannot be followed: ")
        .withMessageContaining(named == null ? "" : named)
        .withMessageMatching("[^\n]*[^.]\\.");
    assertThat(random.of(PERSON, 1, 200).isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a{2,1}", "(?<=a)b", "(a)\\1", "[z-a]", "\\p{Nonsense}"})
  void expressionsThatAreNoneAreRefused(String regex) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> rule(ResponseFormat.regex(regex)))
        .withMessageStartingWith("The regular expression cannot be followed: ")
        .withMessageMatching(".*: regex parse error: [A-Za-z][^\n^]*\\.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "start", "start: missing", "begin: \"a\"", "start: \"a", "start: <|nobody|>"})
  void grammarsThatAreNoneAreRefused(String grammar) {
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> rule(ResponseFormat.lark(grammar)))
        .withMessageStartingWith("The Lark grammar cannot be followed: ")
        .withMessageNotContaining("\n");
  }
}
