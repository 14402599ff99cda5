package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session answers lists of messages as a chat does, and reads only what is new in them. */
class ChatSessionTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(80);
  private static final List<ChatMessage> ASKED =
      List.of(
          ChatMessage.system("You are a helpful AI assistant."),
          ChatMessage.user("can you introduce yourself?"));

  private static ChatTemplate template;
  private ChatSession session;

  @BeforeAll
  static void loadTemplate() {
    template = ChatTemplate.load(DemoModel.DIRECTORY);
  }

  @BeforeEach
  void start() {
    session = ChatSession.of(model, template);
  }

  @AfterEach
  void end() {
    session.close();
  }

  @Test
  void theAnswersAreThoseOfAChat() {
    try (Chat chat = Chat.of(model, template, GREEDY)) {
      chat.add(ASKED.get(0));
      for (String question : List.of("can you introduce yourself?", "Shorter, please.")) {
        Reply reply = chat.ask(question);
        List<ChatMessage> messages = chat.messages().subList(0, chat.messages().size() - 1);
        ChatCompletion completion = session.complete(messages, GREEDY);

        assertThat(completion.text()).isEqualTo(reply.text());
        assertThat(completion.finishReason()).isEqualTo(reply.finishReason());
        assertThat(completion.generation().metrics().cachedTokens())
            .isEqualTo(reply.generation().metrics().cachedTokens());
      }
    }
  }

  @Test
  void thePiecesComeOnTheCallersThread() {
    List<String> pieces = new ArrayList<>();
    Thread caller = Thread.currentThread();
    ChatCompletion completion =
        session.complete(
            ASKED,
            List.of(),
            GREEDY,
            piece -> {
              assertThat(Thread.currentThread()).isEqualTo(caller);
              pieces.add(piece);
            },
            new Cancellation());
    assertThat(pieces).hasSizeGreaterThan(5);
    assertThat(String.join("", pieces)).isEqualTo(completion.text());
  }

  @Test
  void aCancelledAnswerHasWhatThereIs() {
    Cancellation cancellation = new Cancellation();
    ChatCompletion completion =
        session.complete(ASKED, List.of(), GREEDY, piece -> cancellation.cancel(), cancellation);

    assertThat(completion.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(completion.text()).isNotEmpty();
    assertThat(session.complete(ASKED, GREEDY).text()).startsWith(completion.text());
  }

  @Test
  void whatTheSinkThrowsEndsTheAnswerAndTheSessionGoesOn() {
    assertThatThrownBy(
            () ->
                session.complete(
                    ASKED,
                    List.of(),
                    GREEDY,
                    piece -> {
                      throw new IllegalArgumentException("no room for " + piece);
                    },
                    new Cancellation()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no room for");
    assertThat(session.complete(ASKED, GREEDY).text()).isNotEmpty();
  }

  @Test
  void theToolsOfACallGoToTheTemplate() {
    ChatTemplate listing =
        ChatTemplate.of(
            "{% for tool in tools or [] %}{{ tool.function.name }} {% endfor %}"
                + "{{ messages[0].content }}",
            Map.of());
    Map<String, Object> tool = Map.of("type", "function", "function", Map.of("name", "weather"));
    try (ChatSession own = ChatSession.of(model, listing)) {
      List<ChatMessage> messages = List.of(ChatMessage.user("Hello"));
      ChatCompletion with =
          own.complete(messages, List.of(tool), GREEDY, piece -> {}, new Cancellation());

      assertThat(with.generation().prompt()).isEqualTo(encode("weather Hello"));
      assertThat(own.complete(messages, GREEDY).generation().prompt()).isEqualTo(encode("Hello"));
    }
  }

  @Test
  void messagesThatDoNotFitAreRefused() {
    List<ChatMessage> messages = List.of(ChatMessage.user("word ".repeat(5000)));
    assertThatThrownBy(() -> session.complete(messages, GREEDY))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("context of 4096");
  }

  @Test
  void aClosedSessionSaysSo() {
    session.close();
    assertThatThrownBy(() -> session.complete(ASKED, GREEDY))
        .isInstanceOf(IllegalStateException.class);
  }
}
