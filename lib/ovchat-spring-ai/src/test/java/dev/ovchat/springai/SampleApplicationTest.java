package dev.ovchat.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatSession;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.springai.sample.SampleApplication;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The sample application is started as a user starts it, and asked over HTTP. */
class SampleApplicationTest {
  private static final String QUESTION = "can you introduce yourself?";

  private static ConfigurableApplicationContext application;
  private static String answer;

  @BeforeAll
  static void start() {
    application =
        SpringApplication.run(
            SampleApplication.class,
            "--ovchat.model-dir=" + DemoModel.DIRECTORY,
            "--ovchat.device=CPU",
            "--ovchat.ov-config.[EXECUTION_MODE_HINT]=ACCURACY",
            "--ovchat.chat.max-tokens=80",
            "--server.port=0");
    try (ChatSession session =
        ChatSession.of(
            application.getBean(CausalLM.class), application.getBean(ChatTemplate.class))) {
      answer =
          session
              .complete(
                  List.of(
                      ChatMessage.system("You are a helpful AI assistant."),
                      ChatMessage.user(QUESTION)),
                  GenerationConfig.defaults().maxNewTokens(80))
              .text();
    }
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  private static String get(String path) throws Exception {
    String question = URLEncoder.encode(QUESTION, StandardCharsets.UTF_8);
    String port = application.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:%s/%s?question=%s".formatted(port, path, question)))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void itAnswersAsTheModelDoes() throws Exception {
    assertThat(get("ask")).isEqualTo(answer).isNotBlank();
  }

  @Test
  void itStreamsTheSame() throws Exception {
    List<String> events = get("stream").lines().filter(line -> line.startsWith("data:")).toList();
    assertThat(events).hasSizeGreaterThan(5);
    assertThat(events.stream().map(line -> line.substring(5)).collect(Collectors.joining()))
        .isEqualTo(answer);
  }

  @Test
  void itHasWhatSpringAisOwnStartersBring() {
    assertThat(application.getBeanProvider(ChatMemory.class).stream()).hasSize(1);
    assertThat(application.getBeanProvider(ToolCallingManager.class).stream()).hasSize(1);
  }

  @Test
  void thePropertiesReachModelAndOptions() {
    CausalLM model = application.getBean(CausalLM.class);
    OvchatChatModel chatModel = application.getBean(OvchatChatModel.class);

    assertThat(model.effectiveConfig()).containsEntry("EXECUTION_MODE_HINT", "ACCURACY");
    assertThat(chatModel.getOptions().getMaxTokens()).isEqualTo(80);
  }
}
