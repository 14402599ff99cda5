package dev.ovchat.chat;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationSession;
import dev.ovchat.generate.TextStreamer;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A conversation with a model, in turns. The model's own template makes the prompt of all messages,
 * and what the model has read once it does not read again.
 *
 * <pre>{@code
 * try (var chat = Chat.of(model, ChatTemplate.load(modelDir), config)) {
 *   chat.add(ChatMessage.system("You are a helpful AI assistant."));
 *   chat.ask("can you introduce yourself?", System.out::print);
 *   chat.ask("Shorter, please.", System.out::print);
 * }
 * }</pre>
 *
 * <p>Tools and variables come with the template, {@code ChatTemplate.load(modelDir).tools(tools)},
 * {@code .variable("enable_thinking", false)}. An answer that calls a tool is text like others; its
 * result is added, and {@link #answer} goes on.
 *
 * <p>A call that fails leaves the chat as it was. Questions from several threads wait for each
 * other; the receiver of an answer's text may look at the chat and close it, but is refused when it
 * asks or changes it, since the answer waits for its receiver. An interrupt, before the question or
 * while it is answered, ends the answer as cancelled, and the thread's interrupt flag is cleared.
 */
public final class Chat implements AutoCloseable {

  private final CausalLM model;
  private final ChatTemplate template;
  private final GenerationSession session;
  private volatile GenerationConfig config;
  private volatile WhenFull whenFull = WhenFull.REFUSE;
  private volatile Conversation conversation = new Conversation(List.of());
  private int leftOut;

  private Chat(CausalLM model, ChatTemplate template, GenerationConfig config) {
    this.model = model;
    this.template = template;
    this.config = config;
    this.session = model.newSession();
  }

  /**
   * An empty chat.
   *
   * @param model the model, which stays the caller's to close
   * @param config the settings for all answers, until another config is set
   * @throws IllegalStateException if the model is closed
   */
  public static Chat of(CausalLM model, ChatTemplate template, GenerationConfig config) {
    return new Chat(model, template, config);
  }

  /** Sets how the next answers are generated. */
  public void setConfig(GenerationConfig config) {
    this.config = config;
  }

  /** Sets what is done when the context is full; {@link WhenFull#REFUSE} at first. */
  public void setWhenFull(WhenFull whenFull) {
    change(
        () -> {
          this.whenFull = whenFull;
          leftOut = 0;
        });
  }

  /** Adds a message without having it answered: instructions, or what was said before. */
  public void add(ChatMessage message) {
    change(() -> conversation = conversation.plus(message));
  }

  /** The messages so far. */
  public List<ChatMessage> messages() {
    return conversation.messages();
  }

  /** Number of turns: one for each question. */
  public int turns() {
    return conversation.turns();
  }

  /**
   * The prompt that the model would get for the messages so far, with nothing left out.
   *
   * @throws dev.ovchat.text.TokenizerException if the template refuses the messages
   */
  public String prompt() {
    return template.render(conversation.messages());
  }

  /** Asks a question and waits for the answer. */
  public Reply ask(String question) {
    return ask(question, piece -> {});
  }

  /**
   * Asks a question, and hands on the answer as it comes.
   *
   * @throws GenerationException if the messages do not fit into the model's context, or it cannot
   *     answer as the config asks
   * @throws dev.ovchat.text.TokenizerException if the template refuses the messages
   * @throws IllegalStateException if this chat or the model is closed
   */
  public Reply ask(String question, Consumer<String> sink) {
    return ask(question, sink, new Cancellation());
  }

  /**
   * Same as above, for an answer that is to be stopped from outside. What was said until then stays
   * in the chat; a question to which nothing was said does not.
   */
  public Reply ask(String question, Consumer<String> sink, Cancellation cancellation) {
    return session.alone(
        () -> answer(conversation.plus(ChatMessage.user(question)), sink, cancellation));
  }

  /** Same as {@link #answer(Consumer, Cancellation)}. */
  public Reply answer(Consumer<String> sink) {
    return answer(sink, new Cancellation());
  }

  /**
   * Answers the messages so far, without another question: after a tool's result was added.
   *
   * @throws GenerationException as {@link #ask}, and before the first question
   */
  public Reply answer(Consumer<String> sink, Cancellation cancellation) {
    return session.alone(
        () -> {
          requireTurn(conversation.turns() - 1);
          return answer(conversation, sink, cancellation);
        });
  }

  /** Same as {@link #regenerate(Consumer, Cancellation)}. */
  public Reply regenerate(Consumer<String> sink) {
    return regenerate(sink, new Cancellation());
  }

  /**
   * Answers the last question anew. The answer is the same again without sampling, or with a seed.
   *
   * @throws GenerationException as {@link #ask}, and before the first question
   */
  public Reply regenerate(Consumer<String> sink, Cancellation cancellation) {
    return session.alone(
        () -> {
          int last = conversation.turns() - 1;
          requireTurn(last);
          return askAgain(last, conversation.question(last), sink, cancellation);
        });
  }

  /** Same as {@link #edit(int, String, Consumer, Cancellation)}. */
  public Reply edit(int turn, String question, Consumer<String> sink) {
    return edit(turn, question, sink, new Cancellation());
  }

  /**
   * Asks the question of a turn in other words. All that was said after it is dropped.
   *
   * @param turn the index of the turn, from 0
   * @throws GenerationException as {@link #ask}, and if the turn does not exist
   */
  public Reply edit(int turn, String question, Consumer<String> sink, Cancellation cancellation) {
    return session.alone(
        () -> {
          requireTurn(turn);
          return askAgain(turn, ChatMessage.user(question), sink, cancellation);
        });
  }

  private Reply askAgain(
      int turn, ChatMessage question, Consumer<String> sink, Cancellation cancellation) {
    leftOut = 0;
    return answer(conversation.before(turn).plus(question), sink, cancellation);
  }

  /** Drops a turn, question and answer. */
  public void drop(int turn) {
    change(
        () -> {
          requireTurn(turn);
          conversation = conversation.without(turn);
          leftOut = 0;
        });
  }

  private void change(Runnable change) {
    session.alone(
        () -> {
          change.run();
          return conversation;
        });
  }

  private void requireTurn(int turn) {
    if (turn < 0 || turn >= conversation.turns()) {
      throw new GenerationException(
          conversation.turns() == 0
              ? "There is no turn yet; ask a question first."
              : String.format(
                  Locale.ROOT,
                  "There is no turn %d; there are 0 to %d.",
                  turn,
                  conversation.turns() - 1));
    }
  }

  private Reply answer(Conversation asked, Consumer<String> sink, Cancellation cancellation) {
    int firstTurn = Math.min(leftOut, asked.turns() - 1);
    TokenIds prompt = encode(asked, firstTurn);
    int longestPrompt = session.longestPrompt(config);
    while (prompt.size() > longestPrompt && firstTurn < asked.turns() - 1 && mayLeaveOut()) {
      firstTurn++;
      prompt = encode(asked, firstTurn);
    }
    requireRoom(prompt, firstTurn == asked.turns() - 1);
    var streamer = TextStreamer.of(sink);
    Generation generation =
        session.generate(
            prompt, config, GenerationHooks.none().listener(streamer).cancellation(cancellation));
    String text = streamer.text();
    if (!text.isEmpty()) {
      conversation = asked.plus(ChatMessage.assistant(text));
      leftOut = firstTurn;
    }
    return new Reply(text, asked.turns() - 1, firstTurn, generation);
  }

  private TokenIds encode(Conversation asked, int firstTurn) {
    String prompt = template.render(asked.without(0, firstTurn).messages());
    return model.tokenizer().encode(prompt, EncodeOptions.AS_IT_IS);
  }

  private boolean mayLeaveOut() {
    return whenFull == WhenFull.LEAVE_OUT_OLDEST_TURNS;
  }

  private int context() {
    return model.config().maxPositionEmbeddings();
  }

  /**
   * @param isAlone false if another turn could be left out
   */
  private void requireRoom(TokenIds prompt, boolean isAlone) {
    if (prompt.size() >= context()) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
              The chat is full: with this question it has %d tokens, and the model's context of %d has to \
              hold the answer too. The question was not asked. %s\
              """,
              prompt.size(),
              context(),
              isAlone
                  ? "Ask it in parts."
                  : "Drop a turn, or call setWhenFull(WhenFull.LEAVE_OUT_OLDEST_TURNS)."));
    }
  }

  /**
   * Frees the cache. The model stays open. An answer that is being generated ends within a token,
   * as cancelled; this does not wait for that, so that the receiver of the answer's text may call
   * it.
   */
  @Override
  public void close() {
    session.close();
  }
}
