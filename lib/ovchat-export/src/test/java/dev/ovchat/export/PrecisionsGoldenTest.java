package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ovchat.Slow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
              + "<data element_type=\"([iu]\\d+)\"");

  record Case(double ratio, int groupSize, boolean allLayers, Map<String, String> types) {
    @Override
    public String toString() {
      return "ratio " + ratio + (allLayers ? " of all layers" : "");
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

    Export.of(CHECKPOINT)
        .ratio(golden.ratio())
        .groupSize(golden.groupSize())
        .allLayers(golden.allLayers())
        .to(directory);

    Map<String, String> types = new TreeMap<>();
    MATRIX
        .matcher(Files.readString(directory.resolve("openvino_model.xml")))
        .results()
        .forEach(matrix -> types.put(matrix.group(1), matrix.group(2)));
    assertThat(types).isEqualTo(new TreeMap<>(golden.types()));
  }
}
