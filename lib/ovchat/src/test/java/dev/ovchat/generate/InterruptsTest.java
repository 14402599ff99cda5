package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.chat.Reply;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An interrupt, which is what a notebook's stop button is: what generates ends as cancelled and
 * takes the interrupt with it, whether it came before or in the middle; what is soon over goes on
 * to its end and leaves it to the next. Nothing hangs, however slow the machine is.
 */
@Slow
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptsTest extends AccurateModelTest {
  /** Far longer than any test may take. */
  private static final GenerationConfig ENDLESS =
      GenerationConfig.defaults().maxNewTokens(4000).eosTokenIds(List.of());

  private static final String QUESTION = "What is a token?";
  private static final Device CPU = new Device("CPU");

  @TempDir static Path folder;

  private static ChatTemplate template;

  @BeforeAll
  static void loadTemplate() {
    template = ChatTemplate.load(DemoModel.DIRECTORY);
  }

  @AfterEach
  void leaveNoInterrupt() {
    Thread.interrupted();
  }

  private static Chat chat() {
    return Chat.of(model, template, ENDLESS);
  }

  /** A call that generates; its listener hears of the first token, where it can. */
  private record Generating(String name, Function<Runnable, Generation> call) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Generating> generating() {
    var several = ENDLESS.doSample(true).numReturnSequences(3);
    return Stream.of(
        new Generating(
            "generate",
            first ->
                model.generate(
                    prompt, ENDLESS, GenerationHooks.none().listener(id -> first.run()))),
        new Generating(
            "drafts",
            first ->
                model.generate(
                    prompt,
                    ENDLESS.promptLookupNumTokens(5),
                    GenerationHooks.none().listener(id -> first.run()))),
        new Generating(
            "samples",
            first ->
                model.generate(
                    prompt, several, GenerationHooks.none().listener(id -> first.run()))),
        new Generating(
            "batch",
            first -> {
              first.run();
              return model.batchGenerate(List.of(prompt, prompt), ENDLESS).get(1);
            }),
        new Generating(
            "beams",
            first -> {
              first.run();
              return model.generate(prompt, ENDLESS.numBeams(3));
            }),
        new Generating(
            "explain",
            first -> {
              first.run();
              return model.explain(prompt, ENDLESS, 2).generation();
            }),
        new Generating(
            "explain what has begun",
            first -> {
              first.run();
              return model
                  .explain(prompt, TokenIds.of(300, 301), ENDLESS, 2, GenerationHooks.none())
                  .generation();
            }),
        new Generating(
            "stop strings",
            first -> {
              first.run();
              return model.generate(prompt, ENDLESS.stopStrings(List.of("never")));
            }),
        new Generating(
            "session",
            first -> {
              try (var session = model.newSession()) {
                return session.generate(
                    prompt, ENDLESS, GenerationHooks.none().listener(id -> first.run()));
              }
            }),
        new Generating(
            "stream",
            first -> {
              try (TextStream stream = model.stream(prompt, ENDLESS)) {
                stream.pieces().forEach(piece -> first.run());
                return stream.generation();
              }
            }),
        new Generating("ask", first -> inChat(first, (chat, text) -> chat.ask(QUESTION, text))),
        new Generating(
            "edit", first -> inChat(first, (chat, text) -> chat.edit(0, QUESTION, text))),
        new Generating("regenerate", first -> inChat(first, Chat::regenerate)));
  }

  private static Generation inChat(Runnable first, BiFunction<Chat, Consumer<String>, Reply> call) {
    try (Chat chat = chat()) {
      chat.add(ChatMessage.user(QUESTION));
      return call.apply(chat, piece -> first.run()).generation();
    }
  }

  @ParameterizedTest
  @MethodSource("generating")
  void anInterruptBeforeACallThatGeneratesCancelsIt(Generating generating) {
    Thread.currentThread().interrupt();
    Generation output = generating.call().apply(() -> {});
    assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(output.ids().size()).isLessThan(2); // one, if the prompt was soon read
    assertThat(Thread.interrupted()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("generating")
  void anInterruptInTheMiddleOfACallThatGeneratesCancelsIt(Generating generating) {
    var started = new CountDownLatch(1);
    Thread here = Thread.currentThread();
    CompletableFuture<Void> stop =
        CompletableFuture.runAsync(
            () -> {
              awaited(started);
              here.interrupt();
            });
    Generation output = generating.call().apply(started::countDown);
    stop.join();
    assertThat(output.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptBeforeAQuestionLeavesTheChatUsable() {
    try (Chat chat = chat()) {
      chat.setConfig(ENDLESS.maxNewTokens(5));
      Thread.currentThread().interrupt();
      Reply reply = chat.ask(QUESTION);
      assertThat(reply.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(reply.text()).isEmpty();
      assertThat(chat.turns()).isZero();
      assertThat(chat.ask(QUESTION).finishReason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  private record ShortCall(String name, Supplier<Object> call) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What is soon over, and its result without an interrupt, for those that have one. */
  static Stream<ShortCall> shortCalls() {
    var messages = List.of(ChatMessage.user(QUESTION));
    return Stream.of(
        new ShortCall("encode", () -> tokenizer.encode(DemoModel.PROMPT)),
        new ShortCall("decode", () -> tokenizer.decode(prompt, DecodeOptions.defaults())),
        new ShortCall("token", () -> tokenizer.token(700)),
        new ShortCall(
            "ChatTemplate.of",
            () -> ChatTemplate.of("{{ messages[0].content }}", Map.of()).render(messages, true)),
        new ShortCall("render", () -> template.render(messages, true)),
        new ShortCall("effectiveConfig", () -> model.effectiveConfig()),
        new ShortCall("generationConfig", () -> model.generationConfig()),
        new ShortCall("prompt and history of a chat", () -> prompted()));
  }

  /** Files may be large: what reads them stops. */
  @Test
  void aLoadThatIsInterruptedSaysSoAndLeavesTheInterrupt() {
    for (Runnable load :
        List.<Runnable>of(
            () -> Tokenizer.load(DemoModel.DIRECTORY),
            () -> ChatTemplate.load(DemoModel.DIRECTORY),
            () -> CausalLM.load(DemoModel.DIRECTORY, CPU, DemoModel.ACCURATE))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(load::run)
          .isInstanceOf(UnusableFileException.class)
          .hasMessageEndingWith("the thread that reads it was interrupted.");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static String prompted() {
    try (Chat chat = chat()) {
      chat.add(ChatMessage.user(QUESTION));
      chat.add(ChatMessage.assistant("A piece of text."));
      chat.add(ChatMessage.user("Shorter, please."));
      chat.drop(0);
      return chat.prompt() + chat.messages();
    }
  }

  @ParameterizedTest
  @MethodSource("shortCalls")
  void whatIsSoonOverGoesOnAndLeavesTheInterrupt(ShortCall call) {
    Object expected = call.call().get();
    Thread.currentThread().interrupt();
    Object result = call.call().get();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result).isEqualTo(expected);
  }

  @Test
  void anInterruptWhileATemplateIsRenderedIsLeftForLater() {
    var slow =
        ChatTemplate.of(
            "{% for a in range(30) %}{% for b in range(999) %}{% endfor %}{% endfor %}"
                + "{{ messages[0].content }}",
            Map.of());
    Thread here = Thread.currentThread();
    var over = new AtomicBoolean();
    var seen = new CountDownLatch(1);
    Thread interrupting =
        new Thread(
            () -> {
              while (!over.get()) {
                here.interrupt();
                seen.countDown();
                Thread.onSpinWait();
              }
            });
    interrupting.start();
    String text = slow.render(List.of(ChatMessage.user(QUESTION)), true);
    over.set(true);
    assertThat(text).isEqualTo(QUESTION);
    while (interrupting.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(seen.getCount()).isZero();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aReadingThatIsInterruptedSaysSo() {
    TokenIds longest = TokenIds.of(IntStream.generate(() -> 300).limit(2000).toArray());
    for (Runnable reading :
        List.<Runnable>of(
            () -> model.score(longest),
            () -> model.logits(longest),
            () -> model.score(prompt, longest))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(reading::run)
          .isInstanceOf(GenerationException.class)
          .hasMessageStartingWith("The text was not read to its end, since an interrupt came.");
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}
