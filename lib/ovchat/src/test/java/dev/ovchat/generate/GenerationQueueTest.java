package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVinoException;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Each prompt of a queue gets the completion that it gets alone, whatever happens beside it. */
@Slow
class GenerationQueueTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);

  /** An answer that goes on until it is stopped. */
  private static final GenerationConfig ENDLESS = GREEDY.maxNewTokens(1000).eosTokenIds(List.of());

  private static List<Completion> alone(GenerationConfig config) {
    return prompts.stream()
        .map(prompt -> model.generate(prompt, config).completions().get(0))
        .toList();
  }

  private static List<Completion> queued(GenerationQueue queue, GenerationConfig config) {
    List<CompletableFuture<Generation>> submitted =
        prompts.stream().map(prompt -> queue.submit(prompt, config)).toList();
    return submitted.stream().map(future -> future.join().completions().get(0)).toList();
  }

  /** A cache of so many blocks. */
  private static GenerationQueue queueOf(int blocks) {
    return model.newQueue(blocks * 32L * Float.BYTES * model.cacheNumbersPerToken());
  }

  @Test
  void givesEachPromptTheAnswerThatItGetsAlone() {
    try (var queue = model.newQueue()) {
      assertThat(queued(queue, GREEDY)).containsExactlyElementsOf(alone(GREEDY));
      var sampled = GREEDY.doSample(true).temperature(1.5).seed(7);
      assertThat(queued(queue, sampled)).containsExactlyElementsOf(alone(sampled));
    }
  }

  @Test
  void completionsThatMakeRoomForOthersLoseNothing() {
    int longest = prompts.stream().mapToInt(TokenIds::size).max().orElseThrow();
    var sampled = GREEDY.doSample(true).temperature(1.5).seed(7);
    int blocks = (longest + 60) / 32 + 2; // hardly more than the longest takes alone
    assertThat(prompts.stream().mapToInt(TokenIds::size).sum()).isGreaterThan(2 * 32 * blocks);
    try (var queue = queueOf(blocks)) {
      assertThat(queued(queue, sampled)).containsExactlyElementsOf(alone(sampled));
    }
  }

  @Test
  void aCompletionIsReadAgainWhenAnotherNeededItsBlocks() {
    var config = GREEDY.maxNewTokens(100).eosTokenIds(List.of());
    int blocks = (prompt.size() + 100 + 31) / 32;
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    try (var queue = queueOf(2 * blocks - 2)) { // both begin, and do not fit to their ends
      List<CompletableFuture<Generation>> both = new ArrayList<>();
      for (String name : List.of("first", "second")) {
        both.add(queue.submit(prompt.plus(encode(name)), config, listening(name, events)));
      }
      for (CompletableFuture<Generation> one : both) {
        Generation generation = one.join();
        assertThat(generation.completions())
            .isEqualTo(model.generate(generation.prompt(), config).completions());
      }
    }
    assertThat(events.indexOf("second begins")).isLessThan(events.indexOf("first ends"));
  }

  private static GenerationHooks listening(String name, List<String> events) {
    return GenerationHooks.none()
        .listener(
            new GenerationListener() {
              private boolean begun;

              @Override
              public void token(int id) {
                if (!begun) {
                  events.add(name + " begins");
                }
                begun = true;
              }

              @Override
              public void end() {
                events.add(name + " ends");
              }
            });
  }

  @Test
  void aPromptMayFillTheCacheToItsLastToken() {
    TokenIds whole = encode("a ".repeat(200)).first(96);
    try (var queue = queueOf(3)) {
      assertThat(queue.submit(whole, GREEDY.maxNewTokens(1)).join().completions())
          .isEqualTo(model.generate(whole, GREEDY.maxNewTokens(1)).completions());
    }
  }

  @Test
  void aListenerMaySubmitWhenItsCompletionStarts() {
    var second = new AtomicReference<CompletableFuture<Generation>>();
    try (var queue = model.newQueue()) {
      var first =
          queue.submit(
              prompt,
              GREEDY,
              GenerationHooks.none()
                  .listener(
                      new GenerationListener() {
                        @Override
                        public void start(GenerationConfig config) {
                          second.set(queue.submit(prompt, GREEDY));
                        }

                        @Override
                        public void token(int id) {}
                      }));
      List<Completion> expected = first.join().completions(); // by then the second is there
      assertThat(second.get().join().completions()).isEqualTo(expected);
    }
  }

  @Test
  void whatIsChainedToAGenerationMayWaitForAnother() {
    try (var queue = model.newQueue()) {
      var chained =
          queue.submit(prompt, GREEDY).thenApply(first -> queue.submit(prompt, GREEDY).join());
      assertThat(chained.join().completions())
          .isEqualTo(model.generate(prompt, GREEDY).completions());
    }
  }

  @Test
  void whatDoesNotFitTheCacheIsRefusedByItself() {
    try (var queue = queueOf(3)) {
      var tooLong = queue.submit(prompt, ENDLESS);
      var fits = queue.submit(prompt, GREEDY.maxNewTokens(8));
      assertThatThrownBy(tooLong::join)
          .hasCauseInstanceOf(GenerationException.class)
          .hasMessageContaining(
              "The KV cache holds 96 tokens, but this prompt and its answer have 97");
      assertThat(fits.join().completions())
          .isEqualTo(model.generate(prompt, GREEDY.maxNewTokens(8)).completions());
    }
  }

  /** It is submitted by the queue's own thread, so that no step passes before it has come. */
  @Test
  void aLateComerDoesNotWaitForTheOthers() {
    var steps = new AtomicInteger();
    var stepsToFirstToken = new CompletableFuture<Integer>();
    var first = new Cancellation();
    try (var queue = model.newQueue()) {
      var later =
          GenerationHooks.none().listener(id -> stepsToFirstToken.complete(steps.get() - 20));
      var endless =
          queue.submit(
              prompt,
              ENDLESS,
              GenerationHooks.none()
                  .cancellation(first)
                  .listener(
                      id -> {
                        if (steps.incrementAndGet() == 20) {
                          var unused = queue.submit(prompts.get(1), GREEDY, later);
                        }
                      }));
      assertThat(stepsToFirstToken.join()).isEqualTo(1);
      assertThat(endless.isDone()).isFalse();
      first.cancel();
      assertThat(endless.join().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void aCommonBeginningIsReadOnce() {
    TokenIds beginning = encode("<|system|>" + "You are a helpful AI assistant. ".repeat(12));
    TokenIds one = beginning.plus(encode("<|end|><|user|>who are you?<|end|><|assistant|>"));
    TokenIds other = beginning.plus(encode("<|end|><|user|>what is a token?<|end|><|assistant|>"));
    int common = one.commonPrefix(other);
    try (var queue = model.newQueue()) {
      assertThat(queue.submit(one, GREEDY).join().metrics().cachedTokens()).isZero();
      Generation second = queue.submit(other, GREEDY).join();
      assertThat(second.metrics().cachedTokens()).isEqualTo(common / 32 * 32);
      assertThat(second.completions()).isEqualTo(model.generate(other, GREEDY).completions());
      // The whole prompt is there already, but for the last token, whose logits are needed.
      TokenIds whole = one.first(32 * (one.size() / 32));
      assertThat(queue.submit(whole, GREEDY).join().completions())
          .isEqualTo(model.generate(whole, GREEDY).completions());
    }
  }

  @Test
  void severalCompletionsOfAPromptAreThoseOfGenerate() {
    var four = GREEDY.doSample(true).temperature(1.5).seed(40).numReturnSequences(4);
    try (var queue = model.newQueue()) {
      assertThat(queue.submit(prompt, four).join().completions())
          .hasSize(4)
          .isEqualTo(model.generate(prompt, four).completions());
    }
  }

  @Test
  void streamsText() {
    String text = tokenizer.decode(model.generate(prompt, GREEDY).ids(), DecodeOptions.READABLE);
    List<String> pieces = new ArrayList<>();
    try (var queue = model.newQueue();
        TextStream stream = queue.stream(prompt, GREEDY)) {
      stream.forEachRemaining(pieces::add);
      assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.END_TOKEN);
    }
    assertThat(pieces).hasSizeGreaterThan(5);
    assertThat(String.join("", pieces)).isEqualTo(text);
  }

  @Test
  void aStreamThatIsClosedEndsItsCompletion() {
    try (var queue = model.newQueue()) {
      TextStream stream = queue.stream(prompt, ENDLESS);
      assertThat(stream.next()).isNotEmpty();
      stream.close();
      assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(stream.generation().ids().size()).isLessThan(1000);
    }
  }

  @Test
  void aCancelledOneEndsAndTheOthersGoOn() {
    var cancellation = new Cancellation();
    try (var queue = model.newQueue()) {
      var stopped =
          queue.submit(
              prompt,
              ENDLESS,
              GenerationHooks.none()
                  .cancellation(cancellation)
                  .listener(
                      id -> {
                        if (id >= 0) {
                          cancellation.cancel();
                        }
                      }));
      var forgotten = queue.submit(prompt, ENDLESS);
      var other = queue.submit(prompts.get(1), GREEDY);
      assertThat(stopped.join().finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(stopped.join().ids().size()).isEqualTo(1);
      assertThat(forgotten.cancel(true)).isTrue();
      assertThat(other.join().completions())
          .isEqualTo(model.generate(prompts.get(1), GREEDY).completions());
    }
  }

  @Test
  void aHookThatFailsEndsItsOwnPromptAlone() {
    LogitsProcessor failing =
        (tokens, logits) -> {
          if (tokens.completionSize() == 3) {
            throw new IllegalStateException("at the fourth token");
          }
        };
    try (var queue = model.newQueue()) {
      var failed = queue.submit(prompt, GREEDY, GenerationHooks.none().logitsProcessor(failing));
      var other = queue.submit(prompt, GREEDY);
      assertThatThrownBy(failed::join).rootCause().hasMessage("at the fourth token");
      assertThat(other.join().completions())
          .isEqualTo(model.generate(prompt, GREEDY).completions());
    }
  }

  @Test
  void closingEndsWhatRunsAndWhatWaits() {
    List<CompletableFuture<Generation>> submitted = new ArrayList<>();
    GenerationQueue queue = model.newQueue();
    for (TokenIds one : prompts) {
      submitted.add(queue.submit(one, ENDLESS));
    }
    queue.close();
    queue.close();
    assertThat(submitted.stream().map(future -> future.join().finishReason()))
        .containsOnly(FinishReason.CANCELLED);
    assertThatThrownBy(() -> queue.submit(prompt, GREEDY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This queue is closed");
  }

  @Test
  void worksOnWhenItsModelIsClosed() {
    GenerationQueue queue;
    try (var own = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), CONFIG)) {
      queue = own.newQueue();
    }
    try (queue) {
      assertThat(queue.submit(prompt, GREEDY).join().completions())
          .isEqualTo(model.generate(prompt, GREEDY).completions());
    }
  }

  @Test
  void refusesWhatItCannotDo() {
    try (var queue = model.newQueue()) {
      assertThatThrownBy(() -> queue.submit(prompt, GREEDY.numBeams(2)))
          .isInstanceOf(GenerationException.class)
          .hasMessage(
              "numBeams is 2, but a queue generates without beams; set it to 1, or call generate.");
      assertThatThrownBy(() -> model.newQueue(0))
          .isInstanceOf(GenerationException.class)
          .hasMessageStartingWith("mostCacheBytes is 0; it has to be 1 or more");
      assertThatThrownBy(() -> queue.submit(TokenIds.of(), GREEDY))
          .isInstanceOf(GenerationException.class);
      assertThatThrownBy(() -> queue.stream(prompt, GREEDY.doSample(true).numReturnSequences(2)))
          .isInstanceOf(GenerationException.class)
          .hasMessageContaining("both have to be 1");
    }
    assertThatThrownBy(
            () -> CausalLM.load(DemoModel.DIRECTORY, new Device("AUTO"), CONFIG, CacheLayout.PAGED))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageContaining("Paged attention is there on the device CPU alone, and not on AUTO");
  }

  @Test
  void aStreamThatFailsSaysSoEachTimeItIsAsked() {
    try (var queue = model.newQueue();
        TextStream stream = queue.stream(prompt, GREEDY.maxNewTokens(4000))) {
      queue.close();
      while (stream.hasNext()) {
        stream.next();
      }
      assertThat(stream.hasNext()).isFalse();
      assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }
    try (var queue = queueOf(2);
        TextStream stream = queue.stream(prompt, ENDLESS)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> stream.forEachRemaining(piece -> {}))
            .isInstanceOf(GenerationException.class)
            .hasMessageContaining("The KV cache holds 64 tokens");
      }
    }
  }
}
