import dev.ovchat.experiment.Page;
import dev.ovchat.export.Export;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The perplexities of the pages of notebook 02, of as many tokens as there, for GGUF files: each is
 * exported as it is beside the file, and computes in full precision. A line for each file: those of
 * the languages, parted by tabs.
 */
class Perplexities {
  private static final int TOKENS = 128;

  public static void main(String[] files) {
    for (String file : files) {
      Path directory = Path.of(file + "-exported");
      Export.of(Path.of(file)).to(directory);
      try (var model =
          CausalLM.load(directory, Device.of("CPU"), Map.of("EXECUTION_MODE_HINT", "ACCURACY"))) {
        StringJoiner line = new StringJoiner("\t");
        for (Page page : Page.inEachLanguage()) {
          var ids = model.tokenizer().encode(page.text(), EncodeOptions.AS_IT_IS);
          double perplexity = model.score(ids.first(Math.min(TOKENS, ids.size()))).perplexity();
          line.add(String.format(Locale.ROOT, "%.6f", perplexity));
        }
        System.out.println(line);
      }
    }
  }
}
