package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.export.ExportException;
import dev.ovchat.export.WeightFormat;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportVariantTest {
  private static final ExportVariant INT4 = ExportVariant.of(WeightFormat.INT4);

  @Test
  void aNameSaysWhatCountsForTheFormat() {
    assertThat(
            List.of(
                INT4.name(),
                INT4.groupSize(-1).ratio(1).name(),
                INT4.groupSize(64).symmetric(false).allLayers(true).name(),
                ExportVariant.of(WeightFormat.INT8).groupSize(64).name(),
                ExportVariant.of(WeightFormat.INT8).symmetric(false).name(),
                ExportVariant.of(WeightFormat.ORIGINAL).ratio(0.5).name(),
                ExportVariant.of(WeightFormat.NF4).symmetric(false).name(),
                ExportVariant.of(WeightFormat.MXFP4).ratio(0.5).name(),
                ExportVariant.of(WeightFormat.CB4).allLayers(true).name(),
                INT4.awq(true).name()))
        .containsExactly(
            "int4-g128-r0.6",
            "int4-rows-r1",
            "int4-g64-r0.6-asym-all",
            "int8",
            "int8-asym",
            "original",
            "nf4-g128-r1",
            "mxfp4-g32-r0.5",
            "cb4-rows-r1-all",
            "int4-g128-r0.6-awq");
  }

  @Test
  void theDocumentedValuesComeFirst() {
    List<ExportVariant> variants = ExportVariant.listFor(DemoModel.CHECKPOINT);
    assertThat(variants.get(0)).isEqualTo(INT4);
    assertThat(variants.stream().map(ExportVariant::name))
        .containsExactly(
            "int4-g128-r0.6",
            "int4-g128-r1",
            "int4-g128-r1-asym",
            "int4-g64-r1",
            "int4-rows-r1",
            "int8",
            "int8-asym");
  }

  @Test
  void isWrittenAsTheLineThatExportsIt() {
    assertThat(INT4.groupSize(64).allLayers(true).java())
        .isEqualTo(
            "Export.of(checkpoint).weightFormat(WeightFormat.INT4).groupSize(64).ratio(0.6)"
                + ".symmetric(true).allLayers(true)");
    assertThat(ExportVariant.of(WeightFormat.INT8).java())
        .isEqualTo("Export.of(checkpoint).weightFormat(WeightFormat.INT8).symmetric(true)");
    assertThat(ExportVariant.of(WeightFormat.NF4).java())
        .isEqualTo(
            "Export.of(checkpoint).weightFormat(WeightFormat.NF4).groupSize(128).ratio(1.0)");
    assertThat(INT4.awq(true).java())
        .isEqualTo(
            "Export.of(checkpoint).weightFormat(WeightFormat.INT4).groupSize(128).ratio(0.6)"
                + ".symmetric(true).awq(true)");
    assertThat(ExportVariant.of(WeightFormat.FP16).java())
        .isEqualTo("Export.of(checkpoint).weightFormat(WeightFormat.FP16)");
  }

  @Test
  void valuesOutOfRangeAreRefused(@TempDir Path folder) {
    assertThatThrownBy(() -> INT4.groupSize(0))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("groupSize is 0");
    assertThatThrownBy(() -> INT4.ratio(1.5))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("ratio is 1.5");
    assertThatThrownBy(() -> ExportVariant.of(WeightFormat.INT8).awq(true))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("the weight format is int8; leave out awq");
    assertThatThrownBy(() -> ExportVariant.of(WeightFormat.ORIGINAL).awq(true))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("the weight format is original; leave out awq");
    assertThatThrownBy(() -> ExportVariant.listFor(folder))
        .isInstanceOf(UnusableFileException.class);
  }
}
