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
import dev.ovchat.chat.WhenFull;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is closed while it answers, from wherever: the answer ends as cancelled, nothing hangs. */
@Slow
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingTest extends AccurateModelTest {
  /** Far longer than any test may take. */
  private static final GenerationConfig ENDLESS =
      GenerationConfig.defaults().maxNewTokens(4000).eosTokenIds(List.of());

  private static Chat chat() {
    return Chat.of(model, ChatTemplate.load(DemoModel.DIRECTORY), ENDLESS);
  }

  /** Answers on another thread, and returns when the first token is there. */
  private static <T> CompletableFuture<T> started(Function<Runnable, T> answering)
      throws InterruptedException {
    var first = new CountDownLatch(1);
    CompletableFuture<T> answer =
        CompletableFuture.supplyAsync(() -> answering.apply(first::countDown));
    first.await();
    return answer;
  }

  @Test
  void aChatThatIsClosedEndsItsAnswer() throws InterruptedException {
    Chat chat = chat();
    CompletableFuture<Reply> answer =
        started(first -> chat.ask("What is a token?", piece -> first.run()));
    chat.close();
    chat.close();
    Reply reply = answer.join();
    assertThat(reply.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(reply.text()).isNotEmpty();
    assertThat(chat.messages()).endsWith(ChatMessage.assistant(reply.text()));
    assertClosed(() -> chat.ask("And now?"));
  }

  @Test
  void aChatMayBeClosedByTheReceiverOfItsAnswer() {
    Chat chat = chat();
    Reply reply = chat.ask("What is a token?", piece -> chat.close());
    assertThat(reply.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertClosed(() -> chat.ask("And now?"));
  }

  /** They would wait for the answer, which waits for its receiver. */
  @Test
  void theReceiverOfAnAnswerCannotAskOrChangeTheChat() {
    List<Consumer<Chat>> changes =
        List.of(
            chat -> chat.ask("And?"),
            chat -> chat.regenerate(text -> {}),
            chat -> chat.edit(0, "Or?", text -> {}),
            chat -> chat.drop(0),
            chat -> chat.add(ChatMessage.user("Well")),
            chat -> chat.setWhenFull(WhenFull.LEAVE_OUT_OLDEST_TURNS));
    for (Consumer<Chat> change : changes) {
      try (Chat chat = chat()) {
        chat.setConfig(ENDLESS.maxNewTokens(3));
        assertThatThrownBy(() -> chat.ask("What is a token?", piece -> change.accept(chat)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("The receiver of an answer's text cannot ask or change");
        assertThat(chat.messages()).isEmpty();
        assertThat(chat.ask("What is a token?").text()).isNotEmpty();
      }
    }
  }

  @Test
  void theReceiverOfOneChatMayAskAnother() {
    try (Chat one = chat();
        Chat other = chat()) {
      one.setConfig(ENDLESS.maxNewTokens(3));
      other.setConfig(ENDLESS.maxNewTokens(3));
      one.ask("What is a token?", piece -> other.ask(piece));
      assertThat(other.turns()).isPositive();
    }
  }

  @Test
  void aSessionThatIsClosedEndsItsAnswer() throws InterruptedException {
    GenerationSession session = model.newSession();
    CompletableFuture<Generation> answer =
        started(
            first ->
                session.generate(
                    prompt, ENDLESS, GenerationHooks.none().listener(id -> first.run())));
    session.close();
    session.close();
    assertThat(answer.join().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertClosed(() -> session.generate(prompt, ENDLESS));
    assertClosed(() -> session.stream(prompt, ENDLESS));
  }

  @Test
  void aSessionMayBeClosedByItsListenerOrDrafter() {
    GenerationSession session = model.newSession();
    var drafting = ENDLESS.promptLookupNumTokens(5);
    assertThat(
            session
                .generate(prompt, drafting, GenerationHooks.none().listener(id -> session.close()))
                .finishReason())
        .isEqualTo(FinishReason.CANCELLED);
    assertClosed(() -> session.generate(prompt, ENDLESS));

    var closed = new AtomicReference<GenerationSession>();
    Drafter drafter =
        (tokens, most) -> {
          closed.get().close();
          return new int[] {300};
        };
    closed.set(model.newSession());
    var hooks = GenerationHooks.none().drafter(drafter);
    assertThat(closed.get().generate(prompt, ENDLESS, hooks).finishReason())
        .isEqualTo(FinishReason.CANCELLED);
    assertClosed(() -> closed.get().generate(prompt, ENDLESS));
  }

  /** Some of them wait for the running answer when the session is closed. */
  @Test
  void whoWaitsForASessionThatIsClosedHearsOfIt() throws InterruptedException {
    GenerationSession session = model.newSession();
    CompletableFuture<Generation> answer =
        started(
            first ->
                session.generate(
                    prompt, ENDLESS, GenerationHooks.none().listener(id -> first.run())));
    CompletableFuture<Generation> waiting =
        CompletableFuture.supplyAsync(() -> session.generate(prompt, ENDLESS));
    session.close();
    assertThat(answer.join().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aStreamThatIsClosedEndsItsAnswer() throws InterruptedException {
    TextStream stream = model.stream(prompt, ENDLESS);
    CompletableFuture<Void> reading =
        started(
            first -> {
              stream.pieces().forEach(piece -> first.run());
              return null;
            });
    stream.close();
    stream.close();
    reading.join();
    assertThat(stream.hasNext()).isFalse();
    assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
  }

  @Test
  void aStreamEndsWithItsSession() {
    GenerationSession session = model.newSession();
    TextStream stream = session.stream(prompt, ENDLESS);
    stream.next();
    session.close();
    stream.pieces().forEach(piece -> {});
    assertThat(stream.generation().finishReason()).isEqualTo(FinishReason.CANCELLED);
    stream.close();
  }

  /** The answer holds what it needs of the model. */
  @Test
  void aModelThatIsClosedFinishesWhatItBegan() throws InterruptedException {
    var other = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.ACCURATE);
    var config = ENDLESS.maxNewTokens(300);
    CompletableFuture<Generation> answer =
        started(
            first ->
                other.generate(prompt, config, GenerationHooks.none().listener(id -> first.run())));
    other.close();
    other.close();
    assertThat(answer.join().ids().size()).isEqualTo(300);
    assertClosed(() -> other.generate(prompt, config));
  }

  private static void assertClosed(Supplier<?> call) {
    assertThatThrownBy(call::get)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(" is closed. Make it again; in a notebook, run its cell again.");
  }
}
