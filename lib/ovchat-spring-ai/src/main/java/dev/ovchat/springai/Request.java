package dev.ovchat.springai;

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.files.JsonText;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.tool.Tool;
import dev.ovchat.tool.Tools;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * A prompt of Spring AI in ovchat's terms.
 *
 * @param prompt the prompt with all options in force
 * @param tools the tools that it offers; whoever asked runs their calls
 */
record Request(Prompt prompt, List<ChatMessage> messages, Tools tools, GenerationConfig config) {
  /**
   * The most tokens of an answer where nobody says how many: transformers' 20 are not an answer.
   */
  private static final int MAX_TOKENS = 1024;

  /**
   * Creates a request.
   *
   * @param defaults the options under those of the prompt
   * @param own the model's own config
   * @throws UnsupportedOperationException if the prompt asks for what is not there
   * @throws dev.ovchat.config.GenerationException if an option is out of range
   */
  static Request of(
      Prompt prompt, OvchatChatOptions defaults, GenerationConfig own, String modelName) {
    OvchatChatOptions options = options(defaults, prompt.getOptions());
    requireSupported(options, modelName);
    return new Request(
        new Prompt(prompt.getInstructions(), named(options, modelName)),
        Messages.of(prompt.getInstructions()),
        tools(options),
        config(options, own));
  }

  private static Tools tools(OvchatChatOptions options) {
    List<ToolCallback> callbacks = options.getToolCallbacks();
    Tools tools =
        callbacks == null
            ? Tools.none()
            : Tools.of(callbacks.stream().map(each -> tool(each.getToolDefinition())).toList());
    return options.getToolChoice() == null ? tools : tools.choice(options.getToolChoice());
  }

  private static Tool tool(ToolDefinition tool) {
    return Tool.of(tool.name(), tool.description(), JsonText.map(tool.inputSchema()));
  }

  /**
   * The options in force. Lists of the prompt's replace those of the defaults: in a prompt of
   * {@code ChatClient} they hold them already, and a tool may be there once only.
   */
  private static OvchatChatOptions options(
      OvchatChatOptions defaults, @Nullable ChatOptions asked) {
    if (asked == null) {
      return defaults;
    }
    OvchatChatOptions.Builder options = defaults.mutate().combineWith(asked.mutate());
    if (asked.getStopSequences() != null) {
      options.stopSequences(asked.getStopSequences());
    }
    if (asked instanceof ToolCallingChatOptions calling) {
      options.toolCallbacks(
          ToolCallingChatOptions.mergeToolCallbacks(
              calling.getToolCallbacks(), defaults.getToolCallbacks()));
    }
    return options.build();
  }

  /** Options with the model's name: observations want one. */
  private static OvchatChatOptions named(OvchatChatOptions options, String modelName) {
    return options.mutate().model(modelName).build();
  }

  private static void requireSupported(OvchatChatOptions options, String modelName) {
    String name = options.getModel();
    if (name != null && !name.equals(modelName)) {
      throw new UnsupportedOperationException(
          "There is the model %s alone, and not %s; leave the option model out."
              .formatted(modelName, name));
    }
  }

  /**
   * The config that options stand for.
   *
   * @throws dev.ovchat.config.GenerationException if one is out of range
   */
  static GenerationConfig config(OvchatChatOptions options, GenerationConfig own) {
    GenerationConfig config = sampling(options);
    config = with(config, options.getMaxTokens(), GenerationConfig::maxNewTokens);
    config = with(config, options.getPresencePenalty(), GenerationConfig::presencePenalty);
    config = with(config, options.getFrequencyPenalty(), GenerationConfig::frequencyPenalty);
    config = with(config, options.getRepetitionPenalty(), GenerationConfig::repetitionPenalty);
    config = with(config, options.getStopSequences(), GenerationConfig::stopStrings);
    config =
        with(
            config,
            options.getOutputSchema(),
            (each, schema) -> each.responseFormat(ResponseFormat.jsonSchema(schema)));
    GenerationConfig filled = config.filledFrom(own);
    return filled.maxNewTokens().isPresent() || filled.maxLength().isPresent()
        ? config
        : config.maxNewTokens(MAX_TOKENS);
  }

  /**
   * Whoever names a temperature, top-p, top-k or min-p wants the answer sampled; a temperature of 0
   * means the most probable tokens, as with other models of Spring AI.
   */
  private static GenerationConfig sampling(OvchatChatOptions options) {
    GenerationConfig base = GenerationConfig.defaults();
    Double temperature = options.getTemperature();
    GenerationConfig config = with(base, options.getTopP(), GenerationConfig::topP);
    config = with(config, options.getTopK(), GenerationConfig::topK);
    config = with(config, options.getMinP(), GenerationConfig::minP); // out of range: refused now
    if (temperature != null && temperature == 0) {
      return base.doSample(false);
    }
    config = with(config, temperature, GenerationConfig::temperature);
    config = config.equals(base) ? base : config.doSample(true);
    return with(config, options.getSeed(), GenerationConfig::seed);
  }

  private static <T> GenerationConfig with(
      GenerationConfig config,
      @Nullable T value,
      BiFunction<GenerationConfig, T, GenerationConfig> setter) {
    return value == null ? config : setter.apply(config, value);
  }
}
