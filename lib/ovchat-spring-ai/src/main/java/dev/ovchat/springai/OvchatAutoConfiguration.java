package dev.ovchat.springai;

import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

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

  /** The model, which Spring closes after the chat model. */
  @Bean
  @ConditionalOnMissingBean
  CausalLM ovchatModel(OvchatProperties properties) {
    Device device =
        properties.device() == null
            ? Device.firstAvailable("GPU.0", "CPU")
            : Device.of(properties.device());
    return CausalLM.load(properties.directory(), device, properties.compileConfig());
  }

  /** The model's chat template. */
  @Bean
  @ConditionalOnMissingBean
  ChatTemplate ovchatChatTemplate(OvchatProperties properties) {
    return ChatTemplate.load(properties.directory());
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
