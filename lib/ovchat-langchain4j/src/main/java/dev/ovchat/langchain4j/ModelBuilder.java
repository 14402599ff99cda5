package dev.ovchat.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.ovchat.chat.ChatSession;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Settings that the builders of both chat models have in common.
 *
 * <p>Either {@link #modelDirectory} names a model, which is loaded and closed with the chat model;
 * or {@link #model} gives one that is loaded already, which several chat models can share.
 *
 * <p>A parameter that neither the request nor the builder sets is the model's own, as in {@link
 * GenerationConfig}; but an answer has {@value #MAX_OUTPUT_TOKENS} tokens at most where nobody says
 * how many.
 *
 * @param <B> the builder itself
 */
public abstract class ModelBuilder<B extends ModelBuilder<B>> {
  private static final int MAX_OUTPUT_TOKENS = 1024;

  private Path modelDirectory;
  private Device device;
  private Map<String, String> ovConfig = Map.of("PERFORMANCE_HINT", "LATENCY");
  private CausalLM model;
  private ChatTemplate template;
  private String modelName;
  private GenerationConfig generationConfig = GenerationConfig.defaults();
  private ChatRequestParameters defaultRequestParameters = DefaultChatRequestParameters.EMPTY;
  private final DefaultChatRequestParameters.Builder<?> parameters =
      DefaultChatRequestParameters.builder();
  private List<ChatModelListener> listeners = List.of();

  ModelBuilder() {}

  abstract B self();

  /** A directory that {@code optimum-cli export openvino} or ovchat's export wrote. */
  public B modelDirectory(Path modelDirectory) {
    this.modelDirectory = modelDirectory;
    return self();
  }

  /** The device for the model of {@link #modelDirectory}; the first GPU or the CPU by default. */
  public B device(Device device) {
    this.device = device;
    return self();
  }

  /**
   * OpenVINO's own property keys and values for the model of {@link #modelDirectory}; {@code
   * PERFORMANCE_HINT=LATENCY} by default.
   */
  public B ovConfig(Map<String, String> ovConfig) {
    this.ovConfig = Map.copyOf(ovConfig);
    return self();
  }

  /**
   * A model that is loaded already, in place of a directory; it stays the caller's to close.
   *
   * @param template its chat template
   */
  public B model(CausalLM model, ChatTemplate template) {
    this.model = model;
    this.template = template;
    return self();
  }

  /**
   * The name that responses give the model; by default the last two parts of the directory, such as
   * {@code smollm2/int4}, or for a model that is loaded already its type, such as {@code llama}.
   */
  public B modelName(String modelName) {
    this.modelName = modelName;
    return self();
  }

  /** Values that LangChain4j has no name for, such as a seed, {@code minP} or beams of one. */
  public B generationConfig(GenerationConfig generationConfig) {
    this.generationConfig = generationConfig;
    return self();
  }

  /** Parameters of requests that set none; the ones set here one by one come before them. */
  public B defaultRequestParameters(ChatRequestParameters defaultRequestParameters) {
    this.defaultRequestParameters = defaultRequestParameters;
    return self();
  }

  /** The temperature: above 0, or 0 for the most probable tokens. */
  public B temperature(Double temperature) {
    parameters.temperature(temperature);
    return self();
  }

  /** The share of the probability that the sampled tokens make up: from 0 to 1. */
  public B topP(Double topP) {
    parameters.topP(topP);
    return self();
  }

  /** The number of most probable tokens that are sampled from; 0 for all. */
  public B topK(Integer topK) {
    parameters.topK(topK);
    return self();
  }

  /** The amount taken from tokens' logits for each time that the answer has them: -2 to 2. */
  public B frequencyPenalty(Double frequencyPenalty) {
    parameters.frequencyPenalty(frequencyPenalty);
    return self();
  }

  /** The amount taken from the logits of tokens that the answer has: -2 to 2. */
  public B presencePenalty(Double presencePenalty) {
    parameters.presencePenalty(presencePenalty);
    return self();
  }

  /** The maximum number of tokens of an answer. */
  public B maxOutputTokens(Integer maxOutputTokens) {
    parameters.maxOutputTokens(maxOutputTokens);
    return self();
  }

  /** Texts that end the answer, and are left out of it. */
  public B stopSequences(List<String> stopSequences) {
    parameters.stopSequences(stopSequences);
    return self();
  }

  /** The form of answers, for requests that ask for none. */
  public B responseFormat(ResponseFormat responseFormat) {
    parameters.responseFormat(responseFormat);
    return self();
  }

  /** Listeners that are notified of requests, responses and errors. */
  public B listeners(List<ChatModelListener> listeners) {
    this.listeners = List.copyOf(listeners);
    return self();
  }

  /** Same as {@link #listeners(List)}. */
  public B listeners(ChatModelListener... listeners) {
    return listeners(List.of(listeners));
  }

  /** The engine of the chat model; the model is loaded if it was not given. */
  ChatEngine engine() {
    if ((modelDirectory == null) == (model == null)) {
      throw new IllegalArgumentException(
          modelDirectory == null
              ? "There is no model: set modelDirectory, or model for one that is loaded already."
              : "There are two models: set modelDirectory or model, and leave the other out.");
    }
    String name = modelName == null ? nameOfModel() : modelName;
    ChatRequestParameters asked = defaultRequestParameters.overrideWith(parameters.build());
    RequestRules.require(asked, name);
    // With the name, which listeners look for in requests.
    ChatRequestParameters defaults =
        asked.overrideWith(ChatRequestParameters.builder().modelName(name).build());
    Parameters.over(generationConfig, defaults);
    if (model != null) {
      return engine(model, template, name, defaults, () -> {});
    }
    ChatTemplate own = ChatTemplate.load(modelDirectory);
    CausalLM loaded =
        CausalLM.load(
            modelDirectory,
            device == null ? Device.firstAvailable("GPU.0", "CPU") : device,
            ovConfig);
    return engine(loaded, own, name, defaults, loaded::close);
  }

  private ChatEngine engine(
      CausalLM model,
      ChatTemplate template,
      String name,
      ChatRequestParameters defaults,
      Runnable whenClosed) {
    return new ChatEngine(
        ChatSession.of(model, template),
        name,
        withLength(model.generationConfig()),
        defaults,
        listeners,
        whenClosed);
  }

  /** transformers' 20 tokens, where nobody says how many, are not an answer. */
  private GenerationConfig withLength(GenerationConfig own) {
    GenerationConfig filled = generationConfig.filledFrom(own);
    return filled.maxNewTokens().isPresent() || filled.maxLength().isPresent()
        ? generationConfig
        : generationConfig.maxNewTokens(MAX_OUTPUT_TOKENS);
  }

  private String nameOfModel() {
    if (model != null) {
      return model.config().modelType();
    }
    Path directory = modelDirectory.toAbsolutePath().normalize();
    int parts = directory.getNameCount();
    return parts == 0
        ? directory.toString()
        : directory.subpath(Math.max(0, parts - 2), parts).toString();
  }
}
