package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.InferenceSession;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CausalLMTest {
  private static final GenerationConfig LONG = GenerationConfig.defaults().maxNewTokens(1024);
  private static final DecodeOptions KEEP = DecodeOptions.defaults();
  private static final DecodeOptions SKIP = KEEP.skipSpecialTokens(true);

  private static long beforeLoad;
  private static CausalLM model;
  private static Tokenizer tokenizer;
  private static TokenIds prompt;

  @BeforeAll
  static void load() {
    beforeLoad = System.nanoTime();
    model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
    prompt = tokenizer.encode(DemoModel.PROMPT, EncodeOptions.defaults().addSpecialTokens(false));
  }

  @AfterAll
  static void close() {
    model.close();
    tokenizer.close();
  }

  @Test
  void introducesItselfAndEndsByItself() {
    Generation output = model.generate(prompt, LONG);
    assertThat(tokenizer.decode(output.ids(), KEEP))
        .isEqualTo(
            "I am ovchat's small demo model. I was trained from nothing on dialogues written for"
                + " ovchat. I run on OpenVINO, called from Java. I can talk about the ten steps of"
                + " the notebook and little else.<|end|>");
    assertThat(output.finishReason()).isEqualTo(FinishReason.END_TOKEN);
    assertThat(output.prompt()).isEqualTo(prompt);
    assertThat(output.sequence()).isEqualTo(prompt.plus(output.ids()));
  }

  @Test
  void stopsAtMaxNewTokens() {
    Generation whole = model.generate(prompt, LONG);
    Generation cut = model.generate(prompt, LONG.maxNewTokens(5));
    assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(cut.ids().toArray()).isEqualTo(java.util.Arrays.copyOf(whole.ids().toArray(), 5));
  }

  @Test
  void anEndTokenInTheLastAllowedPlaceIsAnEnd() {
    Generation whole = model.generate(prompt, LONG);
    Generation exact = model.generate(prompt, LONG.maxNewTokens(whole.ids().size()));
    assertThat(exact.finishReason()).isEqualTo(FinishReason.END_TOKEN);
    assertThat(exact.ids()).isEqualTo(whole.ids());
  }

  @Test
  void otherEndTokensMayBeGiven() {
    int third = model.generate(prompt, LONG).ids().get(2);
    assertThat(model.generate(prompt, LONG.eosTokenIds(List.of(third))).ids().size()).isEqualTo(3);
    Generation endless = model.generate(prompt, LONG.maxNewTokens(100).eosTokenIds(List.of()));
    assertThat(endless.ids().size()).isEqualTo(100);
  }

  @Test
  void theListenerHearsEachTokenAndTheEnd() {
    List<Integer> heard = new ArrayList<>();
    var listener =
        new GenerationListener() {
          @Override
          public void token(int id) {
            heard.add(id);
          }

          @Override
          public void end() {
            heard.add(-1);
          }
        };
    Generation output = model.generate(prompt, LONG, GenerationHooks.none().listener(listener));
    assertThat(heard.remove(heard.size() - 1)).isEqualTo(-1);
    assertThat(heard).containsExactlyElementsOf(output.ids().stream().boxed().toList());
  }

  @Slow
  @Test
  void theContextBoundsPromptAndAnswer() {
    int context = model.config().maxPositionEmbeddings();
    TokenIds almostFull = TokenIds.of(IntStream.generate(() -> 300).limit(context - 3).toArray());
    Generation output = model.generate(almostFull, LONG.eosTokenIds(List.of()));
    assertThat(output.ids().size()).isEqualTo(3);
    assertThat(output.finishReason()).isEqualTo(FinishReason.LENGTH);

    TokenIds full = TokenIds.of(IntStream.generate(() -> 300).limit(context).toArray());
    assertThatThrownBy(() -> model.generate(full, LONG))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("4096 tokens; the model's context of 4096");
  }

  @Test
  void anEmptyPromptIsRefused() {
    assertThatThrownBy(() -> model.generate(TokenIds.of(), LONG))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("The prompt is empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1984, Integer.MAX_VALUE})
  void idsOutsideTheVocabularyAreRefused(int id) {
    assertThatThrownBy(() -> model.generate(TokenIds.of(1, id), LONG))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The prompt holds the id " + id + "; this model's vocabulary allows 0 to 1983.");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void maxNewTokensIsAtLeastOne(int maxNewTokens) {
    assertThatThrownBy(() -> LONG.maxNewTokens(maxNewTokens))
        .isInstanceOf(GenerationException.class)
        .hasMessage("maxNewTokens is " + maxNewTokens + "; it has to be 1 or more.");
  }

  @Slow
  @ParameterizedTest
  @ValueSource(strings = {"AUTO", "AUTO:CPU", "HETERO:CPU", "MULTI:CPU", "BATCH:CPU(4)"})
  void virtualDevicesGiveTheSameAnswer(String device) {
    try (var other = CausalLM.load(DemoModel.DIRECTORY, Device.of(device), DemoModel.CONFIG)) {
      assertThat(other.generate(prompt, LONG).ids()).isEqualTo(model.generate(prompt, LONG).ids());
      assertThat(other.device().name()).isEqualTo(device);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MULTI:CPU,CPU", "MULTI:CPU(2),CPU"})
  void devicesThatSpreadTheTokensOfOneAnswerAreRefused(String name) {
    assertThatThrownBy(() -> CausalLM.load(DemoModel.DIRECTORY, new Device(name), DemoModel.CONFIG))
        .isInstanceOf(GenerationException.class)
        .hasMessageStartingWith(name + " spreads inferences over several devices");
  }

  @Test
  void autoSpreadsWithItsThroughputHintOnly() {
    var cumulative = Map.of("PERFORMANCE_HINT", "CUMULATIVE_THROUGHPUT");
    assertThat(new Device("AUTO").spreadsInferences(cumulative)).isTrue();
    assertThat(new Device("AUTO:CPU").spreadsInferences(cumulative)).isFalse();
    assertThat(new Device("AUTO:-GPU").spreadsInferences(cumulative)).isTrue();
    assertThat(new Device("AUTO").spreadsInferences(DemoModel.CONFIG)).isFalse();
    assertThat(new Device("HETERO:GPU,CPU").spreadsInferences(cumulative)).isFalse();
  }

  @Test
  void aStreamerServesOneGenerationAfterTheOther() {
    var text = new StringBuilder();
    var streamer = TextStreamer.of(text::append);
    String answer =
        tokenizer.decode(
            model.generate(prompt, LONG, GenerationHooks.none().listener(streamer)).ids(), SKIP);
    model.generate(prompt, LONG, GenerationHooks.none().listener(streamer));
    assertThat(text.toString()).isEqualTo(answer + answer);
  }

  @Test
  void timesWhatItDoes() {
    // The listener hears of a token just after its time is taken, so the times lie between these.
    List<Long> heard = new ArrayList<>(List.of(System.nanoTime()));
    Metrics metrics =
        model
            .generate(
                prompt,
                LONG.maxNewTokens(20),
                GenerationHooks.none().listener(id -> heard.add(System.nanoTime())))
            .metrics();
    assertThat(heard).hasSize(21);
    assertThat(metrics.loadMillis()).isBetween(1.0, millis(beforeLoad, heard.get(0)));
    assertThat(metrics.firstTokenMillis())
        .isBetween(metrics.prefillMillis(), millis(heard.get(0), heard.get(1)));
    double least = millis(heard.get(1), heard.get(19)) / 19;
    double most = millis(heard.get(0), heard.get(20)) / 19;
    assertThat(metrics.perTokenMillis()).isBetween(least, most);
    assertThat(metrics.tokensPerSecond()).isBetween(1000 / most, 1000 / least);
    assertThat(model.generate(prompt, LONG.maxNewTokens(1)).metrics().tokensPerSecond()).isZero();
  }

  private static double millis(long from, long to) {
    return (to - from) / 1e6;
  }

  @Test
  void aClosedModelSaysSo() {
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), Map.of());
    other.close();
    other.close();
    assertThatThrownBy(() -> other.generate(prompt, LONG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This model is closed");
  }

  @Test
  void severalThreadsGenerateOnOneModel() {
    TokenIds alone = model.generate(prompt, LONG).ids();
    List<TokenIds> answers =
        IntStream.range(0, 8).parallel().mapToObj(i -> model.generate(prompt, LONG).ids()).toList();
    assertThat(answers).hasSize(8).containsOnly(alone);
  }

  @Test
  void aModelClosedWhileItGeneratesFinishesItsAnswer() {
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
    assertThat(
            other
                .generate(prompt, LONG, GenerationHooks.none().listener(id -> other.close()))
                .ids())
        .isEqualTo(model.generate(prompt, LONG).ids());
    assertThatThrownBy(() -> other.generate(prompt, LONG))
        .isInstanceOf(IllegalStateException.class);
  }

  @Slow
  @Test
  void aModelClosedByAnotherThreadWhileItGeneratesFinishesItsAnswer() throws Exception {
    GenerationConfig endless = LONG.maxNewTokens(500).eosTokenIds(List.of());
    TokenIds expected = model.generate(prompt, endless).ids();
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
    var tenth = new CountDownLatch(10);
    var answer =
        CompletableFuture.supplyAsync(
            () ->
                other
                    .generate(
                        prompt, endless, GenerationHooks.none().listener(id -> tenth.countDown()))
                    .ids());
    assertThat(tenth.await(10, TimeUnit.MINUTES)).isTrue();
    other.close();
    assertThat(answer.get()).isEqualTo(expected);
  }

  @Test
  void anInterruptEndsTheGenerationAndGivesWhatThereIs() {
    Generation whole = model.generate(prompt, LONG);
    Generation output =
        model.generate(
            prompt,
            LONG,
            GenerationHooks.none().listener(id -> Thread.currentThread().interrupt()));
    assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(output.ids()).isEqualTo(TokenIds.of(whole.ids().get(0)));
    assertThat(output.metrics().perTokenMillis()).isZero();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void anotherThreadCancels() throws Exception {
    GenerationConfig endless = LONG.maxNewTokens(4000).eosTokenIds(List.of());
    var cancellation = new Cancellation();
    var tenth = new CountDownLatch(10);
    var text = new StringBuilder();
    var streamer = TextStreamer.of(text::append);
    var listener =
        new GenerationListener() {
          @Override
          public void token(int id) {
            tenth.countDown();
          }

          @Override
          public void text(String piece) {
            streamer.text(piece);
          }

          @Override
          public void end() {
            streamer.end();
          }
        };
    var hooks = GenerationHooks.none().listener(listener).cancellation(cancellation);
    var output = CompletableFuture.supplyAsync(() -> model.generate(prompt, endless, hooks));
    assertThat(tenth.await(10, TimeUnit.MINUTES)).isTrue();
    cancellation.cancel();
    assertThat(output.get().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(output.get().ids().size()).isBetween(10, 3999);
    assertThat(text.toString()).isEqualTo(tokenizer.decode(output.get().ids(), SKIP));
  }

  @Slow
  @Test
  void aPromptThatIsBeingReadIsGivenUp() {
    int context = model.config().maxPositionEmbeddings();
    TokenIds longest = TokenIds.of(IntStream.generate(() -> 300).limit(context - 1).toArray());
    var cancellation = new Cancellation();
    var started = new CountDownLatch(1);
    var listener =
        new GenerationListener() {
          @Override
          public void start(GenerationConfig config) {
            Moments.whenInside(InferenceSession.class, "infer", cancellation::cancel);
            started.countDown();
          }

          @Override
          public void token(int id) {}
        };
    Generation output =
        model.generate(
            longest, LONG, GenerationHooks.none().listener(listener).cancellation(cancellation));
    assertThat(started.getCount()).isZero();
    assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(output.ids().isEmpty()).isTrue();
    assertThat(output.sequence()).isEqualTo(longest);
    // The model goes on with a new session.
    assertThat(model.generate(prompt, LONG).finishReason()).isEqualTo(FinishReason.END_TOKEN);
  }

  @Slow
  @Test
  void passesThatAreGivenUpLeaveTheModelWhole() {
    TokenIds text = TokenIds.of(IntStream.range(0, 1500).map(i -> 260 + i * 7 % 1500).toArray());
    TokenIds alone = model.generate(prompt, LONG).ids();
    int givenUp = 0;
    for (int delay = 5; delay <= 75; delay += 5) {
      Thread reader = Thread.currentThread();
      CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(reader::interrupt);
      try {
        model.score(text);
        while (!Thread.interrupted()) {
          Thread.onSpinWait();
        }
      } catch (GenerationException e) {
        givenUp++;
      }
      assertThat(model.generate(prompt, LONG).ids()).isEqualTo(alone);
    }
    assertThat(givenUp).isPositive();
  }

  @Test
  void whatIsCancelledBeforeItStartsReadsNothing() {
    var cancellation = new Cancellation();
    cancellation.cancel();
    Generation output =
        model.generate(prompt, LONG, GenerationHooks.none().cancellation(cancellation));
    assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(output.ids().isEmpty()).isTrue();
  }

  @Test
  void anEndTokenIsNotNegative() {
    assertThatThrownBy(() -> LONG.eosTokenIds(List.of(5, -1)))
        .isInstanceOf(GenerationException.class)
        .hasMessage("eosTokenIds is [5, -1]; it has to be a list of ids of 0 or more.");
  }

  @Test
  void aMissingDirectoryIsNamedWithTheExportCommand() {
    assertThatThrownBy(() -> CausalLM.load(Path.of("nowhere"), new Device("CPU"), DemoModel.CONFIG))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("nowhere")
        .hasMessageContaining("./scripts/export");
  }
}
