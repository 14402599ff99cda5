package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.GoldenAwq;
import dev.ovchat.GoldenAwq.Exported;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exports with data-free AWQ scale the matrices that the documented command scales, and give the
 * same bits; the golden file is made by {@code scripts/golden/golden_awq.py}.
 */
@Slow
class AwqGoldenTest {
  private static final Path DEMO = Path.of("../../environment/demo-model/checkpoint");

  /** The constants that AWQ may change: two matrices of a layer, and factors of activations. */
  private static final Pattern OF_AWQ =
      Pattern.compile(
          "model\\.layers\\.\\d+\\.mlp\\.(?:(?:down_proj|up_proj|gate_up_proj)\\.weight"
              + "(?:/zero_point|/scale)?|awq/Constant)");

  @TempDir Path folder;

  static List<Exported> exports() {
    return GoldenAwq.read().exports();
  }

  @ParameterizedTest
  @MethodSource("exports")
  void constantsAreThoseOfTheDocumentedCommand(Exported golden) throws IOException {
    Path directory = folder.resolve("model");
    export(golden).awq(true).to(directory);
    assertThat(constants(directory)).isEqualTo(new TreeMap<>(golden.constants()));
  }

  private Export export(Exported golden) throws IOException {
    Export export = Export.of(checkpoint(golden.checkpoint())).symmetric(false);
    Iterator<String> words = Arrays.asList(golden.options().split(" ")).iterator();
    while (words.hasNext()) {
      export = with(export, words.next(), words);
    }
    return export;
  }

  private Path checkpoint(String name) throws IOException {
    return name.equals("demo")
        ? DEMO
        : ArchitecturesTest.checkpoint(
            new ArchitecturesTest.Case(name, List.of(), Map.of()),
            Files.createDirectory(folder.resolve("checkpoint")));
  }

  private static Export with(Export export, String option, Iterator<String> values) {
    return switch (option) {
      case "--sym" -> export.symmetric(true);
      case "--all-layers" -> export.allLayers(true);
      case "--weight-format" -> export.weightFormat(WeightFormat.valueOf(name(values)));
      case "--group-size" -> export.groupSize(Integer.parseInt(values.next()));
      case "--ratio" -> export.ratio(Double.parseDouble(values.next()));
      case "--backup-precision" -> export.backupPrecision(BackupPrecision.valueOf(name(values)));
      case "--group-size-fallback" ->
          export.groupSizeFallback(GroupSizeFallback.valueOf(name(values)));
      default -> throw new IllegalArgumentException(option);
    };
  }

  private static String name(Iterator<String> values) {
    return values.next().toUpperCase(Locale.ROOT);
  }

  private static Map<String, String> constants(Path directory) throws IOException {
    Map<String, String> found = new TreeMap<>();
    ExportedConstants.digests(directory)
        .forEach(
            (name, digest) -> {
              if (OF_AWQ.matcher(name).matches()) {
                found.put(name.replace("/Constant", ""), digest);
              }
            });
    return found;
  }
}
