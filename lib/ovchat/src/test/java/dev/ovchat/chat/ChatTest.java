package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Moments;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Metrics;
import dev.ovchat.text.PrintingThread;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.TokenizerException;
import dev.ovchat.tool.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chat answers as the model would answer the whole prompt alone, and reads only what is new. */
@Slow
class ChatTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(80);
  private static final ChatMessage INSTRUCTIONS =
      ChatMessage.system("You are a helpful AI assistant.");
  private static final List<String> QUESTIONS =
      List.of(
          "can you introduce yourself?",
          "What does NUM_STREAMS do?",
          "Thanks.",
          "Repeat after me: the small dog sees the moon",
          "Shorter, please.",
          "What is a token?");

  private static ChatTemplate template;
  private Chat chat;

  @BeforeAll
  static void loadTemplate() {
    template = ChatTemplate.load(DemoModel.DIRECTORY);
  }

  @BeforeEach
  void start() {
    chat = Chat.of(model, template, GREEDY);
    chat.add(INSTRUCTIONS);
  }

  @AfterEach
  void end() {
    chat.close();
  }

  /** The answer to the chat's prompt by a generation of its own. */
  private TokenIds alone() {
    List<ChatMessage> asked = chat.messages().subList(0, chat.messages().size() - 1);
    return model.generate(encode(template.render(asked, true)), GREEDY).ids();
  }

  private Reply ask(String question) {
    Reply reply = chat.ask(question);
    assertThat(reply.generation().ids()).as(question).isEqualTo(alone());
    return reply;
  }

  @Test
  void eachTurnGetsTheAnswerToTheWholeChatAndReadsOnlyWhatIsNew() {
    int read = 0;
    for (String question : QUESTIONS) {
      Reply reply = ask(question);
      Metrics metrics = reply.generation().metrics();
      // All that was read before, but not the last token of the answer: it ended the turn.
      assertThat(metrics.cachedTokens()).isEqualTo(read);
      read = metrics.promptTokens() + metrics.newTokens() - 1;
      assertThat(reply.finishReason()).isEqualTo(FinishReason.END_TOKEN);
      assertThat(chat.messages().get(chat.messages().size() - 1))
          .isEqualTo(ChatMessage.assistant(reply.text()));
    }
    assertThat(chat.turns()).isEqualTo(QUESTIONS.size());
    assertThat(chat.messages()).hasSize(1 + 2 * QUESTIONS.size());
    assertThat(chat.prompt()).isEqualTo(template.render(chat.messages(), true));
  }

  @Test
  void theTextComesInPieces() {
    var text = new StringBuilder();
    Reply reply = chat.ask(QUESTIONS.get(0), text::append);
    assertThat(text.toString()).isEqualTo(reply.text()).startsWith("I am ovchat's");
  }

  @Test
  void aTurnIsEditedAndWhatFollowedIsDropped() {
    QUESTIONS.forEach(this::ask);
    Reply reply = chat.edit(2, "What is OpenVINO?", piece -> {});
    assertThat(reply.turn()).isEqualTo(2);
    assertThat(reply.generation().ids()).isEqualTo(alone());
    assertThat(reply.generation().metrics().cachedTokens()).isPositive();
    assertThat(chat.turns()).isEqualTo(3);
    assertThat(chat.messages().get(5)).isEqualTo(ChatMessage.user("What is OpenVINO?"));
    ask("What does step 4 do?");
  }

  @Test
  void theLastAnswerIsGeneratedAnew() {
    Reply first = ask(QUESTIONS.get(0));
    Reply again = chat.regenerate(piece -> {});
    assertThat(again.text()).isEqualTo(first.text());
    Metrics metrics = again.generation().metrics();
    assertThat(metrics.cachedTokens()).isEqualTo(metrics.promptTokens() - 1);
    assertThat(chat.turns()).isEqualTo(1);

    chat.setConfig(GREEDY.maxNewTokens(3));
    assertThat(chat.regenerate(piece -> {}).generation().ids().size()).isEqualTo(3);
    assertThat(chat.messages()).hasSize(3);
  }

  private static Chat chatWithTools() {
    var template =
        ChatTemplate.of(
            "{% for m in [{'role': 'system', 'content': tools|tojson}] + messages %}"
                + "<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}<|assistant|>\n{{ opening }}",
            Map.of());
    return Chat.of(
        model, template.tools(List.of(Map.of("name", "now"))).variable("opening", "I"), GREEDY);
  }

  @Test
  void aToolsResultIsAnsweredWithoutAQuestion() {
    try (Chat chat = chatWithTools()) {
      assertThatThrownBy(() -> chat.answer(piece -> {}))
          .isInstanceOf(GenerationException.class)
          .hasMessage("There is no turn yet; ask a question first.");
      chat.ask("What is a token?");
      chat.add(ChatMessage.tool(ToolCall.of("now", Map.of()), "12:00"));
      String prompt = chat.prompt();
      assertThat(prompt)
          .startsWith("<|system|>\n[{\"name\": \"now\"}]<|end|>\n<|user|>\nWhat")
          .endsWith("<|tool|>\n12:00<|end|>\n<|assistant|>\nI");
      Reply reply = chat.answer(piece -> {});
      assertThat(reply.generation().prompt()).isEqualTo(encode(prompt));
      assertThat(reply.generation().ids()).isEqualTo(model.generate(encode(prompt), GREEDY).ids());
      assertThat(reply.generation().metrics().cachedTokens()).isPositive();
      assertThat(reply.turn()).isZero();
      assertThat(chat.turns()).isEqualTo(1);
      assertThat(chat.messages()).endsWith(ChatMessage.assistant(reply.text())).hasSize(4);
    }
  }

  @Test
  void aQuestionIsAskedAnewWithAllItsFields() {
    try (Chat chat = chatWithTools()) {
      ChatMessage question = ChatMessage.user("What is a token?").with("name", "Ada");
      chat.add(question);
      Reply reply = chat.answer(piece -> {});
      assertThat(chat.regenerate(piece -> {}).text()).isEqualTo(reply.text());
      assertThat(chat.messages()).startsWith(question).hasSize(2);
    }
  }

  @Test
  void aTurnIsDropped() {
    QUESTIONS.subList(0, 3).forEach(this::ask);
    chat.drop(1);
    assertThat(chat.messages().stream().map(ChatMessage::content))
        .contains(QUESTIONS.get(0), QUESTIONS.get(2))
        .doesNotContain(QUESTIONS.get(1));
    ask("What is a token?");
    chat.drop(0);
    chat.drop(0);
    chat.drop(0);
    assertThat(chat.messages()).containsExactly(INSTRUCTIONS);
    ask(QUESTIONS.get(0));
  }

  @Test
  void turnsThatAreNotThereAreRefused() {
    assertThatThrownBy(() -> chat.regenerate(piece -> {}))
        .isInstanceOf(GenerationException.class)
        .hasMessage("There is no turn yet; ask a question first.");
    ask(QUESTIONS.get(0));
    for (int turn : new int[] {-1, 1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> chat.drop(turn))
          .isInstanceOf(GenerationException.class)
          .hasMessage("There is no turn " + turn + "; there are 0 to 0.");
    }
  }

  /** A question of about half the context. */
  private static String longQuestion() {
    return "moon ".repeat(model.config().maxPositionEmbeddings() / 2);
  }

  @Test
  void aFullChatIsRefusedAndStaysAsItIs() {
    chat.ask(longQuestion());
    List<ChatMessage> before = chat.messages();
    assertThatThrownBy(() -> chat.ask(longQuestion()))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("The chat is full: with this question it has ")
        .hasMessageContaining("The question was not asked.");
    assertThat(chat.messages()).isEqualTo(before);
    // What is short enough still is answered, past the sliding window too.
    assertThat(ask("Thanks.").turnsLeftOut()).isZero();
  }

  @Test
  void theOldestTurnsMayBeLeftOut() {
    chat.setWhenFull(WhenFull.LEAVE_OUT_OLDEST_TURNS);
    assertThat(ask(QUESTIONS.get(0)).turnsLeftOut()).isZero();
    chat.ask(longQuestion());
    Reply reply = chat.ask(longQuestion() + "!");
    assertThat(reply.turnsLeftOut()).isEqualTo(2);
    assertThat(reply.turn()).isEqualTo(2);
    List<ChatMessage> prompt = List.of(INSTRUCTIONS, ChatMessage.user(longQuestion() + "!"));
    assertThat(reply.generation().prompt()).isEqualTo(encode(template.render(prompt, true)));
    // The chat has lost nothing, and the model still has its instructions.
    assertThat(chat.messages()).hasSize(7);
    assertThat(chat.ask("Thanks.").turnsLeftOut()).isEqualTo(2);

    // A question that does not fit alone is refused all the same.
    assertThatThrownBy(() -> chat.ask(longQuestion() + longQuestion() + longQuestion()))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("The chat is full")
        .hasMessageEndingWith("Ask it in parts.");
    assertThat(chat.turns()).isEqualTo(4);

    // With the long turns gone there is room for all again.
    assertThat(chat.edit(1, QUESTIONS.get(1), piece -> {}).turnsLeftOut()).isZero();
    assertThat(chat.turns()).isEqualTo(2);
  }

  @Test
  void whatWasSaidUntilItWasCancelledStays() {
    var cancellation = new Cancellation();
    Reply reply = chat.ask(QUESTIONS.get(0), piece -> cancellation.cancel(), cancellation);
    assertThat(reply.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(reply.text()).startsWith("I");
    assertThat(chat.messages()).endsWith(ChatMessage.assistant(reply.text()));
    ask("What is a token?");

    Reply nothing = chat.ask(longQuestion(), piece -> {}, cancellation);
    assertThat(nothing.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(nothing.text()).isEmpty();
    assertThat(chat.turns()).isEqualTo(2);
    ask("Thanks.");
  }

  @Test
  void aStopStringIsNoPartOfTheAnswer() {
    chat.setConfig(GREEDY.stopStrings(List.of(" demo")));
    Reply reply = chat.ask(QUESTIONS.get(0));
    assertThat(reply.text()).isEqualTo("I am ovchat's small");
    assertThat(reply.finishReason()).isEqualTo(FinishReason.STOP_STRING);
    chat.setConfig(GREEDY);
    ask("What is a token?");
  }

  @Test
  void draftsChangeNoAnswer() {
    QUESTIONS.forEach(this::ask);
    List<ChatMessage> plain = chat.messages();
    GenerationConfig drafts = GREEDY.promptLookupNumTokens(8);
    try (var drafting = Chat.of(model, template, drafts)) {
      drafting.add(INSTRUCTIONS);
      QUESTIONS.forEach(drafting::ask);
      assertThat(drafting.messages()).isEqualTo(plain);
    }
    try (var repeating = Chat.of(model, template, drafts)) {
      repeating.ask("What is a token?");
      Metrics again = repeating.ask("Say that again.").generation().metrics();
      assertThat(again.acceptedTokens()).isGreaterThan(10);
    }
  }

  @Test
  void aSinkMayLookAtTheChat() {
    var turns = new StringBuilder();
    chat.ask(QUESTIONS.get(0), piece -> turns.append(chat.turns()).append(chat.messages().size()));
    assertThat(turns.toString()).matches("(01)+");
  }

  @Test
  void aSlowSinkThatIsInterruptedCostsNoText() {
    String whole = chat.ask(QUESTIONS.get(0)).text();
    Thread asking = Thread.currentThread();
    Moments.whenWaitingIn(PrintingThread.class, "finish", asking::interrupt);
    var goOn = new CountDownLatch(1);
    Reply reply =
        chat.regenerate(
            piece -> {
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    goOn.countDown();
    assertThat(reply.finishReason()).isEqualTo(FinishReason.END_TOKEN);
    assertThat(reply.text()).isEqualTo(whole);
  }

  @Test
  void aSinkThatFailsLeavesTheChatAsItWas() {
    assertThatThrownBy(
            () ->
                chat.ask(
                    QUESTIONS.get(0),
                    piece -> {
                      throw new IllegalArgumentException("no more paper");
                    }))
        .hasMessage("no more paper");
    assertThat(chat.messages()).containsExactly(INSTRUCTIONS);
    ask(QUESTIONS.get(1));
  }

  @Test
  void whatTheTemplateRefusesIsNotAsked() {
    var strict =
        ChatTemplate.of(
            "{% if messages[0].role == 'system' %}{{ raise_exception('No instructions here.') }}"
                + "{% endif %}{{ messages[0].content }}",
            Map.of());
    try (var refusing = Chat.of(model, strict, GREEDY)) {
      refusing.add(INSTRUCTIONS);
      assertThatThrownBy(() -> refusing.ask("Hi"))
          .isInstanceOf(TokenizerException.class)
          .hasMessageContaining("No instructions here.");
      assertThat(refusing.messages()).containsExactly(INSTRUCTIONS);
    }
  }

  @Test
  void aClosedChatSaysSo() {
    chat.close();
    chat.close();
    assertThatThrownBy(() -> chat.ask("Hi"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This chat or session is closed");
  }
}
