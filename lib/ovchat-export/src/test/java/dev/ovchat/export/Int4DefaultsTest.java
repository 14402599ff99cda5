package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The values are those that optimum-intel chooses, for all of its entries and what is like them;
 * the golden file is made by {@code scripts/golden/golden_int4_defaults.py}.
 */
class Int4DefaultsTest {
  @TempDir Path folder;

  /** What NNCF gets from optimum-intel. */
  record Chosen(
      String mode,
      int groupSize,
      double ratio,
      boolean allLayers,
      String backup,
      String fallback,
      boolean awq,
      boolean scaleEstimation,
      String dataset,
      List<String> others) {
    List<String> leftOut() {
      String data = dataset == null ? "" : " by the data set " + dataset;
      List<String> leftOut = new ArrayList<>(others);
      if (awq && dataset != null) {
        leftOut.add("AWQ" + data);
      }
      if (scaleEstimation) {
        leftOut.add("scale estimation" + data);
      }
      if (dataset != null && ratio < 1) {
        leftOut.add("the choice of what gets four bits" + data);
      }
      return leftOut;
    }
  }

  /**
   * @param origin what a directory's config.json names, where there is one
   * @param chosen nothing where parts of the model are treated differently
   */
  record Case(String model, String origin, Chosen chosen) {}

  static List<Case> cases() throws IOException {
    try (InputStream in =
        Int4DefaultsTest.class.getResourceAsStream("/golden/int4-defaults.json")) {
      return List.of(new ObjectMapper().readValue(in, Case[].class));
    }
  }

  private String model(Case golden) throws IOException {
    if (golden.origin() == null) {
      return golden.model();
    }
    Path directory = Files.createDirectory(folder.resolve(golden.model()));
    Files.writeString(
        directory.resolve("config.json"), "{\"_name_or_path\": \"%s\"}".formatted(golden.origin()));
    return directory.toString();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAreThoseOfOptimumIntel(Case golden) throws IOException {
    String model = model(golden);
    if (golden.chosen() == null) {
      assertThatThrownBy(() -> Int4Defaults.of(model))
          .isInstanceOf(ExportException.class)
          .hasMessageStartingWith("optimum-intel 2.2.0 compresses parts of " + model)
          .hasMessageContaining("quantization_config");
      return;
    }
    Int4Defaults values = Int4Defaults.of(model);
    assertThat(values.symmetric() ? "int4_sym" : "int4_asym").isEqualTo(golden.chosen().mode());
    assertThat(values.groupSize()).isEqualTo(golden.chosen().groupSize());
    assertThat(values.ratio()).isEqualTo(golden.chosen().ratio());
    assertThat(values.allLayers()).isEqualTo(golden.chosen().allLayers());
    assertThat(values.backupPrecision().map(Int4DefaultsTest::name))
        .isEqualTo(Optional.ofNullable(golden.chosen().backup()));
    assertThat(name(values.groupSizeFallback()))
        .isEqualTo(Optional.ofNullable(golden.chosen().fallback()).orElse("error"));
    assertThat(values.awq()).isEqualTo(golden.chosen().awq() && golden.chosen().dataset() == null);
    assertThat(values.leftOut())
        .filteredOn(what -> !what.startsWith("DYNAMIC_QUANTIZATION_GROUP_SIZE"))
        .isEqualTo(golden.chosen().leftOut());
  }

  private static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "microsoft/Phi-4-reasoning|int4 as optimum-intel 2.2.0 does it for"
            + " microsoft/Phi-4-reasoning: --group-size 64 --ratio 1.0 --no-sym.",
        "models/phi-2|int4 as optimum-intel 2.2.0 does it for microsoft/phi-2: --group-size 64"
            + " --ratio 1.0 --no-sym; left out, and done by --engine optimum: AWQ by the data set"
            + " wikitext2, scale estimation by the data set wikitext2.",
        "Qwen/Qwen3-4B|int4 as optimum-intel 2.2.0 does it for Qwen/Qwen3-4B: --group-size 128"
            + " --ratio 1.0 --sym --awq.",
        "psmathur/orca_mini_3b|int4 as optimum-intel 2.2.0 does it for psmathur/orca_mini_3b:"
            + " --group-size 64 --ratio 1.0 --sym --all-layers.",
        "inceptionai/jais-13b|int4 as optimum-intel 2.2.0 does it for inceptionai/jais-13b:"
            + " --group-size 128 --ratio 1.0 --no-sym --group-size-fallback adjust.",
        "Qwen/Qwen2.5-Coder-3B-Instruct|int4 as optimum-intel 2.2.0 does it for"
            + " Qwen/Qwen2.5-Coder-3B-Instruct: --group-size 64 --ratio 1.0 --no-sym; left out, and"
            + " done by --engine optimum: scale estimation by the data set wikitext2,"
            + " DYNAMIC_QUANTIZATION_GROUP_SIZE 128.",
        "/|int4 as optimum-intel 2.2.0 does it for models that it has no entry for: --group-size"
            + " 128 --ratio 1.0 --no-sym."
      })
  void areSaidAsOptions(String model, String sentence) {
    assertThat(Int4Defaults.of(model)).hasToString(sentence);
  }

  @Test
  void aFileHasTheGeneralValues() throws IOException {
    Path file = Files.createFile(folder.resolve("model.gguf"));
    assertThat(Int4Defaults.of(file.toString()).entry()).isEmpty();
  }

  @Test
  void anExportTakesThem() {
    Export export =
        Export.of(folder)
            .weightFormat(WeightFormat.NF4)
            .symmetric(true)
            .backupPrecision(BackupPrecision.NONE)
            .ratio(0.1)
            .awq(true);
    assertThat(export.defaults(Int4Defaults.of("inceptionai/jais-13b")))
        .hasToString(
            "Export of %s with ExportOptions[weightFormat=INT4, groupSize=128, ratio=1.0, symmetric=false, allLayers=false, backupPrecision=INT8_ASYM, groupSizeFallback=ADJUST, awq=false]",
            folder);
  }
}
