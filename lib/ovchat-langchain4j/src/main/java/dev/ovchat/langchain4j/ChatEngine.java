package dev.ovchat.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.chat.ChatListener;
import dev.ovchat.chat.ChatSession;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.Metrics;
import dev.ovchat.grammar.GrammarException;
import dev.ovchat.text.TokenizerException;
import dev.ovchat.tool.ToolException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The engine of both chat models: a request becomes a generation, and that a response. */
final class ChatEngine implements AutoCloseable {
  private final ChatSession session;
  private final String modelName;
  private final GenerationConfig baseConfig;
  private final ChatRequestParameters defaultRequestParameters;
  private final List<ChatModelListener> listeners;
  private final Runnable whenClosed;

  /**
   * @param baseConfig the values under the default parameters, for what those have no name for
   * @param whenClosed frees what the session works with
   */
  ChatEngine(
      ChatSession session,
      String modelName,
      GenerationConfig baseConfig,
      ChatRequestParameters defaultRequestParameters,
      List<ChatModelListener> listeners,
      Runnable whenClosed) {
    this.session = session;
    this.modelName = modelName;
    this.baseConfig = baseConfig;
    this.defaultRequestParameters = defaultRequestParameters;
    this.listeners = listeners;
    this.whenClosed = whenClosed;
  }

  ChatRequestParameters defaultRequestParameters() {
    return defaultRequestParameters;
  }

  List<ChatModelListener> listeners() {
    return listeners;
  }

  /**
   * A request in ovchat's terms.
   *
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if it asks for what is not there
   * @throws InvalidRequestException if a parameter is out of range
   */
  PreparedRequest prepare(ChatRequest request) {
    RequestRules.require(request.parameters(), modelName);
    try {
      return prepared(request);
    } catch (ToolException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }

  private PreparedRequest prepared(ChatRequest request) {
    return valid(
        () ->
            new PreparedRequest(
                Messages.of(request.messages()),
                Schemas.tools(request.parameters()),
                Parameters.over(baseConfig, request.parameters())));
  }

  /**
   * The answer to a request.
   *
   * @param listener receives what is thought piece by piece, and each call of a tool
   * @param sink receives its text piece by piece
   * @throws InvalidRequestException if the messages do not fit
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if there are tools, and the model
   *     calls them in a form that is not known
   * @throws IllegalStateException if this is closed
   */
  ChatCompletion complete(
      PreparedRequest request,
      ChatListener listener,
      Consumer<String> sink,
      Cancellation cancellation) {
    try {
      return valid(
          () ->
              session.complete(
                  request.messages(),
                  request.tools(),
                  request.config(),
                  listener,
                  sink,
                  cancellation));
    } catch (ToolException e) {
      throw new UnsupportedFeatureException(e.getMessage());
    }
  }

  /**
   * Refuses an answer that was cut off, and not by its receiver.
   *
   * @throws IllegalStateException if this was closed meanwhile
   * @throws LangChain4jException if the thread was interrupted, which it is again
   */
  static void requireWhole(ChatCompletion completion, Cancellation cancellation) {
    if (completion.finishReason() != dev.ovchat.generate.FinishReason.CANCELLED) {
      return;
    }
    int tokens = completion.generation().ids().size();
    if (!cancellation.isRequested()) { // an interrupt requests it
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "The model was closed; the answer ends after %d tokens.", tokens));
    }
    Thread.currentThread().interrupt();
    throw new LangChain4jException(
        String.format(
            Locale.ROOT, "The thread was interrupted; the answer ends after %d tokens.", tokens));
  }

  /** The answer in LangChain4j's terms. */
  ChatResponse response(ChatCompletion completion) {
    Metrics metrics = completion.generation().metrics();
    return ChatResponse.builder()
        .aiMessage(Messages.of(completion))
        .metadata(
            OvchatChatResponseMetadata.builder()
                .id(UUID.randomUUID().toString())
                .modelName(modelName)
                .tokenUsage(new TokenUsage(metrics.promptTokens(), metrics.newTokens()))
                .finishReason(finishReason(completion))
                .metrics(metrics)
                .build())
        .build();
  }

  private static FinishReason finishReason(ChatCompletion completion) {
    if (!completion.calls().isEmpty()) {
      return FinishReason.TOOL_EXECUTION;
    }
    return switch (completion.finishReason()) {
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED -> FinishReason.OTHER;
      default -> FinishReason.STOP;
    };
  }

  /**
   * Does work that may refuse the request; what the caller can mend in it has LangChain4j's
   * exception for that.
   */
  private static <T> T valid(Supplier<T> work) {
    try {
      return work.get();
    } catch (GenerationException | TokenizerException | GrammarException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.close();
    whenClosed.run();
  }
}
