package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.graph.ElementType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of rows that the wanted size does not divide, by NNCF's rules. */
class GroupSizesTest {
  private static Matrix rowsOf(long columns) {
    return new Matrix(
        new CheckpointTensor(
            "weight", ElementType.BF16, List.of(2L, columns), Path.of("file"), 0, 4 * columns),
        false);
  }

  @ParameterizedTest
  @CsvSource({
    "64, ERROR, 320, 64, true, false",
    "64, IGNORE, 320, 64, true, false",
    "64, ADJUST, 320, 64, true, false",
    "64, ERROR, 288, 64, true, false",
    "64, IGNORE, 288, 64, false, true",
    "64, ADJUST, 288, 32, true, false",
    "64, ADJUST, 592, 16, false, false",
    "96, ADJUST, 256, 256, true, false",
    "-1, IGNORE, 592, -1, true, false",
    "-1, ADJUST, 592, -1, true, false"
  })
  void sizesAreNncfs(
      int wanted,
      GroupSizeFallback fallback,
      long columns,
      int size,
      boolean allowed,
      boolean original) {
    GroupSizes groups = new GroupSizes(wanted, fallback, false);
    Matrix matrix = rowsOf(columns);
    assertThat(groups.of(matrix)).isEqualTo(size);
    assertThat(groups.allows(matrix)).isEqualTo(allowed);
    assertThat(groups.keepsOriginal(matrix)).isEqualTo(original);
  }

  @Test
  void refusesRowsOfAnotherWidth() {
    List<Matrix> matrices = List.of(rowsOf(320), rowsOf(288));
    assertThatThrownBy(() -> new GroupSizes(64, GroupSizeFallback.ERROR, false).require(matrices))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "The rows of weight are 288 weights wide, which groups of 64 do not divide; take 16,"
                + " 32, or -1 for one group a row.");
    assertThatThrownBy(
            () -> new GroupSizes(32, GroupSizeFallback.ERROR, true).require(List.of(rowsOf(48))))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "The rows of weight are 48 weights wide, which groups of 32 do not divide; take another weight format.");
    new GroupSizes(64, GroupSizeFallback.ADJUST, false).require(matrices);
  }
}
