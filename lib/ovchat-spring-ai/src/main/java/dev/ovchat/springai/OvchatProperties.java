package dev.ovchat.springai;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The properties of the auto-configuration, below {@code ovchat}; one that does not exist is
 * refused.
 *
 * @param modelDir Model directory. Without one there is no chat model of ovchat.
 * @param device OpenVINO's name of the device, such as CPU, GPU.0, NPU or AUTO. The first GPU by
 *     default, or the CPU where there is none.
 * @param ovConfig OpenVINO's own property keys and values, each key in brackets, such as
 *     ovchat.ov-config.[NUM_STREAMS]=1. PERFORMANCE_HINT=LATENCY by default.
 * @param modelName Name that responses give the model. The last two parts of the directory by
 *     default.
 * @param chat Options of prompts that set none.
 */
@ConfigurationProperties(prefix = "ovchat", ignoreUnknownFields = false)
public record OvchatProperties(
    @Nullable Path modelDir,
    @Nullable String device,
    @Nullable Map<String, String> ovConfig,
    @Nullable String modelName,
    @Nullable Chat chat) {

  /**
   * The options of prompts that set none; each as in {@link OvchatChatOptions}.
   *
   * @param temperature Temperature. Above 0 the answer is sampled, 0 takes the most probable
   *     tokens. The model's own by default.
   * @param topP Share of the probability that the sampled tokens make up, from 0 to 1. The model's
   *     own by default.
   * @param topK Number of most probable tokens that are sampled from, 0 for all. The model's own by
   *     default.
   * @param minP Minimum probability of a token, as a share of the most probable one's, from 0 to 1.
   *     The model's own by default.
   * @param maxTokens Maximum number of tokens of an answer. The model's own by default, or 1024
   *     where it has none.
   * @param seed Random seed. The same seed gives the same answer to the same prompt, but where
   *     rounding decides. Another one each time by default.
   * @param presencePenalty Amount taken from the logits of tokens that the answer has, from -2 to
   *     2. None by default.
   * @param frequencyPenalty Amount taken from tokens' logits for each time that the answer has
   *     them, from -2 to 2. None by default.
   * @param repetitionPenalty Factor that makes tokens rarer which were there before where it is
   *     above 1. The model's own by default.
   * @param stopSequences Texts that end the answer, and are left out of it. None by default.
   */
  public record Chat(
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable Integer topK,
      @Nullable Double minP,
      @Nullable Integer maxTokens,
      @Nullable Long seed,
      @Nullable Double presencePenalty,
      @Nullable Double frequencyPenalty,
      @Nullable Double repetitionPenalty,
      @Nullable List<String> stopSequences) {

    OvchatChatOptions options() {
      OvchatChatOptions.Builder options = OvchatChatOptions.builder();
      set(options, "temperature", temperature, OvchatChatOptions.Builder::temperature);
      set(options, "top-p", topP, OvchatChatOptions.Builder::topP);
      set(options, "top-k", topK, OvchatChatOptions.Builder::topK);
      set(options, "min-p", minP, OvchatChatOptions.Builder::minP);
      set(options, "max-tokens", maxTokens, OvchatChatOptions.Builder::maxTokens);
      set(options, "seed", seed, OvchatChatOptions.Builder::seed);
      set(options, "presence-penalty", presencePenalty, OvchatChatOptions.Builder::presencePenalty);
      set(
          options,
          "frequency-penalty",
          frequencyPenalty,
          OvchatChatOptions.Builder::frequencyPenalty);
      set(
          options,
          "repetition-penalty",
          repetitionPenalty,
          OvchatChatOptions.Builder::repetitionPenalty);
      set(options, "stop-sequences", stopSequences, OvchatChatOptions.Builder::stopSequences);
      return options.build();
    }

    /** Sets a value; one out of range is refused with the property that has it. */
    private static <T> void set(
        OvchatChatOptions.Builder options,
        String name,
        @Nullable T value,
        BiConsumer<OvchatChatOptions.Builder, T> setter) {
      if (value == null) {
        return;
      }
      OvchatChatOptions.Builder alone = OvchatChatOptions.builder();
      setter.accept(alone, value);
      try {
        Request.config(alone.build(), GenerationConfig.defaults());
      } catch (GenerationException e) {
        throw invalid("chat." + name, value, e);
      }
      setter.accept(options, value);
    }
  }

  /** The exception that Spring Boot reports with the place where the property is set. */
  static InvalidConfigurationPropertyValueException invalid(
      String name, Object value, RuntimeException reason) {
    var exception =
        new InvalidConfigurationPropertyValueException(
            "ovchat." + name, value, reason.getMessage());
    exception.addSuppressed(reason); // it cannot be given a cause
    return exception;
  }

  OvchatChatOptions options() {
    return chat == null ? OvchatChatOptions.builder().build() : chat.options();
  }

  Map<String, String> compileConfig() {
    return ovConfig == null ? Map.of("PERFORMANCE_HINT", "LATENCY") : ovConfig;
  }

  String name() {
    if (modelName != null) {
      return modelName;
    }
    Path directory = directory().toAbsolutePath().normalize();
    int parts = directory.getNameCount();
    return parts == 0
        ? directory.toString()
        : directory.subpath(Math.max(0, parts - 2), parts).toString();
  }

  Path directory() {
    if (modelDir == null) { // as an empty value is read
      throw new InvalidConfigurationPropertyValueException(
          "ovchat.model-dir", "", "It has to name a model directory.");
    }
    return modelDir;
  }
}
