package dev.ovchat.langchain4j;

import dev.ovchat.DemoModel;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;

/**
 * A model for LangChain4j's own tests, in full precision, so that it answers the same on every CPU.
 * It is loaded once for all of them.
 */
final class TestModels {
  /** Small models write JSON's texts and lists without an end. */
  private static final GenerationConfig SHORT = GenerationConfig.defaults().maxNewTokens(120);

  private static TestModels demo;
  private static TestModels smolLm2;

  private final CausalLM model;
  private final ChatTemplate template;

  private TestModels(Path directory) {
    model = CausalLM.load(directory, Device.of("CPU"), DemoModel.ACCURATE);
    template = ChatTemplate.load(directory);
  }

  static synchronized TestModels demo() {
    if (demo == null) {
      demo = new TestModels(DemoModel.DIRECTORY);
    }
    return demo;
  }

  /** SmolLM2-135M-Instruct, which set-up downloads. */
  static synchronized TestModels smolLm2() {
    if (smolLm2 == null) {
      smolLm2 = new TestModels(SmolLm2.directory());
    }
    return smolLm2;
  }

  OvchatChatModel.Builder chat() {
    return OvchatChatModel.builder().model(model, template).generationConfig(SHORT);
  }

  OvchatStreamingChatModel.Builder streaming() {
    return OvchatStreamingChatModel.builder().model(model, template).generationConfig(SHORT);
  }
}
