package dev.ovchat.experiment;

import dev.ovchat.EveryLocale;
import dev.ovchat.Slow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A log of runs is the same file in every country, is read there, and gives the same tables. */
@Slow
class EveryLocaleTest {
  private static Results results() {
    return MadeUp.results(
        MadeUp.runs(MadeUp.BASELINE, MadeUp.TEXT, 1234.5, 1240.25, 1230),
        MadeUp.runs(
            MadeUp.with("INFERENCE_NUM_THREADS", "12"), MadeUp.TEXT, 1300.125, 1310.5, 0.00125),
        List.of(MadeUp.failed(MadeUp.with("NUM_STREAMS", "2"), 1, "OUT OF MEMORY, İIı")));
  }

  @Test
  void aLogOfRuns(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("runs.csv");
    EveryLocale.gives(
        () -> {
          results().save(csv);
          String text = Files.readString(csv);
          Results read = Results.read(csv);
          Files.delete(csv);
          return List.of(text, read.toString(), cells(read.table()), cells(read.runs()));
        });
  }

  /** What is in the cells; how they are shown is a matter of the view. */
  private static List<Object> cells(Table table) {
    return table.columns().stream().<Object>map(Column::asList).toList();
  }

  @Test
  void sentences() throws Exception {
    EveryLocale.gives(() -> results().toString());
  }

  @Test
  void aConfigFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("config.json");
    EveryLocale.gives(
        () -> {
          ConfigFile.save(
              file, Map.of("INFERENCE_NUM_THREADS", "12", "PERFORMANCE_HINT", "LATENCY"));
          return List.of(Files.readString(file), ConfigFile.load(file));
        });
  }
}
