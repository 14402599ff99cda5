package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.text.TokenIds;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cannot fit the memory is refused before it runs; what does can be stopped at any time. */
@Slow
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequiredMemoryTest extends AccurateModelTest {
  private static final GenerationConfig SAMPLED = GenerationConfig.defaults().doSample(true);

  @Test
  void moreThanTheMemoryHoldsIsToldBeforeAnythingRuns() {
    assertRefused(
        List.of(prompt),
        SAMPLED.numBeams(10_000_000).maxNewTokens(500),
        "numBeams 10,000,000 takes ");
    assertRefused(
        List.of(prompt),
        SAMPLED.numReturnSequences(100_000_000),
        "numReturnSequences 100,000,000 for 1 prompts takes ");
    assertRefused(
        Collections.nCopies(10, prompt),
        SAMPLED.numReturnSequences(Integer.MAX_VALUE),
        "numReturnSequences 2,147,483,647 for 10 prompts takes ");
    assertRefused(
        List.of(prompt),
        GenerationConfig.defaults()
            .numBeams(Integer.MAX_VALUE)
            .numReturnSequences(Integer.MAX_VALUE)
            .maxNewTokens(Integer.MAX_VALUE),
        "numBeams 2,147,483,647 takes ");
  }

  private static void assertRefused(List<TokenIds> prompts, GenerationConfig config, String start) {
    assertThatThrownBy(() -> model.batchGenerate(prompts, config))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith(start)
        .hasMessageMatching(".* GB are free\\. Set it to give [\\d,]+ answers at once at most, .*");
  }

  @Test
  void whereNotEvenOneFitsTheAdviceIsAnother() {
    assertThat(new RequiredMemory(2, 4000).tooMuch("numBeams 2", "memory", 3e9, 1_000_000_000))
        .isEqualTo(
            "numBeams 2 takes 6.0 GB of memory for answers of up to 4,000 tokens with their prompts,"
                + " but only 1.0 GB are free. Not even one fits: set a smaller maxNewTokens.");
  }

  /** The demo model's: 6 layers with a key and a value of 4 heads of 64 numbers each. */
  @Test
  void theCachesSizeIsTheGraphs() {
    var directory = ModelDirectory.open(DemoModel.DIRECTORY);
    int perLayer = 2 * directory.config().hiddenSize();
    assertThat(directory.graph().cacheNumbersPerToken())
        .isEqualTo((long) directory.config().numHiddenLayers() * perLayer);
  }

  @Test
  void aRowCostsWhatItTakesAndNotMore() {
    assertThat(
            model.generate(prompt, SAMPLED.numReturnSequences(200).maxNewTokens(3)).completions())
        .hasSize(200);
  }

  @Test
  void manyBeamsAndManyAnswersHearAnInterrupt() throws Exception {
    assertEndsEarly(
        GenerationConfig.defaults().numBeams(100).maxNewTokens(1000).eosTokenIds(List.of()));
    assertEndsEarly(SAMPLED.numReturnSequences(100).maxNewTokens(1000).eosTokenIds(List.of()));
  }

  private static void assertEndsEarly(GenerationConfig config) throws Exception {
    var thread = new CompletableFuture<Thread>();
    CompletableFuture<Generation> generated =
        CompletableFuture.supplyAsync(
            () -> {
              thread.complete(Thread.currentThread());
              return model.generate(prompt, config);
            });
    Thread worker = thread.get(10, TimeUnit.MINUTES);
    TimeUnit.SECONDS.sleep(2); // in the middle of it; earlier or later would do as well
    worker.interrupt();
    Generation generation = generated.get(10, TimeUnit.MINUTES);
    assertThat(generation.completions())
        .allMatch(one -> one.finishReason() == FinishReason.CANCELLED);
  }
}
