package dev.ovchat.springai;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The properties of the auto-configuration, below {@code ovchat}.
 *
 * @param modelDir the model directory; without one there is no chat model of ovchat
 * @param device OpenVINO's name of the device; the first GPU or the CPU by default
 * @param ovConfig OpenVINO's own property keys and values, each key in brackets: {@code
 *     ovchat.ov-config.[PERFORMANCE_HINT]=LATENCY}, which is the default
 * @param modelName the name that responses give the model; the last two parts of the directory by
 *     default
 * @param chat the options of requests that set none
 */
@ConfigurationProperties("ovchat")
public record OvchatProperties(
    @Nullable Path modelDir,
    @Nullable String device,
    @Nullable Map<String, String> ovConfig,
    @Nullable String modelName,
    @Nullable Chat chat) {

  /** The options of requests that set none; each as in {@link OvchatChatOptions}. */
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
      return OvchatChatOptions.builder()
          .temperature(temperature)
          .topP(topP)
          .topK(topK)
          .maxTokens(maxTokens)
          .presencePenalty(presencePenalty)
          .frequencyPenalty(frequencyPenalty)
          .stopSequences(stopSequences)
          .minP(minP)
          .seed(seed)
          .repetitionPenalty(repetitionPenalty)
          .build();
    }
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
    if (modelDir == null) {
      throw new IllegalStateException("ovchat.model-dir is not set; it names the model directory.");
    }
    return modelDir;
  }
}
