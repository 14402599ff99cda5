package dev.ovchat.chat;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.text.PrintingThread;
import dev.ovchat.tool.ToolCall;
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
  private final ChatSession session;
  private final Tools tools;
  private final GenerationConfig config;
  private final WhenFull whenFull;
  private final GenerationHooks hooks;
  private final ChatListener listener;
  private final List<ToolResult> results = new ArrayList<>();
  private int firstTurn;
  private boolean isCancelled;

  /**
   * @param leftOut the number of oldest turns that were left out before
   */
  Answering(
      ChatSession session,
      Tools tools,
      GenerationConfig config,
      WhenFull whenFull,
      GenerationHooks hooks,
      ChatListener listener,
      int leftOut) {
    this.session = session;
    this.tools = tools;
    this.config = config;
    this.whenFull = whenFull;
    this.hooks = hooks;
    this.listener = listener;
    this.firstTurn = leftOut;
  }

  /**
   * The outcome of a question.
   *
   * @param isKept whether the chat goes on with the conversation
   */
  record Outcome(Reply reply, Conversation conversation, boolean isKept) {}

  Outcome answer(Conversation asked, Consumer<String> sink, Cancellation cancellation) {
    firstTurn = Math.min(firstTurn, asked.turns() - 1);
    Conversation whole = asked;
    boolean isLimited = false;
    for (int round = 0; ; round++) {
      Tools offered = isLimited ? tools.choice(ToolChoice.NONE) : tools;
      ChatCompletion said = say(whole, offered, sink, cancellation);
      if (said.calls().isEmpty()) {
        Optional<String> problem = isLimited ? Optional.of(tooManyRounds()) : said.problem();
        boolean isKept = !said.text().isEmpty();
        return outcome(said, isKept ? whole.plus(said.message()) : asked, isKept, problem);
      }
      whole = whole.plus(said.message());
      if (tools.areForCaller(said.calls())) {
        said.calls().forEach(listener::toolCall);
        return outcome(said, whole, true, Optional.empty());
      }
      isLimited = round == tools.mostRounds();
      try {
        for (ToolCall call : said.calls()) {
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

  private Outcome outcome(
      ChatCompletion said, Conversation conversation, boolean isKept, Optional<String> problem) {
    boolean isOpen = isKept && !said.calls().isEmpty();
    var use = new ToolUse(results, isOpen ? said.calls() : List.of(), problem, isCancelled);
    var reply =
        new Reply(
            said.text(),
            said.thinking(),
            conversation.turns() - 1,
            firstTurn,
            said.generation(),
            use);
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

  private ChatCompletion say(
      Conversation asked, Tools offered, Consumer<String> sink, Cancellation cancellation) {
    var thoughts = new PrintingThread(listener::thinking);
    var said = new PrintingThread(sink);
    ChatCompletion completion =
        session.complete(
            fitting(asked, offered),
            config,
            hooks.cancellation(cancellation),
            thoughts::handOn,
            piece -> {
              thoughts.finish(); // what is said comes after all that was thought
              said.handOn(piece);
            });
    thoughts.finish();
    said.finish();
    return completion;
  }

  /** The prompt, without as many of the oldest turns as it takes where they may be left out. */
  private ChatSession.Prompt fitting(Conversation asked, Tools offered) {
    int last = asked.turns() - 1;
    int longest = session.longestPrompt(config);
    ChatSession.Prompt prompt = prompt(asked, offered);
    while (prompt.ids().size() > longest
        && firstTurn < last
        && whenFull == WhenFull.LEAVE_OUT_OLDEST_TURNS) {
      firstTurn++;
      prompt = prompt(asked, offered);
    }
    requireRoom(prompt.ids().size(), firstTurn == last);
    return prompt;
  }

  private ChatSession.Prompt prompt(Conversation asked, Tools offered) {
    return session.prompt(asked.without(0, firstTurn).messages(), offered);
  }

  /**
   * @param isAlone false if another turn could be left out
   */
  private void requireRoom(int size, boolean isAlone) {
    int context = session.context();
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
