package dev.ovchat.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.service.AiServices;
import dev.ovchat.Slow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The AI service of the README, with a tool, and a record as its answer. */
@Slow
@EnabledIf(
    value = "dev.ovchat.langchain4j.SmolLm2#isThere",
    disabledReason = "SmolLM2 was not downloaded; ./scripts/setup smollm2 brings it.")
class AiServiceTest {
  enum City {
    OSLO,
    PARIS,
    ROME
  }

  record Weather(City city, int degrees) {}

  interface Assistant {
    Weather ask(String question);
  }

  static class Thermometer {
    final List<City> cities = new ArrayList<>();

    @Tool("The temperature in a city, in degrees")
    int temperature(@P("The city that is asked for") City city) {
      cities.add(city);
      return 17;
    }
  }

  @Test
  void aToolIsRunAndTheAnswerIsARecord() {
    var parameters = ChatRequestParameters.builder().toolChoice(ToolChoice.REQUIRED).build();
    try (var model = TestModels.smolLm2().chat().defaultRequestParameters(parameters).build()) {
      Thermometer thermometer = new Thermometer();
      Assistant assistant =
          AiServices.builder(Assistant.class)
              .chatModel(model)
              .tools(thermometer)
              .chatRequestTransformer(AnsweringNow::answerNow)
              .build();
      Weather weather = assistant.ask("How many degrees are there in Paris?");

      // It may ask for another city besides, and answer with that one.
      assertThat(thermometer.cities).contains(City.PARIS);
      assertThat(weather.city()).isIn(thermometer.cities);
      assertThat(weather.degrees()).isEqualTo(17);
    }
  }
}
