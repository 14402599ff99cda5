package dev.ovchat.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.tool.Tool;
import dev.ovchat.tool.ToolChoice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

class OvchatChatOptionsTest {
  static final OvchatChatOptions ALL =
      OvchatChatOptions.builder()
          .temperature(0.7)
          .topP(0.9)
          .topK(40)
          .maxTokens(7)
          .presencePenalty(0.5)
          .frequencyPenalty(-0.5)
          .stopSequences(List.of("a", "b"))
          .minP(0.05)
          .seed(3L)
          .repetitionPenalty(1.1)
          .build();

  private static final OvchatChatOptions NONE = OvchatChatOptions.builder().build();

  private static GenerationConfig config(OvchatChatOptions defaults, ChatOptions asked) {
    return Request.of(new Prompt("Hi", asked), defaults, GenerationConfig.defaults(), "demo")
        .config();
  }

  @Test
  void allValuesArrive() {
    assertThat(config(NONE, ALL))
        .isEqualTo(
            GenerationConfig.defaults()
                .maxNewTokens(7)
                .doSample(true)
                .temperature(0.7)
                .topP(0.9)
                .topK(40)
                .minP(0.05)
                .seed(3)
                .presencePenalty(0.5)
                .frequencyPenalty(-0.5)
                .repetitionPenalty(1.1)
                .stopStrings(List.of("a", "b")));
  }

  @Test
  void aPromptsOptionsComeBeforeTheModels() {
    ChatOptions asked = ChatOptions.builder().maxTokens(9).build();
    assertThat(config(ALL, asked)).isEqualTo(config(NONE, ALL).maxNewTokens(9));
    assertThat(config(ALL, OvchatChatOptions.builder().seed(4L).build()))
        .isEqualTo(config(NONE, ALL).seed(4));
  }

  @Test
  void withoutOptionsTheModelsOwnAreInForce() {
    GenerationConfig own = GenerationConfig.defaults().maxLength(100);
    assertThat(Request.of(new Prompt("Hi"), NONE, own, "demo").config())
        .isEqualTo(GenerationConfig.defaults());
    assertThat(config(NONE, NONE)).isEqualTo(GenerationConfig.defaults().maxNewTokens(1024));
  }

  @Test
  void aTemperatureOfZeroMeansTheMostProbableTokens() {
    ChatOptions asked = ChatOptions.builder().temperature(0.0).build();
    assertThat(config(ALL, asked).doSample()).isFalse();
  }

  @Test
  void aCopyIsTheSame() {
    assertThat(ALL.mutate().build()).isEqualTo(ALL).hasSameHashCodeAs(ALL).isNotEqualTo(NONE);
    assertThat(ALL.mutate().seed(4L).build()).isNotEqualTo(ALL);
  }

  @Test
  void schemaAndToolChoiceArriveFromEitherSide() {
    OvchatChatOptions own =
        OvchatChatOptions.builder().outputSchema("{}").toolChoice(ToolChoice.REQUIRED).build();
    assertThat(own.mutate().build()).isEqualTo(own).hasSameHashCodeAs(own).isNotEqualTo(NONE);
    assertThat(own.mutate().combineWith(NONE.mutate()).build()).isEqualTo(own);
    assertThat(NONE.mutate().combineWith(own.mutate()).build()).isEqualTo(own);
    ChatOptions schema = StructuredOutputChatOptions.builder().outputSchema("{}").build();
    assertThat(config(NONE, schema).responseFormat()).contains(ResponseFormat.jsonSchema("{}"));
  }

  private static ToolCallback tool(String name) {
    return FunctionToolCallback.builder(name, () -> "").inputType(Void.class).build();
  }

  @Test
  void listsOfAPromptReplaceTheModels() {
    OvchatChatOptions own =
        OvchatChatOptions.builder().toolCallbacks(tool("mine")).stopSequences(List.of("a")).build();
    // As ChatClient makes a prompt's options: with the model's in them.
    ChatOptions combined = own.mutate().combineWith(ChatOptions.builder()).build();
    Request same = Request.of(new Prompt("Hi", combined), own, GenerationConfig.defaults(), "demo");
    assertThat(same.tools().list()).extracting(Tool::name).containsExactly("mine");
    assertThat(same.config().stopStrings()).isEqualTo(List.of("a"));

    ChatOptions others =
        ToolCallingChatOptions.builder()
            .toolCallbacks(tool("yours"))
            .stopSequences(List.of("b"))
            .build();
    Request other = Request.of(new Prompt("Hi", others), own, GenerationConfig.defaults(), "demo");
    assertThat(other.tools().list()).extracting(Tool::name).containsExactly("yours");
    assertThat(other.config().stopStrings()).isEqualTo(List.of("b"));
  }

  @Test
  void whatIsNotThereIsRefusedByName() {
    assertThatThrownBy(() -> config(NONE, ChatOptions.builder().model("gpt").build()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("gpt");
    assertThatThrownBy(() -> config(NONE, ChatOptions.builder().topP(2.0).build()))
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("topP");
    ChatOptions greedy = ChatOptions.builder().temperature(0.0).topP(2.0).build();
    assertThatThrownBy(() -> config(NONE, greedy)) // where it has no effect, too
        .isInstanceOf(GenerationException.class)
        .hasMessageContaining("topP");
  }
}
