package dev.ovchat.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import dev.ovchat.DemoModel;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.files.JsonText;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

class OvchatAutoConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(OvchatAutoConfiguration.class));

  @Test
  void withoutADirectoryThereIsNoModel() {
    runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ChatModel.class));
  }

  @Test
  void anotherChatModelThatIsChosenIsLeftAlone() {
    runner
        .withPropertyValues(
            "ovchat.model-dir=" + DemoModel.DIRECTORY, "spring.ai.model.chat=ollama")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ChatModel.class));
  }

  @Configuration(proxyBeanMethods = false)
  static class Asking {
    @Bean
    String client(ChatClient.Builder chat) {
      return chat.toString();
    }
  }

  @Test
  void withoutADirectoryAnApplicationThatAsksIsToldWhatToDo() {
    runner
        .withConfiguration(AutoConfigurations.of(ChatClientAutoConfiguration.class))
        .withUserConfiguration(Asking.class)
        .run(
            context ->
                assertThat(analyzed(context.getStartupFailure()).getDescription())
                    .isEqualTo("There is no chat model: ovchat.model-dir is not set."));
  }

  /** What Spring Boot reports of a start that failed. */
  private static FailureAnalysis analyzed(Throwable failure) {
    return SpringFactoriesLoader.forDefaultResourceLocation()
        .load(
            FailureAnalyzer.class,
            ArgumentResolver.of(Environment.class, new StandardEnvironment())
                .and(BeanFactory.class, new DefaultListableBeanFactory()),
            // Some are for libraries that are not here.
            FailureHandler.logging(LogFactory.getLog(OvchatAutoConfigurationTest.class)))
        .stream()
        .map(analyzer -> analyzer.analyze(failure))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  private static InvalidConfigurationPropertyValueException refusal(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof InvalidConfigurationPropertyValueException refused)) {
      assertThat(cause).isNotInstanceOf(IllegalStateException.class);
      cause = cause.getCause();
    }
    return refused;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model-dir               | /nowhere | There is no model directory /nowhere. Export the model:
          device                  | gpu | No device gpu on this machine; there is: CPU
          chat.temperature        | -1  | temperature is -1.0; it has to be above 0
          chat.top-p              | 2   | topP is 2.0; it has to be from 0 to 1.
          chat.top-k              | -1  | topK is -1; it has to be 0 or more.
          chat.min-p              | 2   | minP is 2.0; it has to be from 0 to 1.
          chat.max-tokens         | 0   | maxNewTokens is 0; it has to be 1 or more.
          chat.presence-penalty   | 3   | presencePenalty is 3.0; it has to be from -2 to 2.
          chat.frequency-penalty  | 3   | frequencyPenalty is 3.0; it has to be from -2 to 2.
          chat.repetition-penalty | 0   | repetitionPenalty is 0.0; it has to be above 0.
          chat.stop-sequences     | ,   | stopStrings is ["", ""]; it has to be a list of texts
          """)
  void aWrongPropertyIsNamedWithWhatIsAllowed(String name, String value, String reason) {
    runner
        .withPropertyValues("ovchat.model-dir=nowhere", "ovchat." + name + "=" + value)
        .run(
            context -> {
              InvalidConfigurationPropertyValueException refused =
                  refusal(context.getStartupFailure());
              assertThat(refused.getName()).isEqualTo("ovchat." + name);
              assertThat(refused.getReason()).startsWith(reason);
            });
  }

  @Test
  void aPropertyThatDoesNotExistIsRefused() {
    runner
        .withPropertyValues("ovchat.model-dir=nowhere", "ovchat.chat.temprature=1")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasRootCauseInstanceOf(UnboundConfigurationPropertiesException.class)
                    .rootCause()
                    .hasMessageContaining("ovchat.chat.temprature"));
  }

  @Test
  void eachPropertyIsDescribedForEditors() throws IOException {
    try (InputStream metadata =
        getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      String text = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(JsonText.map(text).get("properties"))
          .asInstanceOf(list(Map.class))
          .hasSize(
              OvchatProperties.class.getRecordComponents().length
                  - 1 // chat, which holds the others
                  + OvchatProperties.Chat.class.getRecordComponents().length)
          .allSatisfy(each -> assertThat((String) each.get("description")).endsWith("."));
    }
  }

  /** A chat model of the application's own, which has not to do with the directory. */
  @Configuration(proxyBeanMethods = false)
  static class OwnChatModel {
    static CausalLM loaded;

    @Bean
    OvchatChatModel own() {
      return OvchatChatModel.of(loaded, ChatTemplate.load(DemoModel.DIRECTORY));
    }
  }

  @Test
  void aChatModelOfTheApplicationsOwnTakesItsPlaceAndNothingIsLoaded() {
    try (CausalLM loaded = CausalLM.load(DemoModel.DIRECTORY, Device.of("CPU"), Map.of())) {
      OwnChatModel.loaded = loaded;
      runner
          .withUserConfiguration(OwnChatModel.class)
          .withPropertyValues("ovchat.model-dir=nowhere")
          .run(
              context ->
                  assertThat(context)
                      .hasNotFailed()
                      .getBeanNames(ChatModel.class)
                      .containsExactly("own"));
    }
  }

  @Test
  void allOptionsArriveAndTheModelIsClosedWithTheContext() {
    CausalLM[] model = new CausalLM[1];
    runner
        .withPropertyValues(
            "ovchat.model-dir=" + DemoModel.DIRECTORY,
            "ovchat.device=CPU",
            "ovchat.model-name=demo",
            "ovchat.chat.temperature=0.7",
            "ovchat.chat.top-p=0.9",
            "ovchat.chat.top-k=40",
            "ovchat.chat.min-p=0.05",
            "ovchat.chat.max-tokens=7",
            "ovchat.chat.seed=3",
            "ovchat.chat.presence-penalty=0.5",
            "ovchat.chat.frequency-penalty=-0.5",
            "ovchat.chat.repetition-penalty=1.1",
            "ovchat.chat.stop-sequences=a,b")
        .run(
            context -> {
              model[0] = context.getBean(CausalLM.class);
              OvchatChatModel chatModel = context.getBean(OvchatChatModel.class);
              assertThat(chatModel.getOptions()).isEqualTo(OvchatChatOptionsTest.ALL);
              assertThat(chatModel.call(new Prompt("Hi")).getMetadata().getModel())
                  .isEqualTo("demo");
            });
    assertThatThrownBy(model[0]::newSession).isInstanceOf(IllegalStateException.class);
  }
}
