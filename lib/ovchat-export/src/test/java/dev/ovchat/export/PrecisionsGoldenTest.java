package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Slow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each matrix of the demo model is stored as the documented command stores it; the golden file is
 * made by scripts/golden/golden_precisions.py.
 */
@Slow
class PrecisionsGoldenTest {
  private static final Path CHECKPOINT = Path.of("../../environment/demo-model/checkpoint");
  private static final Pattern MATRIX =
      Pattern.compile(
          "name=\"([\\w.]+)\\.weight\" type=\"Const\"[^>]*>\\s*"
              + "<data element_type=\"([iu]\\d+|bf16)\" shape=\"([\\d, ]+)\"");

  record Case(
      double ratio,
      int groupSize,
      boolean allLayers,
      String groupSizeFallback,
      String ignoredScope,
      Map<String, String> types) {
    GroupSizeFallback fallback() {
      return groupSizeFallback == null
          ? GroupSizeFallback.ERROR
          : GroupSizeFallback.valueOf(groupSizeFallback.toUpperCase(Locale.ROOT));
    }

    Export export() {
      Export export = Export.of(CHECKPOINT).ratio(ratio).groupSize(groupSize).allLayers(allLayers);
      return ignoredScope == null ? export : export.ignoredScope(ignoredScope);
    }

    @Override
    public String toString() {
      return "ratio "
          + ratio
          + (allLayers ? " of all layers, " : ", ")
          + fallback()
          + (ignoredScope == null ? "" : ", without " + ignoredScope);
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream in =
        PrecisionsGoldenTest.class.getResourceAsStream("/golden/precisions.json")) {
      return List.of(new ObjectMapper().readValue(in, Case[].class));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matricesAreStoredAsTheDocumentedCommandDoes(Case golden, @TempDir Path folder)
      throws IOException {
    Path directory = folder.resolve("model");

    golden.export().groupSizeFallback(golden.fallback()).to(directory);

    Map<String, String> types = new TreeMap<>();
    MATRIX
        .matcher(Files.readString(directory.resolve("openvino_model.xml")))
        .results()
        .forEach(matrix -> types.put(matrix.group(1), matrix.group(2) + " " + matrix.group(3)));
    assertThat(types).isEqualTo(new TreeMap<>(golden.types()));
  }
}
