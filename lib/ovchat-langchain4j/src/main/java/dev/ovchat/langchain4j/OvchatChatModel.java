package dev.ovchat.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.chat.ChatListener;
import dev.ovchat.generate.Cancellation;
import java.util.List;
import java.util.Set;

/**
 * A chat model of LangChain4j on OpenVINO, in this process.
 *
 * <pre>{@code
 * try (OvchatChatModel model =
 *     OvchatChatModel.builder().modelDirectory(modelDir).maxOutputTokens(256).build()) {
 *   model.chat("Who are you?");
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads, whose requests are answered one after the other: one cache
 * serves them, and what a request has in common with the beginning of the one before is not read
 * again. An interrupt ends the answer; the call then throws, with the interrupt flag set.
 */
public final class OvchatChatModel implements ChatModel, AutoCloseable {
  private final ChatEngine engine;

  private OvchatChatModel(Builder builder) {
    engine = builder.engine();
  }

  /** A builder, which needs a model directory or a model. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Answers a request.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if it asks for what this model
   *     cannot do
   * @throws dev.langchain4j.exception.InvalidRequestException if its messages do not fit the
   *     model's context or its chat template, or a parameter is out of range
   * @throws IllegalStateException if this model is closed
   */
  @Override
  public ChatResponse doChat(ChatRequest request) {
    Cancellation cancellation = new Cancellation();
    ChatCompletion completion =
        engine.complete(engine.prepare(request), ChatListener.NONE, piece -> {}, cancellation);
    ChatEngine.requireWhole(completion, cancellation);
    return engine.response(completion);
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

  /** Frees the cache, and the model if this has loaded it. */
  @Override
  public void close() {
    engine.close();
  }

  /** Builder of an {@link OvchatChatModel}. */
  public static final class Builder extends ModelBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Loads the model, unless one was given.
     *
     * @throws IllegalArgumentException if neither a model directory nor a model is set, or both are
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if a default parameter is one
     *     that this model does not know
     * @throws dev.ovchat.config.GenerationException if one is out of range
     * @throws RuntimeException as {@code CausalLM.load}, if the model cannot be loaded
     */
    public OvchatChatModel build() {
      return new OvchatChatModel(this);
    }
  }
}
