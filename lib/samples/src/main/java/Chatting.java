///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//REPOS mavenlocal,central
//DEPS dev.ovchat:ovchat-platform:0.1.0-SNAPSHOT
//DEPS org.slf4j:slf4j-nop:2.0.17

import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;
import java.util.Map;
import java.util.Scanner;

/** Answers each line of the input, and remembers those before: Chatting MODEL_DIR. */
public class Chatting {
  public static void main(String[] args) {
    Path modelDir = Path.of(args[0]);
    var device = Device.firstAvailable("GPU.0", "CPU");
    var config = GenerationConfig.defaults().maxNewTokens(100);
    try (var model = CausalLM.load(modelDir, device, Map.of("PERFORMANCE_HINT", "LATENCY"));
        var chat = Chat.of(model, ChatTemplate.load(modelDir), config)) {
      var lines = new Scanner(System.in);
      while (lines.hasNextLine()) {
        chat.ask(lines.nextLine(), System.out::print);
        System.out.println();
      }
    }
  }
}
