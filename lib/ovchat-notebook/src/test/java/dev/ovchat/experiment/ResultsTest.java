package dev.ovchat.experiment;

import static dev.ovchat.experiment.MadeUp.BASELINE;
import static dev.ovchat.experiment.MadeUp.TEXT;
import static dev.ovchat.experiment.MadeUp.failed;
import static dev.ovchat.experiment.MadeUp.provenance;
import static dev.ovchat.experiment.MadeUp.results;
import static dev.ovchat.experiment.MadeUp.runs;
import static dev.ovchat.experiment.MadeUp.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class ResultsTest {
  private static final Results RESULTS =
      results(
          runs(BASELINE, TEXT, 100, 300, 101),
          runs(with("NUM_STREAMS", "2"), TokenIds.of(1), 110, 330, 112),
          List.of(failed(with("KV_CACHE_PRECISION", "u3"), 1, "Not supported.")));

  @Test
  void configsThatReadAlikeAreKeptApart() {
    Map<String, String> two = new TreeMap<>(with("A", "1"));
    two.put("B", "2");
    Results results =
        results(
            runs(BASELINE, TEXT, 100), runs(with("A", "1, B=2"), TEXT, 90), runs(two, TEXT, 80));
    assertThat(results.table().stringColumn("config").asList())
        .containsExactly("baseline", "A=1, B=2", "A=1, B=2");
    assertThat(results.runs().rowCount()).isEqualTo(3);
  }

  @Test
  void aRowForEachConfigWithMedians() {
    Table table = RESULTS.table();
    assertThat(table.columnNames())
        .containsExactly(
            "config",
            "load (ms)",
            "first token (ms)",
            "tokens/s",
            "tokens/s from",
            "tokens/s to",
            "memory (MB)",
            "perplexity",
            "same text",
            "same texts",
            "speed-up",
            "at least",
            "at most",
            "runs",
            "reason");
    assertThat(table.stringColumn("config").asList())
        .containsExactly("baseline", "KV_CACHE_PRECISION=u3", "NUM_STREAMS=2");
    assertThat(table.doubleColumn("tokens/s").asList()).containsExactly(101.0, null, 112.0);
    // scipy: exp of the logarithms' mean and t.ppf(1 - 0.05 / 2, 2) standard errors around it
    assertThat(table.doubleColumn("tokens/s from").get(0)).isCloseTo(30.1483, within(0.01));
    assertThat(table.doubleColumn("tokens/s to").get(0)).isCloseTo(694.5425, within(0.01));
    assertThat(table.doubleColumn("tokens/s from").isMissing(1)).isTrue();
    assertThat(table.booleanColumn("same text").asList()).containsExactly(true, null, false);
    assertThat(table.doubleColumn("speed-up").get(2)).isCloseTo(1.1, within(0.01));
    assertThat(table.doubleColumn("at least").get(2)).isBetween(1.0, 1.1);
    assertThat(table.doubleColumn("speed-up").isMissing(0)).isTrue();
    assertThat(table.stringColumn("reason").asList()).containsExactly("", "Not supported.", "");
    assertThat(table.intColumn("runs").asList()).containsExactly(3, 1, 3);
    assertThat(RESULTS)
        .hasToString(
            "7 runs of 3 configs on some device (some CPU, some threads threads), 1 of them"
                + " failed");
  }

  @Test
  void ofSeveralPromptsTheSameTextsAreCounted() {
    TokenIds other = TokenIds.of(1);
    Results results =
        results(
            List.of(MadeUp.run(BASELINE, 1, 100, TEXT, TEXT, other)),
            List.of(
                MadeUp.run(with("NUM_STREAMS", "2"), 1, 100, TEXT, other, other),
                MadeUp.run(with("NUM_STREAMS", "2"), 2, 100, TEXT, other, TEXT)));
    assertThat(results.table().stringColumn("same texts").asList())
        .containsExactly("3 of 3", "1 of 3");
    assertThat(results.table().booleanColumn("same text").asList()).containsExactly(true, false);
  }

  @Test
  void effectiveValuesHaveAColumnForEachKey() {
    Table table = RESULTS.effective();
    assertThat(table.columnNames())
        .containsExactly("config", "CACHE_DIR", "KV_CACHE_PRECISION", "NUM_STREAMS");
    assertThat(table.stringColumn("NUM_STREAMS").asList()).containsExactly("1", "", "1");
  }

  @Test
  void comparesConfigByConfigWithAnEarlierExperiment() {
    Results earlier =
        Results.of(provenance(Map.of("CPU", "an older one")), runs(BASELINE, TEXT, 50, 51, 49));
    Table table = RESULTS.compareWith(earlier);
    assertThat(table.columnNames())
        .containsExactly(
            "config", "earlier tokens/s", "tokens/s", "ratio", "at least", "at most", "same text");
    assertThat(table.stringColumn("config").asList()).containsExactly("baseline");
    assertThat(table.doubleColumn("ratio").get(0)).isBetween(2.0, 4.0);
    assertThat(table.booleanColumn("same text").asList()).containsExactly(true);
    Table differences = RESULTS.differencesFrom(earlier);
    assertThat(differences.stringColumn("what").asList()).containsExactly("CPU");
    assertThat(differences.stringColumn("earlier").asList()).containsExactly("an older one");
  }

  @Test
  void withNothingInCommonThereIsNothingToCompare() {
    Results other = results(runs(with("NUM_STREAMS", "9"), TEXT, 1));
    assertThatThrownBy(() -> RESULTS.compareWith(other))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("no config in common");
  }

  @Test
  void areSavedToAnotherFile(@TempDir Path folder) {
    Path csv = folder.resolve("x.csv");
    RESULTS.save(csv);
    assertThat(Results.read(csv).runs().print(100)).isEqualTo(RESULTS.runs().print(100));
    assertThatThrownBy(() -> RESULTS.save(csv))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("There is a file " + csv + " already.");
    assertThatThrownBy(() -> RESULTS.save(folder.resolve("none/x.csv")))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("Cannot write");
  }
}
