package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The architectures that can be exported, under transformers' names. */
final class Architectures {
  private static final List<Architecture> ALL =
      List.of(
          new Phi3(),
          new Llama(),
          new Mistral(),
          new Ministral(),
          new Ministral3(),
          new Qwen2(),
          new Qwen3(),
          new Qwen3Moe(),
          new SmolLm3(),
          new Granite(),
          new GraniteMoe(),
          new MiniCpm(),
          new Olmo2(),
          new GptOss(),
          new Gemma2(),
          new Gemma3(),
          new Exaone4(),
          new HunYuan());

  private Architectures() {}

  /** The architecture that a config names. */
  static Optional<Architecture> of(JsonFile json) {
    String type = modelType(json);
    return ALL.stream().filter(known -> known.modelType().equals(type)).findFirst();
  }

  /**
   * The architecture's name in a config. Mistral with {@code layer_types} is another architecture,
   * ministral, as in transformers' AutoConfig.
   */
  static String modelType(JsonFile json) {
    String type = json.text("model_type", "unknown");
    return type.equals("mistral") && json.root().has("layer_types") ? "ministral" : type;
  }

  /** The names of all architectures, for messages. */
  static String names() {
    return ALL.stream().map(Architecture::modelType).collect(Collectors.joining(", "));
  }
}
