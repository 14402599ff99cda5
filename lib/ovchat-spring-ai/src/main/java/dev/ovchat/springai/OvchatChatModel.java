package dev.ovchat.springai;

import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.chat.ChatListener;
import dev.ovchat.chat.ChatSession;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.FinishReason;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.MessageAggregator;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A chat model of Spring AI on OpenVINO, in this process.
 *
 * <pre>{@code
 * try (var chatModel = OvchatChatModel.of(model, ChatTemplate.load(modelDir))) {
 *   ChatClient.create(chatModel).prompt("Who are you?").call().content();
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads, whose prompts are answered one after the other: one cache
 * serves them, and what a prompt has in common with the beginning of the one before is not read
 * again. As with all models of Spring AI 2, calls of tools are in the response, and whoever asked
 * runs them: {@code ChatClient} does. An interrupt ends an answer; so does a subscriber that
 * cancels.
 */
public final class OvchatChatModel implements ChatModel, AutoCloseable {
  private static final String PROVIDER = "ovchat";
  private static final ChatModelObservationConvention CONVENTION =
      new DefaultChatModelObservationConvention();

  private final ChatSession session;
  private final Settings settings;
  private final Scheduler streams = Schedulers.fromExecutorService(oneThread());

  /**
   * Settings that all requests have in common.
   *
   * @param options the values that requests may change
   * @param own the model's own config, for what is not set
   */
  private record Settings(
      String modelName,
      OvchatChatOptions options,
      GenerationConfig own,
      ObservationRegistry observations,
      ChatModelObservationConvention convention) {}

  private OvchatChatModel(ChatSession session, Settings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * The thread of streams, which goes where there is nothing to answer. Streams that wait for their
   * turn would keep Reactor's own threads, of which there are few, from the application's work.
   */
  private static ExecutorService oneThread() {
    var executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ovchat answer");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** A chat model without options, whose name is the model's type, such as {@code llama}. */
  public static OvchatChatModel of(CausalLM model, ChatTemplate template) {
    return of(model, template, model.config().modelType(), OvchatChatOptions.builder().build());
  }

  /**
   * A chat model.
   *
   * @param model the model, which stays the caller's to close
   * @param modelName the name that responses give the model
   * @param options the values of requests that set none
   * @throws dev.ovchat.config.GenerationException if one of them is out of range
   * @throws IllegalStateException if the model is closed
   */
  public static OvchatChatModel of(
      CausalLM model, ChatTemplate template, String modelName, OvchatChatOptions options) {
    return of(model, template, modelName, options, ObservationRegistry.NOOP, CONVENTION);
  }

  /**
   * Same as above, with what observes the requests.
   *
   * @param convention how Micrometer's observations are named
   */
  public static OvchatChatModel of(
      CausalLM model,
      ChatTemplate template,
      String modelName,
      OvchatChatOptions options,
      ObservationRegistry observations,
      ChatModelObservationConvention convention) {
    GenerationConfig own = model.generationConfig();
    Request.of(new Prompt(List.of()), options, own, modelName); // refuses what none could have
    return new OvchatChatModel(
        ChatSession.of(model, template),
        new Settings(modelName, options, own, observations, convention));
  }

  @Override
  public OvchatChatOptions getOptions() {
    return settings.options;
  }

  /**
   * Answers a prompt.
   *
   * @throws UnsupportedOperationException if it asks for what this model cannot do
   * @throws dev.ovchat.config.GenerationException if its messages leave no room in the model's
   *     context, or an option is out of range
   * @throws dev.ovchat.text.TokenizerException if the chat template refuses its messages
   * @throws dev.ovchat.tool.ToolException if it is not known how the model calls tools
   * @throws dev.ovchat.grammar.GrammarException if the output schema is wrong
   * @throws CancellationException if the thread is interrupted, which it is again
   * @throws IllegalStateException if this model is closed
   */
  @Override
  public ChatResponse call(Prompt prompt) {
    Request request = request(prompt);
    ChatModelObservationContext context = context(request, false);
    return observation(context)
        .observe(
            () -> {
              Cancellation cancellation = new Cancellation();
              ChatCompletion completion =
                  complete(request, ChatListener.NONE, piece -> {}, cancellation);
              requireWhole(completion, cancellation);
              ChatResponse response = Responses.of(completion, settings.modelName);
              context.setResponse(response);
              return response;
            });
  }

  /**
   * Answers a prompt piece by piece; the last response has the finish reason and the usage. Each
   * subscriber gets an answer of its own, which one thread of this model's generates, and the
   * errors that {@link #call} throws.
   */
  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    return Flux.deferContextual(
        reactor -> {
          Request request = request(prompt);
          ChatModelObservationContext context = context(request, true);
          Observation observation = observation(context);
          observation
              .parentObservation(reactor.getOrDefault(ObservationThreadLocalAccessor.KEY, null))
              .start();
          Flux<ChatResponse> answer =
              Flux.<ChatResponse>create(sink -> stream(request, sink))
                  .subscribeOn(streams)
                  .doOnError(observation::error)
                  .contextWrite(each -> each.put(ObservationThreadLocalAccessor.KEY, observation));
          // Before the subscriber hears of the end, who may look at what was observed.
          return (observation.isNoop() ? answer : aggregated(answer, context))
              .doOnTerminate(observation::stop)
              .doOnCancel(observation::stop);
        });
  }

  /** The same, with the whole answer in the context at its end. */
  private static Flux<ChatResponse> aggregated(
      Flux<ChatResponse> answer, ChatModelObservationContext context) {
    return new MessageAggregator().aggregate(answer, context::setResponse);
  }

  private void stream(Request request, FluxSink<ChatResponse> sink) {
    Cancellation cancellation = new Cancellation();
    sink.onCancel(cancellation::cancel);
    try {
      ChatCompletion completion =
          complete(
              request,
              thinking(sink),
              piece -> sink.next(Responses.piece(piece, settings.modelName)),
              cancellation);
      if (!sink.isCancelled()) {
        requireWhole(completion, cancellation);
        sink.next(Responses.end(completion, settings.modelName));
        sink.complete();
      }
    } catch (RuntimeException | Error e) {
      sink.error(e);
    }
  }

  private ChatListener thinking(FluxSink<ChatResponse> sink) {
    return new ChatListener() {
      @Override
      public void thinking(String piece) {
        sink.next(Responses.thinking(piece, settings.modelName));
      }
    };
  }

  private Request request(Prompt prompt) {
    return Request.of(prompt, settings.options, settings.own, settings.modelName);
  }

  private ChatCompletion complete(
      Request request, ChatListener listener, Consumer<String> sink, Cancellation cancellation) {
    return session.complete(
        request.messages(), request.tools(), request.config(), listener, sink, cancellation);
  }

  /** Refuses an answer that was cut off, and not by its receiver. */
  private static void requireWhole(ChatCompletion completion, Cancellation cancellation) {
    if (completion.finishReason() != FinishReason.CANCELLED) {
      return;
    }
    int tokens = completion.generation().ids().size();
    if (!cancellation.isRequested()) { // an interrupt requests it
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "The model was closed; the answer ends after %d tokens.", tokens));
    }
    Thread.currentThread().interrupt();
    throw new CancellationException(
        String.format(
            Locale.ROOT, "The thread was interrupted; the answer ends after %d tokens.", tokens));
  }

  private static ChatModelObservationContext context(Request request, boolean isStream) {
    return ChatModelObservationContext.builder()
        .prompt(request.prompt())
        .provider(PROVIDER)
        .streaming(isStream)
        .build();
  }

  private Observation observation(ChatModelObservationContext context) {
    return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(
        settings.convention, CONVENTION, () -> context, settings.observations);
  }

  /** Frees the cache; an answer that is under way ends. The model stays open. */
  @Override
  public void close() {
    session.close();
  }
}
