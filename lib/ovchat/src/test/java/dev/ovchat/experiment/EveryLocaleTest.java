package dev.ovchat.experiment;

import dev.ovchat.EveryLocale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of runs is the same file in every country, is read there, and gives the same tables. */
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
          return List.of(text, read.runs().print(), read.table().print());
        });
  }

  @Test
  void tables() throws Exception {
    EveryLocale.gives(
        () ->
            List.of(
                results().toString(),
                results().table().print(),
                results().effective().print(),
                results().runs().print(),
                results().compareWith(results()).print()));
  }
}
