package dev.ovchat.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A chat model of LangChain4j on OpenVINO that hands on its answer as it comes.
 *
 * <pre>{@code
 * try (OvchatStreamingChatModel model =
 *     OvchatStreamingChatModel.builder().modelDirectory(modelDir).build()) {
 *   model.chat("Who are you?", handler);
 * }
 * }</pre>
 *
 * <p>A call returns at once; the handler is called by a thread that generates the answer and waits
 * for the handler. Requests are answered one after the other, as those of {@link OvchatChatModel}.
 * A handler that cancels by its {@code StreamingHandle} hears no more. What the handler throws goes
 * to its own {@code onError}, and the answer goes on.
 */
public final class OvchatStreamingChatModel implements StreamingChatModel, AutoCloseable {
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "ovchat answer");
            thread.setDaemon(true);
            return thread;
          });

  private final ChatEngine engine;
  private final Executor executor;

  private OvchatStreamingChatModel(Builder builder) {
    engine = builder.engine();
    executor = builder.executor;
  }

  /** A builder, which needs a model directory or a model. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Answers a request.
   *
   * @param handler is told of the text, the end and errors, by one thread, which is not this one
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request asks for what this
   *     model cannot do; all other errors go to the handler
   */
  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    StreamedAnswer answer = new StreamedAnswer(handler);
    try {
      PreparedRequest prepared = engine.prepare(request);
      executor.execute(() -> answer.run(engine, prepared));
    } catch (InvalidRequestException e) {
      executor.execute(() -> answer.fail(e));
    }
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return engine.defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return engine.listeners();
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return RequestRules.CAPABILITIES;
  }

  /** Frees the cache, and the model if this has loaded it; an answer that is under way ends. */
  @Override
  public void close() {
    engine.close();
  }

  /** Builder of an {@link OvchatStreamingChatModel}. */
  public static final class Builder extends ModelBuilder<Builder> {
    private Executor executor = THREADS;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The executor whose threads generate and call handlers; daemon threads by default. */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /** Loads the model, unless one was given; throws as {@link OvchatChatModel.Builder#build()}. */
    public OvchatStreamingChatModel build() {
      return new OvchatStreamingChatModel(this);
    }
  }
}
