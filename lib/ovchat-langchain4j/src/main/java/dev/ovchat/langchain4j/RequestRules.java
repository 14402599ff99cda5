package dev.ovchat.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.Set;

/**
 * Checks of LangChain4j's requests: what the models do not take is refused by name, as
 * LangChain4j's rules want it: a parameter without effect would be a wrong answer that nobody
 * notices.
 */
final class RequestRules {
  static final Set<Capability> CAPABILITIES = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);

  private RequestRules() {}

  /**
   * Refuses parameters that have no effect.
   *
   * @param modelName the name of the one model that there is
   * @throws UnsupportedFeatureException if there is such a parameter
   */
  static void require(ChatRequestParameters parameters, String modelName) {
    String name = parameters.modelName();
    if (name != null && !name.equals(modelName)) {
      throw unsupported(
          "The parameter 'modelName' with the value %s".formatted(name),
          "this is the model %s alone; leave the parameter out".formatted(modelName));
    }
  }

  /** The exception for what is not there: who refuses it, and what to do instead. */
  static UnsupportedFeatureException unsupported(String what, String advice) {
    return new UnsupportedFeatureException(
        "%s is not supported by ovchat's chat models: %s.".formatted(what, advice));
  }
}
