package dev.ovchat.chat;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.tool.Tools;
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
 * <p>With {@link #setTools}, calls of tools are run, and the model goes on with their results.
 * Variables come with the template, {@code ChatTemplate.load(modelDir).variable("enable_thinking",
 * false)}. What a model thinks before it answers is apart from the answer; the template says which
 * of it the next prompts have.
 *
 * <p>A call that fails leaves the chat as it was. Questions from several threads wait for each
 * other; the receiver of an answer's text may look at the chat and close it, but is refused when it
 * asks or changes it, since the answer waits for its receiver. An interrupt, before the question or
 * while it is answered, ends the answer as cancelled, and the thread's interrupt flag is cleared.
 */
public final class Chat implements AutoCloseable {

  private final ChatTemplate template;
  private final ChatSession session;
  private volatile GenerationConfig config;
  private volatile Tools tools = Tools.none();
  private volatile ChatListener listener = ChatListener.NONE;
  private volatile GenerationHooks hooks = GenerationHooks.none();
  private volatile WhenFull whenFull = WhenFull.REFUSE;
  private volatile Conversation conversation = new Conversation(List.of());
  private int leftOut;

  private Chat(CausalLM model, ChatTemplate template, GenerationConfig config) {
    this.template = template;
    this.config = config;
    this.session = ChatSession.of(model, template);
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

  /**
   * Sets the tools that the model may call. Each call is run, and its result added, until the model
   * answers, or has called tools {@link Tools#mostRounds(int)} times; then the reply says so. Calls
   * of tools without a function are in {@link ToolUse#open()}, for the caller to answer.
   *
   * @throws dev.ovchat.tool.ToolException if it is not known how the model calls tools, or it has
   *     to call one and there is none
   */
  public void setTools(Tools tools) {
    tools.requireUsable();
    if (!tools.list().isEmpty()) {
      new ChatPrompt(template, tools).format(); // which says so now, and not with the next question
    }
    change(() -> this.tools = tools);
  }

  /**
   * Sets the rules of one's own for the next answers: logits processors, a sampler, a drafter. Who
   * receives the tokens, and the way to cancel, are the chat's.
   */
  public void setHooks(GenerationHooks hooks) {
    this.hooks = hooks;
  }

  /** Sets who is notified of thinking, calls of tools and their results. */
  public void setListener(ChatListener listener) {
    this.listener = listener;
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
    return new ChatPrompt(template, tools).render(conversation.messages(), tools.areOffered());
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
    var answering = new Answering(session, tools, config, whenFull, hooks, listener, leftOut);
    Answering.Outcome outcome = answering.answer(asked, sink, cancellation);
    if (outcome.isKept()) {
      conversation = outcome.conversation();
      leftOut = outcome.reply().turnsLeftOut();
    }
    return outcome.reply();
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
