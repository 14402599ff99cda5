package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@Slow
class TextStreamTest {
  private static final GenerationConfig LONG = GenerationConfig.defaults().maxNewTokens(1024);

  private static CausalLM model;
  private static Tokenizer tokenizer;
  private static TokenIds prompt;
  private static String answer;

  @BeforeAll
  static void load() {
    model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
    tokenizer = Tokenizer.load(DemoModel.DIRECTORY);
    prompt = tokenizer.encode(DemoModel.PROMPT, EncodeOptions.defaults().addSpecialTokens(false));
    answer =
        tokenizer.decode(
            model.generate(prompt, LONG).ids(), DecodeOptions.defaults().skipSpecialTokens(true));
  }

  @AfterAll
  static void close() {
    model.close();
    tokenizer.close();
  }

  @Test
  void thePiecesJoinedAreTheAnswer() {
    var text = new StringBuilder();
    try (TextStream stream = model.stream(prompt, LONG)) {
      while (stream.hasNext()) {
        text.append(stream.next());
      }
      assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.END_TOKEN);
      assertThat(stream.generation().completions())
          .isEqualTo(model.generate(prompt, LONG).completions());
      assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }
    assertThat(text.toString()).isEqualTo(answer);
    try (TextStream stream = model.stream(prompt, LONG)) {
      assertThat(stream.pieces().collect(Collectors.joining())).isEqualTo(answer);
    }
  }

  @Test
  void whoStopsAskingStopsTheGeneration() {
    try (TextStream stream = model.stream(prompt, LONG)) {
      assertThat(stream.pieces().limit(3).collect(Collectors.joining())).isEqualTo("I am ovchat");
      Generation output = stream.generation();
      assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(output.ids().size()).isLessThan(10);
      assertThat(stream.hasNext()).isFalse();
    }
  }

  @Test
  void aStopStringEndsTheTextBeforeIt() {
    GenerationConfig config = LONG.stopStrings(List.of(" demo m", "never"));
    try (TextStream stream = model.stream(prompt, config)) {
      assertThat(stream.pieces().collect(Collectors.joining())).isEqualTo("I am ovchat's small");
      assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.STOP_STRING);
    }
    var streamed = new StringBuilder();
    Generation output =
        model.generate(
            prompt, config, GenerationHooks.none().listener(TextStreamer.of(streamed::append)));
    assertThat(streamed.toString()).isEqualTo("I am ovchat's small");
    // The ids hold the token with which the stop string was there.
    assertThat(tokenizer.decode(output.ids(), DecodeOptions.defaults()))
        .startsWith("I am ovchat's small demo m");
    assertThat(output.finishReason()).isEqualTo(FinishReason.STOP_STRING);
  }

  @Test
  void streamsAreForOneAnswer() {
    GenerationConfig config = LONG.doSample(true).numReturnSequences(2);
    assertThatThrownBy(() -> model.stream(prompt, config))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("numReturnSequences is 2");
  }

  @Test
  void aModelThatIsClosedWhileAStopStringIsLookedForFinishes() {
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
    GenerationConfig config = LONG.stopStrings(List.of(" Java"));
    Generation output =
        other.generate(prompt, config, GenerationHooks.none().listener(id -> other.close()));
    assertThat(output.finishReason()).isEqualTo(FinishReason.STOP_STRING);
  }

  @Test
  void aStreamThatWasNeverAskedIsClosed() {
    TextStream stream = model.stream(prompt, LONG);
    stream.close();
    assertThat(stream.hasNext()).isFalse();
    try (TextStream other = model.stream(prompt, LONG)) {
      assertThat(other.generation().ids().isEmpty()).isTrue();
      assertThat(other.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void theNextGenerationOfASessionEndsItsStream() {
    try (GenerationSession session = model.newSession()) {
      TextStream stream = session.stream(prompt, LONG);
      String first = stream.next();
      TokenIds other = prompt.plus(TokenIds.of(300));
      assertThat(session.generate(other, LONG).ids()).isEqualTo(model.generate(other, LONG).ids());
      assertThat(first + stream.pieces().collect(Collectors.joining())).isEqualTo("I");
      assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void aStreamThatFailedIsOver() {
    GenerationConfig impossible =
        LONG.noRepeatNgramSize(1).eosTokenIds(List.of()).maxNewTokens(4000);
    try (TextStream stream = model.stream(prompt, impossible)) {
      assertThatThrownBy(() -> stream.pieces().forEach(piece -> {}))
          .isInstanceOf(GenerationException.class)
          .hasMessageContaining("No token is left");
      stream.pieces().forEach(piece -> {}); // what there was before it failed
      assertThat(stream.hasNext()).isFalse();
    }
  }

  @Test
  void theTimeBeforeTheFirstQuestionIsNoPartOfThePrompt() throws InterruptedException {
    try (TextStream stream = model.stream(prompt, LONG)) {
      Thread.sleep(300);
      long asked = System.nanoTime();
      stream.next();
      double millis = (System.nanoTime() - asked) / 1e6;
      assertThat(stream.generation().metrics().firstTokenMillis()).isBetween(0.0, millis);
    }
  }
}
