package dev.ovchat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.tool.Tool;
import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolCallFormat;
import dev.ovchat.tool.ToolChoice;
import dev.ovchat.tool.ToolException;
import dev.ovchat.tool.ToolFunction;
import dev.ovchat.tool.ToolResult;
import dev.ovchat.tool.Tools;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls of tools in a chat. The model is too small to call any: a rule has it say what a test
 * wants, answer by answer, through its own tokenizer and cache.
 */
@Slow
class ChatToolsTest extends AccurateModelTest {
  record City(String name) {}

  private static final GenerationConfig CONFIG = GenerationConfig.defaults().maxNewTokens(200);
  private static final String CALL = call("Paris");
  private static final String ERROR_END = "Answer with what is known.";

  @TempDir Path folder;

  private final Deque<int[]> script = new ArrayDeque<>();
  private final List<String> said = new ArrayList<>();
  private Chat chat;

  private static String call(String city) {
    return ToolCallFormat.HERMES.write(List.of(ToolCall.of("weather", Map.of("name", city))));
  }

  @BeforeEach
  void start() {
    chat = chat(ChatTemplate.load(DemoModel.DIRECTORY));
  }

  private Chat chat(ChatTemplate template) {
    Chat scripted = Chat.of(model, template, CONFIG);
    scripted.setHooks(GenerationHooks.none().logitsProcessor(this::follow));
    return scripted;
  }

  private int[] answer = {};

  private void follow(TokenSequence tokens, float[] logits) {
    if (tokens.completionSize() == 0) {
      answer = script.remove();
    }
    int end = model.config().eosTokenIds().get(0);
    int wanted = tokens.completionSize() < answer.length ? answer[tokens.completionSize()] : end;
    Arrays.fill(logits, LogitsProcessor.RULED_OUT);
    logits[wanted] = 0;
  }

  private void script(String... answers) {
    for (String each : answers) {
      script.add(encode(each).toArray());
    }
  }

  @AfterEach
  void end() {
    chat.close();
    assertThat(script).isEmpty();
  }

  private static Tools weather(ToolFunction<City> function) {
    return byNoGrammar(Tool.of("weather", "The weather of a city", City.class, function));
  }

  /** The scripts write what they want, right or wrong, which a grammar would not let them. */
  private static Tools byNoGrammar(Tool tool) {
    return Tools.of(tool).byGrammar(false);
  }

  private Reply ask() {
    return chat.ask("How warm is it in Paris?", said::add);
  }

  private List<String> roles() {
    return chat.messages().stream().map(ChatMessage::role).toList();
  }

  @Test
  void aCallIsRunAndTheModelGoesOnWithItsResult() {
    chat.setTools(weather(city -> city.name() + ": 22 degrees"));
    List<String> seen = new ArrayList<>();
    chat.setListener(
        new ChatListener() {
          @Override
          public void toolCall(ToolCall call) {
            seen.add("call " + call.name() + call.arguments());
          }

          @Override
          public void toolResult(ToolResult result) {
            seen.add("result " + result.content());
          }
        });
    script("I look.\n" + CALL, "It is 22 degrees.");
    Reply reply = ask();
    assertThat(reply.text()).isEqualTo("It is 22 degrees.");
    assertThat(String.join("", said)).isEqualTo("I look.\nIt is 22 degrees.");
    assertThat(seen).containsExactly("call weather{name=Paris}", "result Paris: 22 degrees");
    assertThat(reply.tools().results())
        .extracting(ToolResult::content)
        .containsExactly("Paris: 22 degrees");
    assertThat(reply.tools().open()).isEmpty();
    assertThat(reply.tools().problem()).isEmpty();
    assertThat(roles()).containsExactly("user", "assistant", "tool", "assistant");
    assertThat(chat.messages().get(1).content()).isEqualTo("I look.");
    assertThat(chat.turns()).isEqualTo(1);
    // What was read before is not read again.
    assertThat(reply.generation().metrics().cachedTokens()).isGreaterThan(100);
  }

  enum Unit {
    CELSIUS,
    FAHRENHEIT
  }

  record Temperature(Unit unit) {}

  /** No script here: the model chooses among what the grammar leaves it. */
  @Test
  void callsAreHeldToTheirGrammar() {
    var warm = Tool.of("warm", "How warm it is", Temperature.class, asked -> "22 " + asked.unit());
    try (Chat free = Chat.of(model, ChatTemplate.load(DemoModel.DIRECTORY), CONFIG)) {
      free.setTools(Tools.of(warm).choice(ToolChoice.REQUIRED).mostRounds(1));
      assertThat(free.ask("Who are you?").tools().results())
          .isNotEmpty()
          .allSatisfy(result -> assertThat(result.content()).matches("22 (CELSIUS|FAHRENHEIT)"));
    }
  }

  @Test
  void aTemplateWithoutToolsGetsThemAsText() {
    chat.setTools(weather(city -> "22 degrees"));
    script(CALL, "Warm.");
    ask();
    assertThat(chat.prompt())
        .isEqualTo(
            """
            <|system|>
            You can call these tools:
            {"type": "function", "function": {"name": "weather", "description": "The weather of a city", \
            "parameters": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}}
            To call a tool, write its name and its arguments in this form and nothing else:
            <tool_call>
            {"name": "NAME", "arguments": {"ARGUMENT": "VALUE"}}
            </tool_call><|end|>
            <|user|>
            How warm is it in Paris?<|end|>
            <|assistant|>
            <tool_call>
            {"name": "weather", "arguments": {"name": "Paris"}}
            </tool_call><|end|>
            <|user|>
            <tool_response>
            22 degrees
            </tool_response><|end|>
            <|assistant|>
            Warm.<|end|>
            <|assistant|>
            """);
    chat.setTools(weather(city -> "").choice(ToolChoice.NONE));
    assertThat(chat.prompt()).startsWith("<|user|>\nHow warm").contains("<tool_call>");
  }

  @Test
  void aTemplateWithToolsWritesThemItself() {
    for (String name : List.of("qwen-3", "mistral", "granite", "llama-3.1", "smollm3")) {
      chat.close();
      ChatTemplate template = TemplateResources.load("tools/" + name, folder.resolve("each"));
      chat = chat(template);
      chat.setTools(weather(city -> "22 degrees"));
      ToolCallFormat format = Tools.none().formatFor(template.source());
      script(format.write(List.of(ToolCall.of("weather", Map.of("name", "Paris")))), "It is warm.");
      Reply reply = ask();
      assertThat(reply.text()).as(name).isEqualTo("It is warm.");
      assertThat(reply.tools().results()).as(name).hasSize(1);
      assertThat(chat.prompt())
          .as(name)
          .contains("The weather of a city", "Paris", "22 degrees", "It is warm.")
          .doesNotContain("You can call these tools");
    }
  }

  @Test
  void severalCallsHaveIdsOfTheirOwn() {
    chat.setTools(weather(City::name));
    script(CALL + "\n" + call("Rome"), CALL, "Both are warm.");
    Reply reply = ask();
    assertThat(reply.tools().results())
        .extracting(ToolResult::content)
        .containsExactly("Paris", "Rome", "Paris");
    assertThat(
            chat.messages().stream()
                .map(m -> m.fields().get("tool_call_id"))
                .filter(id -> id != null))
        .containsExactly("call00001", "call00002", "call00003");
    assertThat(roles())
        .containsExactly("user", "assistant", "tool", "tool", "assistant", "tool", "assistant");
  }

  @Test
  void theModelReadsWhatWentWrong() {
    chat.setTools(
        weather(
            city -> {
              throw new IllegalStateException("no network");
            }));
    script(
        CALL,
        call("Rome").replace("\"Rome\"", "\"Rome\", \"town\": 1"),
        CALL.replace("weather", "wether"),
        "I do not know.");
    Reply reply = ask();
    assertThat(reply.text()).isEqualTo("I do not know.");
    assertThat(reply.tools().results())
        .extracting(ToolResult::content)
        .containsExactly(
            "Error: IllegalStateException: no network.",
            "Error: This is not a City: there is no field town; there are name.",
            "Error: there is no tool wether; there are weather.");
    assertThat(chat.prompt()).contains("Error: IllegalStateException: no network.");
  }

  @Test
  void aLoopThatNeverEndsIsEnded() {
    chat.setTools(weather(City::name).mostRounds(2));
    script(CALL, CALL, CALL, "Enough.");
    Reply reply = ask();
    assertThat(reply.text()).isEqualTo("Enough.");
    assertThat(reply.tools().results()).hasSize(2);
    assertThat(reply.tools().problem().orElseThrow())
        .startsWith("The model called tools 2 times in a row, which is the limit;");
    assertThat(chat.messages().get(6).content()).endsWith(ERROR_END);
    assertThat(roles()).endsWith("tool", "assistant");
    // One that goes on all the same has its call as text, and the chat goes on.
    script(CALL, CALL, CALL, CALL, "Fine.");
    assertThat(ask().text()).isEqualTo(CALL);
    assertThat(ask().text()).isEqualTo("Fine.");
    assertThat(chat.turns()).isEqualTo(3);
  }

  @Test
  void aCallThatCannotBeReadIsTextAndSaysSo() {
    chat.setTools(weather(City::name));
    script("<tool_call>\n{\"name\": \"weather\", ");
    Reply reply = ask();
    assertThat(reply.text()).isEqualTo("<tool_call>\n{\"name\": \"weather\", ");
    assertThat(reply.tools().problem().orElseThrow())
        .startsWith("The model began a call of a tool that cannot be read: <tool_call>␊{");
    assertThat(roles()).containsExactly("user", "assistant");
    // Cut off by the limit of tokens it is the same.
    chat.setConfig(CONFIG.maxNewTokens(20));
    script(CALL);
    assertThat(ask().tools().problem()).isPresent();
  }

  @Test
  void callsAreHandedToTheCaller() {
    chat.setTools(byNoGrammar(Tool.of("weather", "The weather of a city", City.class)));
    script(CALL + "\n" + call("Rome"));
    Reply reply = ask();
    assertThat(reply.text()).isEmpty();
    assertThat(reply.tools().open())
        .extracting(ToolCall::name)
        .containsExactly("weather", "weather");
    assertThat(reply.tools().results()).isEmpty();
    assertThat(roles()).containsExactly("user", "assistant");
    for (ToolCall call : reply.tools().open()) {
      chat.add(ChatMessage.tool(call, "22"));
    }
    script("Both are warm.");
    assertThat(chat.answer(said::add).text()).isEqualTo("Both are warm.");
    assertThat(roles()).containsExactly("user", "assistant", "tool", "tool", "assistant");
  }

  @Test
  void aTurnThatIsCancelledInATool() {
    var cancellation = new Cancellation();
    chat.setTools(
        weather(
            city -> {
              cancellation.cancel();
              Thread.sleep(60_000);
              return "late";
            }));
    script(CALL);
    Reply reply = chat.ask("How warm is it?", said::add, cancellation);
    assertThat(reply.tools().problem().orElseThrow())
        .isEqualTo(
            "The answer was cancelled while a tool ran, after 0 results; the chat did not keep the turn.");
    assertThat(reply.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(chat.messages()).isEmpty();
    script("Yes.");
    assertThat(ask().text()).isEqualTo("Yes.");
  }

  @Test
  void aToolThatIsInterruptedByTheUser() {
    Thread asking = Thread.currentThread();
    chat.setTools(
        weather(
            city -> {
              asking.interrupt();
              Thread.sleep(60_000);
              return "late";
            }));
    script(CALL);
    assertThat(ask().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(chat.messages()).isEmpty();
  }

  @Test
  void aToolCannotAskTheChatThatWaitsForIt() {
    chat.setTools(weather(city -> chat.ask("And you?").text()));
    script(CALL, "I cannot.");
    Reply reply = ask();
    assertThat(reply.tools().results().get(0).content())
        .startsWith("Error: IllegalStateException: The receiver of an answer's text cannot ask");
    assertThat(roles()).containsExactly("user", "assistant", "tool", "assistant");
  }

  @Test
  void resultsThatDoNotFitLeaveTheChatAsItWas() {
    chat.setTools(weather(city -> "moon ".repeat(5_000)).longestResult(1 << 20));
    script(CALL);
    assertThatExceptionOfType(GenerationException.class)
        .isThrownBy(this::ask)
        .withMessageContaining("The chat is full");
    assertThat(chat.messages()).isEmpty();
  }

  @Test
  void thinkingIsApartAndWrittenAsTheTemplateWants() {
    chat.close();
    chat = chat(TemplateResources.load("tools/qwen-3", folder));
    chat.setTools(weather(city -> "22"));
    var thinking = new StringBuilder();
    chat.setListener(
        new ChatListener() {
          @Override
          public void thinking(String piece) {
            thinking.append(piece);
          }
        });
    script(
        "<think>\nA tool knows.\n</think>\n\n" + CALL, "<think>\nWarm.\n</think>\n\nIt is warm.");
    Reply reply = ask();
    assertThat(reply.text()).isEqualTo("It is warm.");
    assertThat(reply.thinking()).isEqualTo("Warm.");
    assertThat(thinking.toString()).isEqualTo("A tool knows.Warm.");
    assertThat(String.join("", said)).isEqualTo("It is warm.");
    assertThat(chat.prompt()).contains("<think>\nA tool knows.\n</think>");
    script("Good.");
    ask();
    // The thinking of earlier turns is left out by Qwen3's template.
    assertThat(chat.prompt()).doesNotContain("A tool knows.", "Warm.\n");
  }

  @Test
  void aPromptMayEndInThinking() {
    chat.close();
    chat =
        chat(
            ChatTemplate.of(
                "{% for m in messages %}{{ m.role }}: {{ m.content.split('</think>')[-1] }}\n"
                    + "{% endfor %}{% if add_generation_prompt %}assistant: <think>\n{% endif %}",
                Map.of()));
    script("So it is.</think>Yes.");
    Reply reply = ask();
    assertThat(reply.thinking()).isEqualTo("So it is.");
    assertThat(reply.text()).isEqualTo("Yes.");
    assertThat(chat.messages().get(1))
        .isEqualTo(ChatMessage.assistant("Yes.").reasoning("So it is."));
  }

  @Test
  void aFormThatIsNotKnownIsRefusedAtOnce() {
    chat.close();
    chat = chat(TemplateResources.load("tools/qwen-3-coder", folder));
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> chat.setTools(weather(City::name)));
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> chat.setTools(Tools.none().choice(ToolChoice.REQUIRED)));
    chat.setTools(weather(City::name).format(ToolCallFormat.HERMES));
    script(CALL, "Fine.");
    assertThat(ask().text()).isEqualTo("Fine.");
  }

  @Test
  void aClosedChatStaysClosed() {
    chat.setTools(weather(City::name));
    chat.close();
    assertThatIllegalStateException().isThrownBy(this::ask);
  }
}
