package dev.ovchat.chat;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationSession;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.tool.AnswerForm;
import dev.ovchat.tool.ToolCallFormat;
import dev.ovchat.tool.ToolChoice;
import dev.ovchat.tool.Tools;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers lists of messages, one after the other, over one KV cache: for programs that keep the
 * conversation themselves and hand over all of it each time, as frameworks do.
 *
 * <pre>{@code
 * try (var session = ChatSession.of(model, ChatTemplate.load(modelDir))) {
 *   session.complete(List.of(ChatMessage.user("Who are you?")), config).text();
 * }
 * }</pre>
 *
 * <p>What the messages have in common with the beginning of those before, and their answer, is not
 * read again. Tools are offered, and their calls read; none is run. Where the config has a response
 * format, the answer follows it, or calls tools; what the model thinks before is free. For one
 * answer at a time; calls from several threads wait for each other, but for {@link #close()}. A
 * {@link Chat} keeps the messages itself, and runs the tools.
 */
public final class ChatSession implements AutoCloseable {
  private final CausalLM model;
  private final ChatTemplate template;
  private final GenerationSession session;

  private ChatSession(CausalLM model, ChatTemplate template) {
    this.model = model;
    this.template = template;
    this.session = model.newSession();
  }

  /**
   * A session with an empty cache.
   *
   * @param model the model, which stays the caller's to close
   * @throws IllegalStateException if the model is closed
   */
  public static ChatSession of(CausalLM model, ChatTemplate template) {
    return new ChatSession(model, template);
  }

  /** Messages as the model reads them, with the tools that it is offered. */
  record Prompt(List<ChatMessage> messages, ChatPrompt form, String text, TokenIds ids) {}

  /** Same as below, without tools, but for those that the template has of its own. */
  public ChatCompletion complete(List<ChatMessage> messages, GenerationConfig config) {
    return complete(
        messages, Tools.none(), config, ChatListener.NONE, piece -> {}, new Cancellation());
  }

  /**
   * Generates the answer to messages.
   *
   * @param tools the tools that the model may call, or has to, by their {@link ToolChoice}; the
   *     caller runs what it calls
   * @param listener receives what the model thinks piece by piece, and each call at the end, on
   *     this thread
   * @param sink receives the answer's text piece by piece, on this thread, which waits for it; what
   *     it throws ends the answer
   * @param cancellation a way to stop the answer from outside; an interrupt of this thread does the
   *     same, and its interrupt flag is cleared
   * @throws dev.ovchat.config.GenerationException if the messages leave no room in the model's
   *     context, or it cannot answer as the config asks
   * @throws dev.ovchat.text.TokenizerException if the template refuses the messages
   * @throws dev.ovchat.tool.ToolException if it is not known how the model calls tools, or it has
   *     to call one and there is none
   * @throws dev.ovchat.grammar.GrammarException if the response format is wrong
   * @throws IllegalStateException if this session is closed
   */
  public ChatCompletion complete(
      List<ChatMessage> messages,
      Tools tools,
      GenerationConfig config,
      ChatListener listener,
      Consumer<String> sink,
      Cancellation cancellation) {
    ChatCompletion completion =
        complete(
            prompt(messages, tools),
            config,
            GenerationHooks.none().cancellation(cancellation),
            listener::thinking,
            sink);
    completion.calls().forEach(listener::toolCall);
    return completion;
  }

  /** The prompt of messages. */
  Prompt prompt(List<ChatMessage> messages, Tools tools) {
    session.requireOpen(); // or the tokenizer of a model that is closed as well would refuse
    tools.requireUsable();
    var form = new ChatPrompt(template, tools);
    String text = form.render(messages, tools.areOffered());
    return new Prompt(messages, form, text, model.tokenizer().encode(text, EncodeOptions.AS_IT_IS));
  }

  /** The answer to a prompt, with rules of the caller's own. */
  ChatCompletion complete(
      Prompt prompt,
      GenerationConfig config,
      GenerationHooks hooks,
      Consumer<String> thinkingSink,
      Consumer<String> sink) {
    Optional<ThinkingFormat> thinking = prompt.form.thinking();
    boolean isThinking =
        thinking.filter(format -> prompt.text.stripTrailing().endsWith(format.begin())).isPresent();
    Tools tools = prompt.form.tools();
    Optional<ToolCallFormat> calls =
        tools.areOffered() ? Optional.of(prompt.form.format()) : Optional.empty();
    var reader =
        new AnswerReader(model.tokenizer(), thinking, isThinking, calls, thinkingSink, sink);
    var form =
        new AnswerForm(
            tools.choice() == ToolChoice.REQUIRED && !isResult(prompt.messages),
            thinking.filter(format -> !isThinking).map(ThinkingFormat::begin),
            thinking.map(ThinkingFormat::end),
            config.responseFormat().map(ResponseFormat::asLarkRule));
    Generation generation =
        session.generate(prompt.ids, ruled(config, form, calls, tools), hooks.listener(reader));
    boolean isCutOff = generation.finishReason() == FinishReason.CANCELLED;
    return new ChatCompletion(
        reader.answer().text(),
        reader.thinking(),
        isCutOff ? List.of() : CallIds.given(reader.answer().calls(), prompt.messages),
        reader.answer().problem(),
        generation);
  }

  /** Tests whether the messages end in a tool's result: from then on the model decides. */
  private static boolean isResult(List<ChatMessage> messages) {
    return !messages.isEmpty() && messages.get(messages.size() - 1).role().equals("tool");
  }

  /** The config with a grammar of the whole answer, where its own format is not enough. */
  private GenerationConfig ruled(
      GenerationConfig config, AnswerForm form, Optional<ToolCallFormat> calls, Tools tools) {
    Function<String, OptionalInt> specialTokens =
        mark -> AnswerReader.specialToken(model.tokenizer(), mark);
    if (calls.isPresent() && tools.areByGrammar()) {
      return config.responseFormat(
          ResponseFormat.lark(calls.get().grammar(tools.list(), form, specialTokens)));
    }
    return form.rule().isPresent() && form.thinkingEnd().isPresent()
        ? config.responseFormat(ResponseFormat.lark(form.grammar(specialTokens)))
        : config;
  }

  /** See {@link GenerationSession#longestPrompt}. */
  int longestPrompt(GenerationConfig config) {
    return session.longestPrompt(config);
  }

  /** The number of tokens that prompt and answer may have together. */
  int context() {
    return model.config().maxPositionEmbeddings();
  }

  /** See {@link GenerationSession#alone}. */
  <T> T alone(Supplier<T> work) {
    return session.alone(work);
  }

  /** Frees the cache. An answer that is being generated ends within a token, as cancelled. */
  @Override
  public void close() {
    session.close();
  }
}
