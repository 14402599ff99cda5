package dev.ovchat.generate;

import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;

/** The steps of notebook 01 that {@link WalkTest} looks at. */
final class PlainWalk {
  private PlainWalk() {}

  /** Walks once on the model of a directory, and prints the text. */
  public static void main(String[] arguments) {
    try (var model = CausalLM.load(Path.of(arguments[0]), Device.of("CPU"), DemoModel.CONFIG)) {
      TokenIds prompt = model.tokenizer().encode(DemoModel.PROMPT, EncodeOptions.AS_IT_IS);
      var config = GenerationConfig.defaults().doSample(false).maxNewTokens(3);
      walk(model, model.tokenizer(), prompt, config);
    }
  }

  /** From the ids of a prompt to the text of its completion. */
  static void walk(CausalLM model, Tokenizer tokenizer, TokenIds prompt, GenerationConfig config) {
    Generation generation = model.generate(prompt, config);
    System.out.println(tokenizer.decode(generation.ids(), DecodeOptions.READABLE));
  }
}
