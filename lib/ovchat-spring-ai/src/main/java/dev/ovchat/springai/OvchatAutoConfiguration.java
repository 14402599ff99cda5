package dev.ovchat.springai;

import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.openvino.OpenVinoException;
import dev.ovchat.text.TokenizerException;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * Makes a model, its chat template and a chat model of {@code ovchat.model-dir}, where an
 * application has no such beans of its own. {@code spring.ai.model.chat} chooses among the chat
 * models of several starters; this one's name is {@code ovchat}.
 */
@AutoConfiguration(
    beforeName =
        "org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration")
@ConditionalOnProperty("ovchat.model-dir")
@ConditionalOnProperty(name = "spring.ai.model.chat", havingValue = "ovchat", matchIfMissing = true)
@EnableConfigurationProperties(OvchatProperties.class)
public class OvchatAutoConfiguration {

  /**
   * The model, which Spring closes after the chat model. It is loaded where a bean needs it: a chat
   * model of the application's own may not.
   */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  CausalLM ovchatModel(OvchatProperties properties) {
    OvchatChatOptions unused = properties.options(); // a wrong one is told before what takes long
    Device device = device(properties.device());
    return ofDirectory(
        properties, directory -> CausalLM.load(directory, device, properties.compileConfig()));
  }

  private static Device device(@Nullable String name) {
    if (name == null) {
      return Device.firstAvailable("GPU.0", "CPU");
    }
    String unused = OpenVino.version(); // says so where OpenVINO is not there at all
    try {
      return Device.of(name);
    } catch (OpenVinoException e) {
      throw OvchatProperties.invalid("device", name, e);
    }
  }

  /** The model's chat template. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  ChatTemplate ovchatChatTemplate(OvchatProperties properties) {
    return ofDirectory(properties, ChatTemplate::load);
  }

  /** What is read from the model directory; one that is not usable is refused as a property is. */
  private static <T> T ofDirectory(OvchatProperties properties, Function<Path, T> reading) {
    Path directory = properties.directory();
    try {
      return reading.apply(directory);
    } catch (UnusableFileException | TokenizerException e) {
      throw OvchatProperties.invalid("model-dir", directory, e);
    }
  }

  /** The chat model, observed by what the application observes with. */
  @Bean
  @ConditionalOnMissingBean
  OvchatChatModel ovchatChatModel(
      CausalLM model,
      ChatTemplate template,
      OvchatProperties properties,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<ChatModelObservationConvention> convention) {
    return OvchatChatModel.of(
        model,
        template,
        properties.name(),
        properties.options(),
        observations.getIfUnique(() -> ObservationRegistry.NOOP),
        convention.getIfAvailable(DefaultChatModelObservationConvention::new));
  }
}
