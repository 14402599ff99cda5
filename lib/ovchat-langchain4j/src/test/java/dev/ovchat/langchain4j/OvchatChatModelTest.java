package dev.ovchat.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.ovchat.DemoModel;
import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Metrics;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chat model answers as ovchat's own chat, and refuses as LangChain4j's rules want it. */
class OvchatChatModelTest {
  private static final String QUESTION = "can you introduce yourself?";

  private static CausalLM loaded;
  private static ChatTemplate template;
  private OvchatChatModel model;

  @BeforeAll
  static void load() {
    loaded = CausalLM.load(DemoModel.DIRECTORY, Device.of("CPU"), DemoModel.ACCURATE);
    template = ChatTemplate.load(DemoModel.DIRECTORY);
  }

  @AfterAll
  static void close() {
    loaded.close();
  }

  @BeforeEach
  void start() {
    model = OvchatChatModel.builder().model(loaded, template).build();
  }

  @AfterEach
  void end() {
    model.close();
  }

  private static String answerOfChat(String question) {
    try (Chat chat = Chat.of(loaded, template, GenerationConfig.defaults().maxNewTokens(1024))) {
      return chat.ask(question).text();
    }
  }

  private static Metrics metrics(ChatResponse response) {
    return ((OvchatChatResponseMetadata) response.metadata()).metrics();
  }

  private static ChatRequest.Builder request(String question) {
    return ChatRequest.builder().messages(UserMessage.from(question));
  }

  @Test
  void answersAsTheChatOfTheJar() {
    assertThat(model.chat(QUESTION)).isEqualTo(answerOfChat(QUESTION)).isNotBlank();
  }

  @Test
  void aLongerConversationReadsOnlyWhatIsNew() {
    List<ChatMessage> messages =
        new ArrayList<>(
            List.of(
                SystemMessage.from("You are a helpful AI assistant."), UserMessage.from(QUESTION)));
    ChatResponse first = model.chat(messages);
    messages.add(first.aiMessage());
    messages.add(UserMessage.from("Shorter, please."));
    ChatResponse second = model.chat(messages);

    assertThat(metrics(first).cachedTokens()).isZero();
    // But for the last token of the answer, which ended it.
    assertThat(metrics(second).cachedTokens())
        .isEqualTo(metrics(first).promptTokens() + metrics(first).newTokens() - 1);
  }

  @Test
  void theMetadataSaysWhatTheGenerationWas() {
    ChatResponse response = model.chat(request(QUESTION).maxOutputTokens(5).build());

    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(5);
    assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(metrics(response).promptTokens());
    assertThat(response.modelName()).isEqualTo("phi3");
    assertThat(response.id()).isNotEqualTo(model.chat(request(QUESTION).build()).id());
    assertThat(model.chat(request(QUESTION).build()).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aStopSequenceEndsTheAnswerAndIsLeftOut() {
    String whole = model.chat(QUESTION);
    String stop = whole.substring(10, 14);
    ChatResponse response = model.chat(request(QUESTION).stopSequences(List.of(stop)).build());

    assertThat(response.aiMessage().text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aSeedOfTheBuilderMakesSampledAnswersTheSame() {
    try (OvchatChatModel sampled =
        OvchatChatModel.builder()
            .model(loaded, template)
            .temperature(3.0)
            .maxOutputTokens(20)
            .generationConfig(GenerationConfig.defaults().seed(7))
            .build()) {
      String answer = sampled.chat(QUESTION);

      assertThat(answer).isEqualTo(sampled.chat(QUESTION));
      assertThat(answer)
          .isNotEqualTo(
              model.chat(request(QUESTION).maxOutputTokens(20).build()).aiMessage().text());
    }
  }

  @Test
  void severalThreadsGetTheAnswersThatTheyGetAlone() throws Exception {
    List<String> questions = List.of(QUESTION, "What is a token?", "Thanks.", "Who are you?");
    List<String> alone = questions.stream().map(OvchatChatModelTest::answerOfChat).toList();
    ExecutorService threads = Executors.newFixedThreadPool(questions.size());
    try {
      List<Future<String>> answers =
          questions.stream().map(question -> threads.submit(() -> model.chat(question))).toList();
      for (int i = 0; i < questions.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(alone.get(i));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aWrongRequestIsRefusedWithTheReason() {
    assertThatThrownBy(() -> model.chat(request(QUESTION).temperature(-1.0).build()))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("temperature");
    assertThatThrownBy(() -> model.chat("word ".repeat(5000)))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("context of 4096");
    AiMessage call =
        AiMessage.from(ToolExecutionRequest.builder().name("weather").arguments("{broken").build());
    assertThatThrownBy(() -> model.chat(UserMessage.from(QUESTION), call))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("weather");
    assertThat(model.chat(QUESTION)).isEqualTo(answerOfChat(QUESTION));
  }

  @Test
  void whatHasNoEffectIsRefusedByName() {
    assertThatThrownBy(() -> model.chat(request(QUESTION).modelName("gpt").build()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("modelName")
        .hasMessageContaining("phi3");
    assertThatThrownBy(() -> model.chat(CustomMessage.from(Map.of("a", "b"))))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("CUSTOM");
    assertThat(model.chat(request(QUESTION).modelName("phi3").build()).modelName())
        .isEqualTo("phi3");
  }

  /** Its argument is one of two words, so that the model, which knows no tools, comes to an end. */
  static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .description("The weather of a city")
          .parameters(
              JsonObjectSchema.builder()
                  .addEnumProperty("city", List.of("PARIS", "ROME"))
                  .required("city")
                  .build())
          .build();

  static final ResponseFormat MOOD =
      ResponseFormat.builder()
          .type(ResponseFormatType.JSON)
          .jsonSchema(
              JsonSchema.builder()
                  .name("mood")
                  .rootElement(
                      JsonObjectSchema.builder()
                          .addBooleanProperty("good")
                          .required("good")
                          .build())
                  .build())
          .build();

  /** A template whose model thinks, and does not come to an end by itself. */
  static final ChatTemplate THINKING =
      ChatTemplate.of("{{ messages[0].content }}<think>\n{# </think> #}", Map.of());

  @Test
  void aToolThatHasToBeCalledIs() {
    ChatRequest asked =
        request(QUESTION).toolSpecifications(WEATHER).toolChoice(ToolChoice.REQUIRED).build();
    ChatResponse called = model.chat(asked);

    assertThat(called.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(called.aiMessage().text()).isNull();
    ToolExecutionRequest call = called.aiMessage().toolExecutionRequests().get(0);
    assertThat(call.name()).isEqualTo("weather");
    assertThat(call.arguments()).matches("\\{\"city\":\"(PARIS|ROME)\"}");

    List<ChatMessage> messages = new ArrayList<>(asked.messages());
    messages.add(called.aiMessage());
    for (ToolExecutionRequest each : called.aiMessage().toolExecutionRequests()) {
      messages.add(ToolExecutionResultMessage.from(each, "22 degrees"));
    }
    // From then on the model decides: otherwise an AI service would never end.
    ChatResponse answered =
        model.chat(ChatRequest.builder().messages(messages).parameters(asked.parameters()).build());
    assertThat(answered.aiMessage().text()).isNotBlank();
    assertThat(answered.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void jsonFollowsItsSchemaAlsoBesideTools() {
    assertThat(model.chat(request(QUESTION).responseFormat(MOOD).build()).aiMessage().text())
        .matches("\\{\"good\": (true|false)}");
    AiMessage beside =
        model
            .chat(request(QUESTION).responseFormat(MOOD).toolSpecifications(WEATHER).build())
            .aiMessage();
    assertThat(beside.hasToolExecutionRequests())
        .isEqualTo(beside.text() == null)
        .isNotEqualTo(beside.text() != null && beside.text().startsWith("{\"good\": "));
  }

  @Test
  void whatIsThoughtIsApart() {
    try (OvchatChatModel thinking =
        OvchatChatModel.builder().model(loaded, THINKING).maxOutputTokens(10).build()) {
      AiMessage answer = thinking.chat(UserMessage.from(QUESTION)).aiMessage();

      assertThat(answer.thinking()).isNotBlank();
      assertThat(answer.text()).isEmpty();
      assertThat(Messages.of(answer).fields())
          .containsEntry("reasoning_content", answer.thinking());
    }
  }

  @Test
  void whatIsWrongWithToolsAndSchemasIsSaid() {
    ToolSpecification wrong = ToolSpecification.builder().name("the weather").build();
    assertThatThrownBy(() -> model.chat(request(QUESTION).toolSpecifications(wrong).build()))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the weather");
    ResponseFormat raw =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(
                JsonSchema.builder()
                    .name("odd")
                    .rootElement(JsonRawSchema.from("{\"type\": \"oddity\"}"))
                    .build())
            .build();
    assertThatThrownBy(() -> model.chat(request(QUESTION).responseFormat(raw).build()))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("oddity");
    ChatTemplate unknown = ChatTemplate.of("{% for t in tools %}<function={% endfor %}a", Map.of());
    try (OvchatChatModel other = OvchatChatModel.builder().model(loaded, unknown).build()) {
      assertThatThrownBy(() -> other.chat(request(QUESTION).toolSpecifications(WEATHER).build()))
          .isExactlyInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("how its model calls them");
    }
  }

  @Test
  void anInterruptEndsTheAnswerAndIsSeenAfterwards() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> model.chat(QUESTION))
        .isExactlyInstanceOf(LangChain4jException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(model.chat(QUESTION)).isEqualTo(answerOfChat(QUESTION));
  }

  @Test
  void aClosedModelSaysSo() {
    model.close();
    model.close();
    assertThatThrownBy(() -> model.chat(QUESTION))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "This chat or session is closed. Make it again; in a notebook, run its cell again.");
    assertThat(loaded.generationConfig()).isNotNull();
    assertThat(answerOfChat(QUESTION)).isNotBlank(); // the model is the caller's
  }

  @Test
  void aDefaultParameterOutOfRangeIsRefusedBeforeTheModelIsLoaded() {
    OvchatChatModel.Builder builder =
        OvchatChatModel.builder().modelDirectory(Path.of("nowhere")).maxOutputTokens(0);
    assertThatThrownBy(builder::build)
        .isInstanceOf(GenerationException.class)
        .hasMessage("maxNewTokens is 0; it has to be 1 or more.");
  }

  @Test
  void aConversationGoesOnWithoutItsTools() {
    ToolExecutionRequest call =
        ToolExecutionRequest.builder().id("1").name("weather").arguments("{}").build();
    List<ChatMessage> messages =
        List.of(
            UserMessage.from("What is the weather?"),
            AiMessage.from(call),
            ToolExecutionResultMessage.from(call, "22 degrees"),
            UserMessage.from(QUESTION));
    assertThat(model.chat(messages).aiMessage().text()).isNotBlank();
  }

  @Test
  void listenersAreToldOfRequestsResponsesAndErrors() {
    List<String> heard = new ArrayList<>();
    ChatModelListener listener =
        new ChatModelListener() {
          @Override
          public void onRequest(ChatModelRequestContext context) {
            heard.add(
                "request "
                    + context.chatRequest().maxOutputTokens()
                    + " to "
                    + context.chatRequest().modelName());
            context.attributes().put("key", "kept");
          }

          @Override
          public void onResponse(ChatModelResponseContext context) {
            heard.add("response " + context.attributes().get("key"));
          }

          @Override
          public void onError(ChatModelErrorContext context) {
            heard.add("error " + context.error().getClass().getSimpleName());
          }
        };
    try (OvchatChatModel listened =
        OvchatChatModel.builder()
            .model(loaded, template)
            .modelName("demo")
            .listeners(listener)
            .maxOutputTokens(4)
            .build()) {
      listened.chat(QUESTION);
      assertThatThrownBy(() -> listened.chat(request(QUESTION).topP(3.0).build()))
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThat(heard)
        .containsExactly(
            "request 4 to demo",
            "response kept",
            "request 4 to demo",
            "error InvalidRequestException");
  }

  @Test
  void aDirectoryIsLoadedAndNamed() {
    try (OvchatChatModel own =
        OvchatChatModel.builder()
            .modelDirectory(DemoModel.DIRECTORY)
            .device(Device.of("CPU"))
            .ovConfig(DemoModel.ACCURATE)
            .build()) {
      ChatResponse response = own.chat(request(QUESTION).build());

      assertThat(response.aiMessage().text()).isEqualTo(answerOfChat(QUESTION));
      assertThat(response.modelName()).matches("demo-model-\\d+/int4");

      own.close();
      assertThatThrownBy(() -> own.chat(QUESTION))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("This chat or session is closed.");
    }
  }

  @Test
  void aBuilderNeedsOneModel() {
    assertThatThrownBy(() -> OvchatChatModel.builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("modelDirectory");
    OvchatChatModel.Builder both =
        OvchatChatModel.builder().model(loaded, template).modelDirectory(DemoModel.DIRECTORY);
    assertThatThrownBy(both::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two models");
  }
}
