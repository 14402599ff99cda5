package dev.ovchat.springai;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.StreamingChatModel;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says what to do where an application starts without a chat model, since it names no model
 * directory.
 */
@Order(Ordered.HIGHEST_PRECEDENCE) // before Spring Boot's, which advises to write a bean
final class NoModelDirectoryAnalyzer
    extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {
  private static final Set<Class<?>> CHAT_MODELS =
      Set.of(ChatModel.class, StreamingChatModel.class, OvchatChatModel.class);

  private final Environment environment;

  NoModelDirectoryAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected @Nullable FailureAnalysis analyze(
      Throwable rootFailure, NoSuchBeanDefinitionException cause) {
    ResolvableType wanted = cause.getResolvableType();
    if (wanted == null
        || !CHAT_MODELS.contains(wanted.toClass())
        || environment.containsProperty("ovchat.model-dir")) {
      return null;
    }
    return new FailureAnalysis(
        "There is no chat model: ovchat.model-dir is not set.",
        "Set ovchat.model-dir to a model directory. ovchat's ./scripts/export makes one, and so does"
            + " the sample program ExportAndAsk.",
        cause);
  }
}
