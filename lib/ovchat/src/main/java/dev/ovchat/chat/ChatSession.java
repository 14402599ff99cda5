package dev.ovchat.chat;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationListener;
import dev.ovchat.generate.GenerationSession;
import dev.ovchat.text.EncodeOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
 * read again. For one answer at a time; calls from several threads wait for each other, but for
 * {@link #close()}. A {@link Chat} keeps the messages itself.
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

  /** Same as below, with the template's own tools. */
  public ChatCompletion complete(List<ChatMessage> messages, GenerationConfig config) {
    return complete(template.render(messages), config, piece -> {}, new Cancellation());
  }

  /**
   * Generates the answer to messages.
   *
   * @param tools as in {@link ChatTemplate#tools}, in place of the template's own; an empty list
   *     for none
   * @param sink receives the answer's text piece by piece, on this thread, which waits for it; what
   *     it throws ends the answer
   * @param cancellation a way to stop the answer from outside; an interrupt of this thread does the
   *     same, and its interrupt flag is cleared
   * @throws dev.ovchat.config.GenerationException if the messages leave no room in the model's
   *     context, or it cannot answer as the config asks
   * @throws dev.ovchat.text.TokenizerException if the template refuses the messages
   * @throws IllegalStateException if this session is closed
   */
  public ChatCompletion complete(
      List<ChatMessage> messages,
      List<? extends Map<String, ?>> tools,
      GenerationConfig config,
      Consumer<String> sink,
      Cancellation cancellation) {
    return complete(template.render(messages, tools, Map.of()), config, sink, cancellation);
  }

  private ChatCompletion complete(
      String prompt, GenerationConfig config, Consumer<String> sink, Cancellation cancellation) {
    var text = new CollectedText(sink);
    Generation generation =
        session.generate(
            model.tokenizer().encode(prompt, EncodeOptions.AS_IT_IS),
            config,
            GenerationHooks.none().listener(text).cancellation(cancellation));
    return new ChatCompletion(text.toString(), generation);
  }

  /** Frees the cache. An answer that is being generated ends within a token, as cancelled. */
  @Override
  public void close() {
    session.close();
  }

  /** Hands text on where it is generated: a program's own threads decide what waits for what. */
  private static final class CollectedText implements GenerationListener {
    private final StringBuilder text = new StringBuilder();
    private final Consumer<String> sink;

    CollectedText(Consumer<String> sink) {
      this.sink = sink;
    }

    @Override
    public void token(int id) {}

    @Override
    public void text(String piece) {
      text.append(piece);
      sink.accept(piece);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
