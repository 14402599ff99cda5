///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//REPOS mavenlocal,central
//DEPS dev.ovchat:ovchat-platform:0.1.0-SNAPSHOT
//DEPS dev.ovchat:ovchat-export:0.1.0-SNAPSHOT
//DEPS org.slf4j:slf4j-nop:2.0.17

import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.export.Export;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Exports a checkpoint or a GGUF file, and asks: ExportAndAsk CHECKPOINT MODEL_DIR QUESTION. */
public class ExportAndAsk {
  public static void main(String[] args) {
    Path modelDir = Path.of(args[1]);
    if (!Files.exists(modelDir)) {
      Export.of(Path.of(args[0])).to(modelDir);
    }
    var config = GenerationConfig.defaults().maxNewTokens(100);
    try (var model = CausalLM.load(modelDir, Device.of("CPU"), Map.of());
        var chat = Chat.of(model, ChatTemplate.load(modelDir), config)) {
      System.out.println(chat.ask(args[2]).text());
    }
  }
}
