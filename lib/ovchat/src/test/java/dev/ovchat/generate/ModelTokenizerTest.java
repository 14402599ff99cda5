package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.system.NativeHandle;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model's one tokenizer, and the text that a generation makes with it. */
class ModelTokenizerTest extends AccurateModelTest {
  private static final GenerationConfig SHORT =
      GenerationConfig.defaults().doSample(false).maxNewTokens(20);

  private static CausalLM another() {
    return CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.ACCURATE);
  }

  @Test
  void theModelShowsTheTokenizerOfItsDirectory() {
    String text = "Hello, <|end|>naïve 🙂";
    assertThat(model.tokenizer().encode(text, EncodeOptions.AS_IT_IS))
        .isEqualTo(tokenizer.encode(text, EncodeOptions.AS_IT_IS));
  }

  @Test
  void theTokenizerIsClosedWithItsModel() {
    CausalLM other = another();
    Tokenizer its = other.tokenizer();
    other.close();
    other.close();
    assertThatThrownBy(() -> its.encode("Hello"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This tokenizer is closed. Make it again; in a notebook, run its cell again.");
  }

  /** Stop strings and the listener's text need the tokenizer. */
  @Test
  void aSessionGoesOnWhenItsModelIsClosed() {
    GenerationConfig stopped = SHORT.stopStrings(List.of(wordOfTheAnswer()));
    Generation expected = model.generate(prompt, stopped);
    assertThat(expected.finishReason()).isEqualTo(FinishReason.STOP_STRING);
    CausalLM other = another();
    Tokenizer its = other.tokenizer();
    try (GenerationSession session = other.newSession()) {
      other.close();
      var text = new StringBuilder();
      var hooks = GenerationHooks.none().listener(TextStreamer.of(text::append));
      assertThat(session.generate(prompt, stopped, hooks).completions())
          .isEqualTo(expected.completions());
      assertThat(text).isNotEmpty();
      try (TextStream stream = session.stream(prompt, stopped)) {
        assertThat(String.join("", stream.pieces().toList())).isEqualTo(text.toString());
      }
    }
    assertThatThrownBy(() -> its.encode("Hello")).isInstanceOf(IllegalStateException.class);
  }

  private static String wordOfTheAnswer() {
    var answer = tokenizer.decode(model.generate(prompt, SHORT).ids(), DecodeOptions.READABLE);
    return answer.trim().split(" ", -1)[3];
  }

  @Test
  void eachTokenComesBeforeItsText() {
    List<String> events = new ArrayList<>();
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public void start(GenerationConfig config) {
            events.add("start");
          }

          @Override
          public void token(int id) {
            events.add(String.valueOf(id));
          }

          @Override
          public void text(String piece) {
            events.add("text" + piece);
          }

          @Override
          public void end() {
            events.add("end");
          }
        };
    Generation output = model.generate(prompt, SHORT, GenerationHooks.none().listener(listener));
    List<String> ids = output.ids().stream().mapToObj(String::valueOf).toList();
    assertThat(events).startsWith("start", ids.get(0)).endsWith("end");
    assertThat(events.stream().filter(event -> event.matches("\\d+"))).isEqualTo(ids);
    assertThat(
            events.stream()
                .filter(event -> event.startsWith("text"))
                .map(event -> event.substring(4))
                .reduce("", String::concat))
        .isEqualTo(tokenizer.decode(output.ids(), DecodeOptions.READABLE));
  }

  /** With beams there are no pieces before the search is over; the text is the same. */
  @Test
  void theTextOfASearchIsThatOfItsBestCompletion() {
    var text = new StringBuilder();
    Generation output =
        model.generate(
            prompt,
            SHORT.numBeams(3),
            GenerationHooks.none().listener(TextStreamer.of(text::append)));
    assertThat(text.toString()).isEqualTo(tokenizer.decode(output.ids(), DecodeOptions.READABLE));
  }

  /** A cell that is run again forgets its old tokenizer. */
  @Test
  void tokenizersThatNobodyHoldsAreFreed() {
    NativeHandle.releaseUnreachable();
    int before = NativeHandle.open();
    for (int i = 0; i < 5; i++) {
      Tokenizer.load(DemoModel.DIRECTORY);
    }
    // A collection finds what is unreachable when it likes.
    for (int tries = 0; tries < 100 && NativeHandle.open() > before; tries++) {
      NativeHandle.releaseUnreachable();
    }
    assertThat(NativeHandle.open()).isLessThanOrEqualTo(before);
  }

  @Test
  void anUnfinishedStreamEndsAfterModelAndSessionAreClosed() {
    CausalLM other = another();
    GenerationSession session = other.newSession();
    TextStream stream = session.stream(prompt, SHORT);
    String first = stream.next();
    other.close();
    session.close();
    assertThat(stream.hasNext()).isFalse();
    assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(first).isNotEmpty();
    stream.close();
    stream.close();
  }

  /** Whoever is shown it may close it, for instance by a try-with-resources. */
  @Test
  void theModelGoesOnWhenItsTokenizerIsClosed() {
    GenerationConfig stopped = SHORT.stopStrings(List.of(wordOfTheAnswer()));
    CausalLM other = another();
    other.tokenizer().close();
    assertThat(other.generate(prompt, stopped).completions())
        .isEqualTo(model.generate(prompt, stopped).completions());
    int open = NativeHandle.open();
    assertThat(other.generate(prompt, stopped).finishReason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(NativeHandle.open()).isEqualTo(open);
    other.close();
    assertThatThrownBy(() -> other.generate(prompt, stopped))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This model is closed. Make it again; in a notebook, run its cell again.");
    assertThatThrownBy(() -> other.batchGenerate(List.of(prompt, prompt), stopped))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This model is closed. Make it again; in a notebook, run its cell again.");
    assertThat(NativeHandle.open()).isLessThan(open);
  }

  /** A listener that throws, in one of its methods; it counts its ends. */
  private record Throwing(String in, AtomicInteger ends) implements GenerationListener {
    private void reached(String method) {
      if (method.equals(in)) {
        throw new IllegalArgumentException("in " + method);
      }
    }

    @Override
    public void start(GenerationConfig config) {
      reached("start");
    }

    @Override
    public void token(int id) {
      reached("token");
    }

    @Override
    public void text(String piece) {
      reached("text");
    }

    @Override
    public void end() {
      ends.incrementAndGet();
      reached("end");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "token", "text", "end"})
  void aListenerThatThrowsIsNotifiedOfTheEndOnce(String in) {
    List<GenerationConfig> configs =
        List.of(
            SHORT,
            SHORT.numBeams(2),
            SHORT.doSample(true).seed(1).numReturnSequences(2),
            // All text is held back up to the end.
            SHORT.stopStrings(List.of("I am ovchat and much more that does not come")));
    for (GenerationConfig config : configs) {
      var listener = new Throwing(in, new AtomicInteger());
      assertThatThrownBy(
              () -> model.generate(prompt, config, GenerationHooks.none().listener(listener)))
          .as(config.toString())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("in " + in);
      assertThat(listener.ends()).as(config.toString()).hasValue(1);
    }
  }
}
