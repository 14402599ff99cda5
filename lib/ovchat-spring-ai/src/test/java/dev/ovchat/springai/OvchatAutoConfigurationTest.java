package dev.ovchat.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.generate.CausalLM;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

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

  @Test
  void aWrongDirectorySaysSoAtTheStart() {
    runner
        .withPropertyValues("ovchat.model-dir=nowhere/at/all")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("nowhere/at/all"));
  }

  @Test
  void anOptionOutOfRangeSaysSoAtTheStart() {
    runner
        .withPropertyValues("ovchat.model-dir=" + DemoModel.DIRECTORY, "ovchat.chat.max-tokens=0")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessage("maxNewTokens is 0; it has to be 1 or more."));
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
