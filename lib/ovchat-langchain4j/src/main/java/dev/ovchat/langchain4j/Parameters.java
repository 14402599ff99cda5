package dev.ovchat.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.ovchat.config.GenerationConfig;
import java.util.List;
import java.util.function.BiFunction;

/** LangChain4j's parameters of a request as a config. */
final class Parameters {
  private Parameters() {}

  /**
   * A config with the values that the parameters set, over another one.
   *
   * @throws dev.ovchat.config.GenerationException if a value is out of range
   */
  static GenerationConfig over(GenerationConfig base, ChatRequestParameters parameters) {
    GenerationConfig config = sampling(base, parameters);
    config = with(config, parameters.maxOutputTokens(), GenerationConfig::maxNewTokens);
    config = with(config, parameters.presencePenalty(), GenerationConfig::presencePenalty);
    config = with(config, parameters.frequencyPenalty(), GenerationConfig::frequencyPenalty);
    List<String> stops = parameters.stopSequences();
    config = with(config, stops.isEmpty() ? null : stops, GenerationConfig::stopStrings);
    return Schemas.responseFormat(parameters).map(config::responseFormat).orElse(config);
  }

  /**
   * Whoever names a temperature, top-p or top-k wants the answer sampled; a temperature of 0 means
   * the most probable tokens, as with other models of LangChain4j.
   */
  private static GenerationConfig sampling(
      GenerationConfig base, ChatRequestParameters parameters) {
    Double temperature = parameters.temperature();
    GenerationConfig config = with(base, parameters.topP(), GenerationConfig::topP);
    config = with(config, parameters.topK(), GenerationConfig::topK); // out of range: refused now
    if (temperature != null && temperature == 0) {
      return base.doSample(false);
    }
    config = with(config, temperature, GenerationConfig::temperature);
    return config.equals(base) ? base : config.doSample(true);
  }

  private static <T> GenerationConfig with(
      GenerationConfig config, T value, BiFunction<GenerationConfig, T, GenerationConfig> setter) {
    return value == null ? config : setter.apply(config, value);
  }
}
