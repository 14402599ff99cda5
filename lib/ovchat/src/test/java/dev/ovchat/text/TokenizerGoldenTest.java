package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.Golden;
import dev.ovchat.Golden.TokenizerCase;
import dev.ovchat.Golden.TokenizerCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same ids and the same text as transformers' AutoTokenizer: with the demo model's tokenizer,
 * and with one as large as Phi-3's, which also puts a start token in front.
 */
class TokenizerGoldenTest {
  private static final DecodeOptions KEEP = DecodeOptions.defaults();
  private static final DecodeOptions SKIP = KEEP.skipSpecialTokens(true);

  @TempDir static Path folder;
  private static Tokenizer demo;
  private static Tokenizer large;

  @BeforeAll
  static void load() throws IOException {
    demo = Tokenizer.load(DemoModel.DIRECTORY);
    Path directory = DemoModel.copyTo(folder.resolve("large"));
    Files.write(directory.resolve("tokenizer.json"), Golden.largeTokenizer());
    Path config = directory.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replaceFirst("\"vocab_size\": \\d+", "\"vocab_size\": 32064"));
    large = Tokenizer.load(directory);
  }

  @AfterAll
  static void close() {
    demo.close();
    large.close();
  }

  static Stream<Arguments> encodings() {
    return Stream.concat(
        Golden.demoTokenizer().encodings().stream().map(golden -> arguments("demo", golden)),
        Golden.largeTokenizerCases().encodings().stream()
            .map(golden -> arguments("large", golden)));
  }

  private static Arguments arguments(String name, TokenizerCase golden) {
    return Arguments.of(name, golden);
  }

  private static Tokenizer named(String name) {
    return name.equals("demo") ? demo : large;
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void encodesAndDecodesAsAutoTokenizer(String name, TokenizerCase golden) {
    var options = EncodeOptions.defaults().addSpecialTokens(golden.addSpecialTokens());
    TokenIds ids = named(name).encode(golden.text(), options);
    assertThat(ids.stream()).containsExactlyElementsOf(golden.ids());
    assertThat(named(name).decode(ids, KEEP)).isEqualTo(golden.decoded());
    assertThat(named(name).decode(ids, SKIP)).isEqualTo(golden.decodedWithoutSpecialTokens());
  }

  static Stream<Arguments> vocabularies() {
    return Stream.of(
        Arguments.of("demo", Named.of("its ids", Golden.demoTokenizer())),
        Arguments.of("large", Named.of("its ids", Golden.largeTokenizerCases())));
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void decodesEachIdAsAutoTokenizer(String name, TokenizerCases golden) {
    Tokenizer tokenizer = named(name);
    assertThat(tokenizer.vocabSize()).isEqualTo(golden.decodedIds().size());
    assertThat(
            IntStream.range(0, tokenizer.vocabSize()).mapToObj(id -> decode(tokenizer, id, KEEP)))
        .containsExactlyElementsOf(golden.decodedIds());
    assertThat(
            IntStream.range(0, tokenizer.vocabSize()).mapToObj(id -> decode(tokenizer, id, SKIP)))
        .containsExactlyElementsOf(golden.decodedIdsWithoutSpecialTokens());
  }

  private static String decode(Tokenizer tokenizer, int id, DecodeOptions options) {
    return tokenizer.decode(TokenIds.of(id), options);
  }
}
