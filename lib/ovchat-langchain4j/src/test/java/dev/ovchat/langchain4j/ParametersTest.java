package dev.ovchat.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final GenerationConfig BASE = GenerationConfig.defaults().maxNewTokens(1024);

  private static GenerationConfig over(ChatRequestParameters parameters) {
    return Parameters.over(BASE, parameters);
  }

  @Test
  void whatIsNotSetStaysAsItIs() {
    assertThat(over(ChatRequestParameters.builder().build())).isEqualTo(BASE);
    GenerationConfig sampled = BASE.doSample(true).temperature(0.5);
    assertThat(Parameters.over(sampled, ChatRequestParameters.builder().build()))
        .isEqualTo(sampled);
  }

  @Test
  void allValuesArrive() {
    assertThat(
            over(
                ChatRequestParameters.builder()
                    .temperature(0.7)
                    .topP(0.9)
                    .topK(40)
                    .presencePenalty(0.5)
                    .frequencyPenalty(-0.5)
                    .maxOutputTokens(7)
                    .stopSequences("a", "b")
                    .build()))
        .isEqualTo(
            GenerationConfig.defaults()
                .maxNewTokens(7)
                .doSample(true)
                .temperature(0.7)
                .topP(0.9)
                .topK(40)
                .presencePenalty(0.5)
                .frequencyPenalty(-0.5)
                .stopStrings(List.of("a", "b")));
  }

  @Test
  void eachOfThoseThatChooseAmongTokensSwitchesSamplingOn() {
    assertThat(over(ChatRequestParameters.builder().topK(5).build()).doSample()).isTrue();
    assertThat(over(ChatRequestParameters.builder().topP(0.5).build()).doSample()).isTrue();
    assertThat(over(ChatRequestParameters.builder().temperature(1.0).build()).doSample()).isTrue();
    assertThat(over(ChatRequestParameters.builder().maxOutputTokens(5).build()).doSample())
        .isFalse();
  }

  @Test
  void aTemperatureOfZeroMeansTheMostProbableTokens() {
    GenerationConfig sampled = BASE.doSample(true).temperature(0.5);
    assertThat(
            Parameters.over(
                    sampled, ChatRequestParameters.builder().temperature(0.0).topP(0.5).build())
                .doSample())
        .isFalse();
  }

  @Test
  void aValueOutOfRangeIsRefusedWhereItHasNoEffect() {
    var greedy = ChatRequestParameters.builder().temperature(0.0).topP(2.0).build();
    assertThatExceptionOfType(GenerationException.class)
        .isThrownBy(() -> over(greedy))
        .withMessageContaining("topP");
  }
}
