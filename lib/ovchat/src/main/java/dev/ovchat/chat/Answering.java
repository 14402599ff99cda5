package dev.ovchat.chat;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationSession;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.tool.AnswerStart;
import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolCallFormat;
import dev.ovchat.tool.ToolChoice;
import dev.ovchat.tool.ToolResult;
import dev.ovchat.tool.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** The way from a question to an answer, with the calls of tools on it. For one answer. */
final class Answering {
  private final CausalLM model;
  private final GenerationSession session;
  private final ChatPrompt prompts;
  private final Tools tools;
  private final GenerationConfig config;
  private final WhenFull whenFull;
  private final GenerationHooks hooks;
  private final ChatListener listener;
  private final List<ToolResult> results = new ArrayList<>();
  private int firstTurn;
  private int calls;
  private boolean isCancelled;

  /**
   * @param leftOut the number of oldest turns that were left out before
   */
  Answering(
      CausalLM model,
      GenerationSession session,
      ChatPrompt prompts,
      GenerationConfig config,
      WhenFull whenFull,
      GenerationHooks hooks,
      ChatListener listener,
      int leftOut) {
    this.model = model;
    this.session = session;
    this.prompts = prompts;
    this.tools = prompts.tools();
    this.config = config;
    this.whenFull = whenFull;
    this.hooks = hooks;
    this.listener = listener;
    this.firstTurn = leftOut;
  }

  /**
   * What came of a question.
   *
   * @param isKept whether the chat goes on with the conversation
   */
  record Outcome(Reply reply, Conversation conversation, boolean isKept) {}

  /** One answer of the model. */
  private record Said(
      String text,
      String thinking,
      List<ToolCall> calls,
      Optional<String> problem,
      Generation generation) {

    ChatMessage message() {
      ChatMessage message =
          calls.isEmpty()
              ? ChatMessage.assistant(text)
              : ChatMessage.toolCalls(calls.toArray(ToolCall[]::new))
                  .with("content", text.isBlank() ? null : text.strip());
      return thinking.isEmpty() ? message : message.reasoning(thinking);
    }
  }

  Outcome answer(Conversation asked, Consumer<String> sink, Cancellation cancellation) {
    firstTurn = Math.min(firstTurn, asked.turns() - 1);
    calls = (int) asked.messages().stream().filter(Answering::isResult).count();
    Conversation whole = asked;
    boolean isLimited = false;
    for (int round = 0; ; round++) {
      boolean isOffering = tools.areOffered() && !isLimited;
      boolean isCall = round == 0 && tools.choice() == ToolChoice.REQUIRED;
      Said said = say(whole, isOffering, isCall, sink, cancellation);
      if (said.calls.isEmpty()) {
        Optional<String> problem = isLimited ? Optional.of(tooManyRounds()) : said.problem;
        boolean isKept = !said.text.isEmpty();
        return outcome(said, isKept ? whole.plus(said.message()) : asked, isKept, problem);
      }
      whole = whole.plus(said.message());
      if (tools.areForCaller(said.calls)) {
        said.calls.forEach(listener::toolCall);
        return outcome(said, whole, true, Optional.empty());
      }
      isLimited = round == tools.mostRounds();
      try {
        for (ToolCall call : said.calls) {
          ToolResult result = isLimited ? notRun(call) : run(call, cancellation);
          whole = whole.plus(ChatMessage.tool(call, result.content()));
        }
      } catch (CancellationException e) {
        cancellation.isRequested(); // which takes the thread's interrupt
        isCancelled = true;
        return outcome(said, asked, false, Optional.of(cancelled()));
      }
    }
  }

  private static boolean isResult(ChatMessage message) {
    return message.role().equals("tool");
  }

  private Outcome outcome(
      Said said, Conversation conversation, boolean isKept, Optional<String> problem) {
    boolean isOpen = isKept && !said.calls.isEmpty();
    var use = new ToolUse(results, isOpen ? said.calls : List.of(), problem, isCancelled);
    var reply =
        new Reply(
            said.text, said.thinking, conversation.turns() - 1, firstTurn, said.generation, use);
    return new Outcome(reply, conversation, isKept);
  }

  private ToolResult run(ToolCall call, Cancellation cancellation) {
    listener.toolCall(call);
    ToolResult result = tools.run(call, cancellation::isRequested);
    results.add(result);
    listener.toolResult(result);
    return result;
  }

  private ToolResult notRun(ToolCall call) {
    String reason = "Error: the tool was not called again. Answer with what is known.";
    return new ToolResult(call, reason, true, Duration.ZERO);
  }

  private String tooManyRounds() {
    return String.format(
        Locale.ROOT,
        """
        The model called tools %d times in a row, which is the limit; its further calls were not run, and it had to \
        answer. Tools.mostRounds allows more.\
        """,
        tools.mostRounds());
  }

  private String cancelled() {
    return String.format(
        Locale.ROOT,
        "The answer was cancelled while a tool ran, after %d results; the chat did not keep the turn.",
        results.size());
  }

  private Said say(
      Conversation asked,
      boolean isOffering,
      boolean isCall,
      Consumer<String> sink,
      Cancellation cancellation) {
    Prompt prompt = fitting(asked, isOffering);
    Optional<ThinkingFormat> thinking = prompts.thinking();
    boolean isThinking =
        thinking.filter(format -> prompt.text.stripTrailing().endsWith(format.begin())).isPresent();
    Optional<ToolCallFormat> format = isOffering ? Optional.of(prompts.format()) : Optional.empty();
    var reader =
        new AnswerReader(model.tokenizer(), thinking, isThinking, format, listener::thinking, sink);
    Generation generation =
        session.generate(
            prompt.ids,
            format.map(form -> ruled(form, isCall, thinking, isThinking)).orElse(config),
            hooks.listener(reader).cancellation(cancellation));
    boolean isCutOff = generation.finishReason() == FinishReason.CANCELLED;
    return new Said(
        reader.answer().text(),
        reader.thinking(),
        isCutOff ? List.of() : reader.answer().calls().stream().map(this::withId).toList(),
        reader.answer().problem(),
        generation);
  }

  /** The config with a grammar of the calls, unless it has a format of its own. */
  private GenerationConfig ruled(
      ToolCallFormat form, boolean isCall, Optional<ThinkingFormat> thinking, boolean isThinking) {
    if (!tools.areByGrammar() || config.responseFormat().isPresent()) {
      return config;
    }
    var start =
        new AnswerStart(
            isCall,
            thinking.filter(format -> !isThinking).map(ThinkingFormat::begin),
            thinking.map(ThinkingFormat::end));
    return config.responseFormat(
        ResponseFormat.lark(
            form.grammar(
                tools.list(), start, mark -> AnswerReader.specialToken(model.tokenizer(), mark))));
  }

  /** Mistral's templates want an id of 9 letters and digits, and others do not mind it. */
  private ToolCall withId(ToolCall call) {
    calls++;
    boolean hasId = call.id() != null && call.id().matches("[A-Za-z0-9]{9}");
    return hasId ? call : call.id(String.format(Locale.ROOT, "call%05d", calls));
  }

  private record Prompt(String text, TokenIds ids) {}

  /** The prompt, without as many of the oldest turns as it takes where they may be left out. */
  private Prompt fitting(Conversation asked, boolean isOffering) {
    int last = asked.turns() - 1;
    int longest = session.longestPrompt(config);
    Prompt prompt = prompt(asked, isOffering);
    while (prompt.ids.size() > longest
        && firstTurn < last
        && whenFull == WhenFull.LEAVE_OUT_OLDEST_TURNS) {
      firstTurn++;
      prompt = prompt(asked, isOffering);
    }
    requireRoom(prompt.ids.size(), firstTurn == last);
    return prompt;
  }

  private Prompt prompt(Conversation asked, boolean isOffering) {
    String text = prompts.render(asked.without(0, firstTurn).messages(), isOffering);
    return new Prompt(text, model.tokenizer().encode(text, EncodeOptions.AS_IT_IS));
  }

  /**
   * @param isAlone false if another turn could be left out
   */
  private void requireRoom(int size, boolean isAlone) {
    int context = model.config().maxPositionEmbeddings();
    if (size >= context) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
              The chat is full: with this question it has %d tokens, and the model's context of %d has to \
              hold the answer too. The question was not asked. %s\
              """,
              size,
              context,
              isAlone
                  ? "Ask it in parts."
                  : "Drop a turn, or call setWhenFull(WhenFull.LEAVE_OUT_OLDEST_TURNS)."));
    }
  }
}
