package dev.ovchat.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.GoldenProcessors;
import dev.ovchat.GoldenProcessors.Chain;
import dev.ovchat.GoldenProcessors.Single;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same logits as transformers' processors of the same names, alone and one after the other. */
class LogitsProcessorGoldenTest {
  private static final GoldenProcessors GOLDEN = GoldenProcessors.read();
  private static final Offset<Float> TOLERANCE = Offset.strictOffset(1e-6f);

  @TempDir static Path folder;

  static List<Single> singles() {
    return GOLDEN.singles();
  }

  static List<Chain> chains() {
    return GOLDEN.chains();
  }

  @ParameterizedTest
  @MethodSource("singles")
  void givesWhatTransformersGives(Single golden) {
    LogitsProcessor processor = make(golden);
    TokenSequence tokens = tokens(golden.ids(), golden.promptSize());
    // Twice: a processor must not mind what it did before.
    for (int step = 0; step < 2; step++) {
      float[] logits = GOLDEN.logits(golden.row());
      processor.process(tokens, logits);
      assertSame(logits, golden.expected());
    }
  }

  @ParameterizedTest
  @MethodSource("chains")
  void appliesProcessorsInTransformersOrder(Chain golden) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), golden.config());
    GenerationConfig config = GenerationConfig.of(new ModelDirectory(folder));
    List<LogitsProcessor> processors = LogitsProcessors.of(config, List.of());
    assertThat(processors)
        .extracting(processor -> processor.getClass().getSimpleName())
        .containsExactlyElementsOf(golden.chain());

    float[] logits = GOLDEN.logits(golden.row());
    TokenSequence tokens = tokens(golden.ids(), golden.promptSize());
    processors.forEach(processor -> processor.process(tokens, logits));
    assertSame(logits, golden.expected());
  }

  @Test
  void thePenaltiesThatTransformersLacksComeAfterTheRepetitionPenalty() {
    var config =
        GenerationConfig.defaults()
            .presencePenalty(1)
            .repetitionPenalty(1.1)
            .noRepeatNgramSize(2)
            .frequencyPenalty(0);
    assertThat(LogitsProcessors.of(config, List.of()))
        .extracting(processor -> processor.getClass().getSimpleName())
        .containsExactly(
            "RepetitionPenaltyLogitsProcessor",
            "PresenceAndFrequencyPenaltyProcessor",
            "NoRepeatNGramLogitsProcessor");
  }

  @Test
  void greedyDefaultsLeaveTheLogitsAlone() {
    assertThat(LogitsProcessors.of(GenerationConfig.defaults(), List.of())).isEmpty();
  }

  private static LogitsProcessor make(Single golden) {
    double value = golden.value();
    int keep = golden.minTokensToKeep();
    return switch (golden.processor()) {
      case "TemperatureLogitsWarper" -> new TemperatureLogitsWarper(value);
      case "TopKLogitsWarper" -> new TopKLogitsWarper((int) value, keep);
      case "TopPLogitsWarper" -> new TopPLogitsWarper(value, keep);
      case "MinPLogitsWarper" -> new MinPLogitsWarper(value, keep);
      case "TypicalLogitsWarper" -> new TypicalLogitsWarper(value, keep);
      case "RepetitionPenaltyLogitsProcessor" -> new RepetitionPenaltyLogitsProcessor(value);
      case "PresenceAndFrequencyPenaltyProcessor" ->
          new PresenceAndFrequencyPenaltyProcessor(value, golden.frequency());
      case "NoRepeatNGramLogitsProcessor" -> new NoRepeatNGramLogitsProcessor((int) value);
      case "NoBadWordsLogitsProcessor" ->
          new NoBadWordsLogitsProcessor(golden.badWordsIds(), golden.eosTokenIds());
      case "MinNewTokensLengthLogitsProcessor" ->
          new MinNewTokensLengthLogitsProcessor((int) value, golden.eosTokenIds());
      default -> throw new IllegalArgumentException(golden.processor());
    };
  }

  private static TokenSequence tokens(List<Integer> ids, int promptSize) {
    int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
    int[] prompt = Arrays.copyOf(all, Math.min(promptSize, all.length));
    var tokens = new TokenSequence(TokenIds.of(prompt), all.length - prompt.length);
    Arrays.stream(all).skip(prompt.length).forEach(tokens::append);
    return tokens;
  }

  private static void assertSame(float[] logits, List<Float> expected) {
    float[] wanted = GoldenProcessors.array(expected);
    assertThat(logits).hasSameSizeAs(wanted);
    for (int id = 0; id < wanted.length; id++) {
      if (Float.isInfinite(wanted[id]) || Math.abs(wanted[id]) > 1000) {
        assertThat(logits[id]).as("id " + id).isEqualTo(wanted[id]);
      } else {
        assertThat(logits[id]).as("id " + id).isCloseTo(wanted[id], TOLERANCE);
      }
    }
  }
}
