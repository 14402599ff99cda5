import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CacheLayout;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.nio.file.Path;
import java.util.Map;

/** Prints this system, and the ids of a completion in full precision, by the usual graph and by the paged one. */
public class TenTokens {
  public static void main(String[] args) {
    System.out.println(System.getProperty("os.arch"));
    var precise = Map.of("EXECUTION_MODE_HINT", "ACCURACY");
    var config = GenerationConfig.defaults().maxNewTokens(10);
    for (var layout : CacheLayout.values()) {
      try (var model = CausalLM.load(Path.of(args[0]), Device.of("CPU"), precise, layout)) {
        var ids = model.tokenizer().encode("<|user|>\nWho are you?<|end|>\n<|assistant|>\n");
        System.out.println(layout + " " + model.generate(ids, config).ids());
      }
    }
  }
}
