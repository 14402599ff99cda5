package dev.ovchat.chat;

import dev.ovchat.template.TemplateValues;
import dev.ovchat.text.TokenizerException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Names of a template's variables: those that transformers' {@code apply_chat_template} gives every
 * template, and the rules for those of users.
 */
final class TemplateVariables {
  static final String MESSAGES = "messages";
  static final String TOOLS = "tools";
  static final String DOCUMENTS = "documents";
  static final String ADD_GENERATION_PROMPT = "add_generation_prompt";

  /** Parameters of {@code apply_chat_template} that are not variables of a template. */
  private static final Set<String> PARAMETERS =
      Set.of(
          "conversation",
          "chat_template",
          "continue_final_message",
          "tokenize",
          "padding",
          "truncation",
          "max_length",
          "return_tensors",
          "return_dict",
          "return_assistant_tokens_mask",
          "tokenizer_kwargs");

  private TemplateVariables() {}

  /**
   * Variables by name, with others added or changed.
   *
   * @throws TokenizerException if one of the others may not be a variable, or has no JSON
   */
  static Map<String, Object> plus(Map<String, Object> variables, Map<String, ?> others) {
    Map<String, Object> copies = TemplateValues.copy("variables", others);
    copies.forEach(TemplateVariables::require);
    Map<String, Object> all = new LinkedHashMap<>(variables);
    all.putAll(copies);
    return Collections.unmodifiableMap(all);
  }

  private static void require(String name, Object value) {
    if (name.equals(MESSAGES) || name.equals(TOOLS)) {
      throw new TokenizerException(
          "%s cannot be a variable: a template has %s of its own.".formatted(name, name));
    }
    if (PARAMETERS.contains(name)) {
      throw new TokenizerException(
          "%s is a parameter of transformers' apply_chat_template that no template sees; it has no effect here."
              .formatted(name));
    }
    if (name.equals(DOCUMENTS) && value != null) {
      TemplateValues.requireMaps(DOCUMENTS, value);
    }
  }
}
