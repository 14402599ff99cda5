package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.tool.Tool;
import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolCallFormat;
import dev.ovchat.tool.ToolChoice;
import dev.ovchat.tool.ToolException;
import dev.ovchat.tool.Tools;
import java.util.ArrayList;
import java.util.Arrays;
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

  private enum Size {
    SMALL,
    LARGE
  }

  private record City(Size size) {}

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
            Tools.none(),
            GREEDY,
            ChatListener.NONE,
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
        session.complete(
            ASKED,
            Tools.none(),
            GREEDY,
            ChatListener.NONE,
            piece -> cancellation.cancel(),
            cancellation);

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
                    Tools.none(),
                    GREEDY,
                    ChatListener.NONE,
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
    Tools tools =
        Tools.of(Tool.of("weather", "", Map.of("type", "object"))).format(ToolCallFormat.JSON);
    try (ChatSession own = ChatSession.of(model, listing)) {
      List<ChatMessage> messages = List.of(ChatMessage.user("Hello"));
      ChatCompletion with =
          own.complete(messages, tools, GREEDY, ChatListener.NONE, piece -> {}, new Cancellation());

      assertThat(with.generation().prompt()).isEqualTo(encode("weather Hello"));
      assertThat(own.complete(messages, GREEDY).generation().prompt()).isEqualTo(encode("Hello"));
    }
  }

  /** The model knows no tools: the grammar alone makes a call of what it says. */
  @Test
  void aCallThatHasToComeIsHandedOver() {
    List<ToolCall> heard = new ArrayList<>();
    ChatListener listener =
        new ChatListener() {
          @Override
          public void toolCall(ToolCall call) {
            heard.add(call);
          }
        };
    Tools tools = Tools.of(Tool.of("weather", "", City.class)).choice(ToolChoice.REQUIRED);
    List<String> said = new ArrayList<>();
    ChatCompletion called =
        session.complete(ASKED, tools, GREEDY, listener, said::add, new Cancellation());

    assertThat(called.calls()).isNotEmpty().isEqualTo(heard);
    assertThat(called.calls().get(0).arguments()).containsOnlyKeys("size");
    assertThat(called.calls().get(0).id()).isEqualTo("call00001");
    assertThat(said).isEmpty();
    List<ChatMessage> messages = new ArrayList<>(ASKED);
    messages.add(called.message());
    called.calls().forEach(call -> messages.add(ChatMessage.tool(call, "22 degrees")));
    messages.add(ChatMessage.user("And tomorrow?"));
    ChatCompletion again =
        session.complete(messages, tools, GREEDY, listener, said::add, new Cancellation());
    assertThat(again.calls().get(0).id()).isEqualTo("call0000" + (called.calls().size() + 1));
  }

  @Test
  void aCallThatHasToComeTakesATool() {
    Tools required = Tools.none().choice(ToolChoice.REQUIRED);
    assertThatThrownBy(() -> session.prompt(ASKED, required))
        .isInstanceOf(ToolException.class)
        .hasMessage(
            "The tool choice is REQUIRED, but there is no tool to call; add one, or choose AUTO.");
  }

  /** Where it may call and may not write any text, it follows the format, and no call is text. */
  /** The template knows no tools, and would write a call without a text as a fault. */
  @Test
  void callsOfEarlierTurnsAreTextWhereThereAreNoToolsAnyMore() {
    ToolCall call = ToolCall.of("weather", Map.of("city", "Rome")).id("1");
    List<ChatMessage> messages = new ArrayList<>(ASKED);
    messages.add(ChatMessage.toolCalls(call));
    messages.add(ChatMessage.tool(call, "22 degrees"));
    messages.add(ChatMessage.user("And tomorrow?"));
    assertThat(session.prompt(messages, Tools.none()).text())
        .contains(
            "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>",
            "<tool_response>\n22 degrees\n</tool_response>")
        .doesNotContain("You can call these tools");
  }

  @Test
  void aFormatHoldsWhatIsNoCall() {
    Tools tools = Tools.of(Tool.of("weather", "", City.class));
    GenerationConfig formatted = GREEDY.responseFormat(ResponseFormat.of(City.class));
    ChatCompletion completion =
        session.complete(
            ASKED, tools, formatted, ChatListener.NONE, piece -> {}, new Cancellation());
    if (completion.calls().isEmpty()) {
      assertThat(completion.text()).matches("\\{\"size\": [A-Z\"]+}");
    } else {
      assertThat(completion.text()).isEmpty();
    }
    assertThat(
            session
                .complete(
                    ASKED,
                    tools.choice(ToolChoice.NONE),
                    formatted,
                    ChatListener.NONE,
                    piece -> {},
                    new Cancellation())
                .text())
        .matches("\\{\"size\": [A-Z\"]+}");
  }

  /** A rule has the model think what a test wants; from then on the format has its way. */
  @Test
  void whatIsThoughtBeforeAFormatIsApart() {
    ChatTemplate thinking =
        ChatTemplate.of("{{ messages[0].content }}<think>\n{# </think> #}", Map.of());
    int[] thought = encode("So it is.</think>").toArray();
    GenerationHooks hooks =
        GenerationHooks.none()
            .logitsProcessor(
                (tokens, logits) -> {
                  if (tokens.completionSize() < thought.length) {
                    Arrays.fill(logits, LogitsProcessor.RULED_OUT);
                    logits[thought[tokens.completionSize()]] = 0;
                  }
                });
    StringBuilder thoughts = new StringBuilder();
    try (ChatSession own = ChatSession.of(model, thinking)) {
      ChatCompletion completion =
          own.complete(
              own.prompt(List.of(ChatMessage.user("Hello")), Tools.none()),
              GREEDY.responseFormat(ResponseFormat.choices(List.of("yes", "no"))),
              hooks,
              thoughts::append,
              piece -> {});
      assertThat(completion.text().strip()).isIn("yes", "no");
      assertThat(completion.thinking()).isEqualTo(thoughts.toString()).isEqualTo("So it is.");
      assertThat(completion.message().fields()).containsEntry("reasoning_content", "So it is.");
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
