///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//REPOS mavenlocal,central
//DEPS dev.ovchat:ovchat-platform:0.1.0-SNAPSHOT
//DEPS org.slf4j:slf4j-nop:2.0.17

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Prints an answer piece by piece, as it is generated: Streaming MODEL_DIR QUESTION. */
public class Streaming {
  public static void main(String[] args) {
    Path modelDir = Path.of(args[0]);
    var messages = List.of(ChatMessage.user(args[1]));
    var config = GenerationConfig.defaults().maxNewTokens(100);
    try (var model = CausalLM.load(modelDir, Device.firstAvailable("GPU.0", "CPU"), Map.of())) {
      String prompt = ChatTemplate.load(modelDir).render(messages);
      var ids = model.tokenizer().encode(prompt, EncodeOptions.AS_IT_IS);
      try (var pieces = model.stream(ids, config)) {
        pieces.forEachRemaining(System.out::print);
      }
    }
    System.out.println();
  }
}
