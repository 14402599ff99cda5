package dev.ovchat.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Metrics;
import dev.ovchat.openvino.Device;
import dev.ovchat.tool.ToolChoice;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.EntityParamSpec;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.converter.BeanOutputConverter;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;
import reactor.core.publisher.Flux;

/** The chat model answers as ovchat's own chat, in one response and in many. */
class OvchatChatModelTest {
  private static final String QUESTION = "can you introduce yourself?";

  private static CausalLM loaded;
  private static ChatTemplate template;
  private static String answer;
  private OvchatChatModel model;

  @BeforeAll
  static void load() {
    loaded = CausalLM.load(DemoModel.DIRECTORY, Device.of("CPU"), DemoModel.ACCURATE);
    template = ChatTemplate.load(DemoModel.DIRECTORY);
    try (Chat chat = Chat.of(loaded, template, GenerationConfig.defaults().maxNewTokens(1024))) {
      answer = chat.ask(QUESTION).text();
    }
  }

  @AfterAll
  static void close() {
    loaded.close();
  }

  @BeforeEach
  void start() {
    model = OvchatChatModel.of(loaded, template);
  }

  @AfterEach
  void end() {
    model.close();
  }

  private static Metrics metrics(ChatResponse response) {
    return (Metrics) response.getMetadata().getUsage().getNativeUsage();
  }

  @Test
  void answersAsTheChatOfTheJar() {
    ChatResponse response = model.call(new Prompt(QUESTION));

    assertThat(response.getResult().getOutput().getText()).isEqualTo(answer).isNotBlank();
    assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("stop");
    assertThat(response.getMetadata().getModel()).isEqualTo("phi3");
    assertThat(response.getMetadata().getUsage().getPromptTokens())
        .isEqualTo(metrics(response).promptTokens());
    assertThat(ChatClient.create(model).prompt(QUESTION).call().content()).isEqualTo(answer);
  }

  @Test
  void aStreamHasTheSameAnswerAndEndsWithTheUsage() {
    List<ChatResponse> responses = model.stream(new Prompt(QUESTION)).collectList().block();

    assertThat(responses).hasSizeGreaterThan(5);
    assertThat(
            responses.stream()
                .map(response -> response.getResult().getOutput().getText())
                .collect(Collectors.joining()))
        .isEqualTo(answer);
    ChatResponse last = responses.get(responses.size() - 1);
    assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("stop");
    assertThat(last.getMetadata().getUsage().getCompletionTokens())
        .isEqualTo(metrics(last).newTokens());
  }

  @Test
  void aLongerConversationReadsOnlyWhatIsNew() {
    ChatResponse first = model.call(new Prompt(QUESTION));
    List<Message> messages = new ArrayList<>(List.of(new UserMessage(QUESTION)));
    messages.add(first.getResult().getOutput());
    messages.add(new UserMessage("Shorter, please."));
    ChatResponse second = model.call(new Prompt(messages));

    // But for the last token of the answer, which ended it.
    assertThat(second.getMetadata().getUsage().getCacheReadInputTokens())
        .isEqualTo(metrics(first).promptTokens() + metrics(first).newTokens() - 1);
  }

  @Test
  void whoeverHasEnoughEndsTheAnswer() {
    List<ChatResponse> few = model.stream(new Prompt(QUESTION)).take(3).collectList().block();

    assertThat(few).hasSize(3);
    assertThat(model.call(new Prompt(QUESTION)).getResult().getOutput().getText())
        .isEqualTo(answer);
  }

  @Test
  void optionsOfAPromptAreInForce() {
    ChatResponse response =
        model.call(new Prompt(QUESTION, ChatOptions.builder().maxTokens(5).build()));

    assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(5);
    assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("length");
  }

  @Test
  void aWrongPromptIsRefusedWithTheReason() {
    Prompt tooLong = new Prompt("word ".repeat(5000));
    assertThatThrownBy(() -> model.call(tooLong))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("context of 4096");
    assertThatThrownBy(() -> model.stream(tooLong).blockLast())
        .isInstanceOf(GenerationException.class);
    Media picture = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(new byte[1]));
    Prompt seen = new Prompt(UserMessage.builder().text("What is it?").media(picture).build());
    assertThatThrownBy(() -> model.call(seen))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("images");
    // A stream says so to its subscriber.
    assertThat(
            model.stream(seen)
                .onErrorResume(UnsupportedOperationException.class, e -> Flux.empty())
                .collectList()
                .block())
        .isEmpty();
  }

  @Test
  void oneThreadGeneratesAllStreams() {
    Prompt few = new Prompt(QUESTION, ChatOptions.builder().maxTokens(3).build());
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Flux.range(0, 3)
        .flatMap(
            each -> model.stream(few).doOnNext(response -> threads.add(Thread.currentThread())))
        .blockLast();
    assertThat(threads).hasSize(1);
  }

  @Test
  void aCallWhoseArgumentsCannotBeReadIsNamed() {
    AssistantMessage.ToolCall cut =
        new AssistantMessage.ToolCall("1", "function", "weather", "{\"city\"");
    Message called = AssistantMessage.builder().content("").toolCalls(List.of(cut)).build();
    assertThatThrownBy(() -> model.call(new Prompt(List.of(new UserMessage(QUESTION), called))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The arguments of a call of weather cannot be read. ");
  }

  @Test
  void anInterruptEndsTheAnswerAndIsSeenAfterwards() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> model.call(new Prompt(QUESTION)))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aClosedModelSaysSo() {
    model.close();
    assertThatThrownBy(() -> model.call(new Prompt(QUESTION)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "This chat or session is closed. Make it again; in a notebook, run its cell again.");
  }

  /** One of two words, so that the model, which knows no tools, comes to an end. */
  enum City {
    PARIS,
    ROME
  }

  record Asked(City city) {}

  record Mood(boolean good) {}

  private static OvchatChatOptions.Builder required(List<Asked> asked) {
    return OvchatChatOptions.builder()
        .toolChoice(ToolChoice.REQUIRED)
        .toolCallbacks(
            FunctionToolCallback.builder(
                    "weather",
                    (Asked city) -> {
                      asked.add(city);
                      return "22 degrees";
                    })
                .description("The weather of a city")
                .inputType(Asked.class)
                .build());
  }

  @Test
  void theChatClientRunsTheToolsThatAreCalled() {
    List<Asked> asked = new ArrayList<>();
    String called =
        ChatClient.create(model).prompt(QUESTION).options(required(asked)).call().content();
    assertThat(asked).isNotEmpty().doesNotContainNull();
    assertThat(called).isNotBlank();

    asked.clear();
    List<String> pieces =
        ChatClient.create(model).prompt(QUESTION).options(required(asked)).stream()
            .content()
            .collectList()
            .block();
    assertThat(asked).isNotEmpty();
    assertThat(String.join("", pieces)).isEqualTo(called);
  }

  @Test
  void aCallIsInTheResponse() {
    ChatResponse response = model.call(new Prompt(QUESTION, required(new ArrayList<>()).build()));
    assertThat(response.hasToolCalls()).isTrue();
    assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("tool_calls");
    assertThat(response.getResult().getOutput().getToolCalls().get(0).arguments())
        .matches("\\{\"city\":\"(PARIS|ROME)\"}");
  }

  @Test
  void anAnswerIsReadIntoARecordByItsSchema() {
    Mood mood =
        ChatClient.create(model)
            .prompt(QUESTION)
            .call()
            .entity(Mood.class, EntityParamSpec::useProviderStructuredOutput);
    assertThat(mood).isNotNull();
    OvchatChatOptions schema =
        OvchatChatOptions.builder()
            .outputSchema(new BeanOutputConverter<>(Mood.class).getJsonSchema())
            .build();
    assertThat(model.call(new Prompt(QUESTION, schema)).getResult().getOutput().getText())
        .matches("\\{\"good\": (true|false)}");
  }

  @Test
  void whatIsThoughtIsInTheMetadata() {
    ChatTemplate thinking =
        ChatTemplate.of("{{ messages[0].content }}<think>\n{# </think> #}", Map.of());
    Prompt prompt = new Prompt(QUESTION, ChatOptions.builder().maxTokens(10).build());
    try (OvchatChatModel own = OvchatChatModel.of(loaded, thinking)) {
      Generation whole = own.call(prompt).getResult();
      String thought = whole.getMetadata().get("thinking");
      assertThat(thought).isNotBlank();
      assertThat(whole.getOutput().getText()).isEmpty();
      assertThat(Messages.of(List.of(whole.getOutput())).get(0).fields())
          .containsEntry("reasoning_content", thought);

      List<ChatResponse> responses = own.stream(prompt).collectList().block();
      assertThat(
              responses.stream()
                  .map(each -> each.getResult().getMetadata().<String>get("thinking"))
                  .filter(Objects::nonNull)
                  .collect(Collectors.joining()))
          .isEqualTo(thought);
      // For the conversation that goes on, and whoever gathers the pieces.
      assertThat(responses.get(responses.size() - 1).getResult().getOutput().getMetadata())
          .containsEntry("thinking", thought);
    }
  }

  @Test
  void callsAndStreamsAreObserved() {
    List<String> seen = new ArrayList<>();
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                seen.add(
                    context.getName()
                        + " "
                        + context.getLowCardinalityKeyValue("gen_ai.response.model").getValue()
                        + (((ChatModelObservationContext) context).isStreaming()
                            ? " streamed"
                            : ""));
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    try (OvchatChatModel observed =
        OvchatChatModel.of(
            loaded,
            template,
            "demo",
            OvchatChatOptions.builder().maxTokens(4).build(),
            registry,
            new DefaultChatModelObservationConvention())) {
      observed.call(new Prompt(QUESTION));
      observed.stream(new Prompt(QUESTION)).blockLast();
    }
    assertThat(seen)
        .containsExactly("gen_ai.client.operation demo", "gen_ai.client.operation demo streamed");
  }
}
