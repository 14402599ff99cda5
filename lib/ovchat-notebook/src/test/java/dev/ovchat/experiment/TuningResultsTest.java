package dev.ovchat.experiment;

import static dev.ovchat.experiment.MadeUp.BASELINE;
import static dev.ovchat.experiment.MadeUp.TEXT;
import static dev.ovchat.experiment.MadeUp.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.export.WeightFormat;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** On runs that nobody ran. */
class TuningResultsTest {
  private static final ExportVariant INT4 = ExportVariant.of(WeightFormat.INT4);
  private static final ExportVariant INT8 = ExportVariant.of(WeightFormat.INT8);
  private static final ExportVariant ROWS = INT4.groupSize(-1).ratio(1);
  private static final Path MODELS = Path.of("model/made-up");
  private static final double[] SLOW = {100, 101, 99, 100, 102};
  private static final double[] FAST = {131, 130, 132, 129, 133};
  private static final double[] FASTER = {141, 140, 142, 139, 143};
  private static final double[] NOT_IN_FINAL = {};

  private static final Candidate DOCUMENTED = candidate(INT4, BASELINE, 30, 100, SLOW);
  private static final Candidate EIGHT_BITS =
      candidate(INT8, with("DYNAMIC_QUANTIZATION_GROUP_SIZE", "64"), 27, 130, FAST);
  private static final Candidate ALL_FOUR_BITS = candidate(ROWS, BASELINE, 45, 140, FASTER);

  /** A run before the final, and those of the final. */
  private static Candidate candidate(
      ExportVariant format,
      Map<String, String> config,
      double perplexity,
      double first,
      double... speeds) {
    List<Run> runs = new ArrayList<>(List.of(run(config, 1, first, perplexity)));
    for (int i = 0; i < speeds.length; i++) {
      runs.add(run(config, Candidate.FIRST_FINAL_ROUND + i, speeds[i], perplexity));
    }
    return new Candidate(
        format,
        MODELS.resolve(format.name()),
        105_400_000,
        new ConfigRuns(config, ConfigText.label(config, BASELINE), runs),
        "");
  }

  private static Run run(Map<String, String> config, int round, double speed, double perplexity) {
    TokenIds other = TokenIds.of((int) perplexity);
    return new Run(
        "2026-11-21T10:00:00Z",
        7,
        round,
        config,
        Optional.of(
            new Measured(300, 20.5, speed, 412.25, perplexity, List.of(TEXT, other), Map.of())),
        "");
  }

  private static TuningResults results(double mostPerplexity, Candidate... candidates) {
    return new TuningResults(
        MadeUp.provenance(
            Map.of(
                "prompt tokens",
                "38 12",
                "perplexity text",
                "612 tokens, 5f3a",
                "requests at once",
                "1")),
        new Device("CPU"),
        mostPerplexity,
        List.of(candidates),
        Optional.empty());
  }

  @Test
  void takesTheFastestPairWithinTheBound() {
    Tuned tuned = results(1.01, DOCUMENTED, EIGHT_BITS, ALL_FOUR_BITS).tuned();
    assertThat(tuned.found()).isTrue();
    assertThat(tuned.modelDirectory()).isEqualTo(MODELS.resolve("int8"));
    assertThat(tuned.config()).isEqualTo(with("DYNAMIC_QUANTIZATION_GROUP_SIZE", "64"));
    assertThat(tuned.machine().get("CPU")).isEqualTo("some CPU");
    assertThat(tuned)
        .hasToString(
            "Take int8 with DYNAMIC_QUANTIZATION_GROUP_SIZE=64: 1.30 times as fast as int4-g128-r0.6"
                + " with the baseline config, round by round (with 95 % confidence at least 1.28, at"
                + " most 1.33; 5 rounds, 2 pairs compared). Its perplexity is 0.900 times the"
                + " baseline's, where 1.01 is allowed.");
    assertThat(results(1.5, DOCUMENTED, EIGHT_BITS, ALL_FOUR_BITS).tuned().modelDirectory())
        .isEqualTo(MODELS.resolve("int4-rows-r1"));
  }

  @Test
  void oneFastRunBeforeTheFinalIsNoProof() {
    Candidate lucky = candidate(ROWS, BASELINE, 27, 500, NOT_IN_FINAL);
    Tuned tuned =
        results(1.01, DOCUMENTED, candidate(INT8, BASELINE, 27, 150, SLOW), lucky).tuned();
    assertThat(tuned.found()).isFalse();
    assertThat(tuned.modelDirectory()).isEqualTo(MODELS.resolve("int4-g128-r0.6"));
    assertThat(tuned.config()).isEqualTo(BASELINE);
    assertThat(tuned.evidence())
        .startsWith(
            "No difference found: no pair is for certain 1.05 times as fast as the baseline. The"
                + " highest ratio is that of int8 with the baseline config: 1.00 times as fast");
  }

  @Test
  void whatFailedOrWasNotMeasuredIsNotTaken() {
    List<Run> runs = new ArrayList<>(EIGHT_BITS.runs().runs());
    runs.add(MadeUp.failed(EIGHT_BITS.runs().config(), 9, "It was killed."));
    Candidate failing =
        new Candidate(
            INT8,
            EIGHT_BITS.directory(),
            1,
            new ConfigRuns(EIGHT_BITS.runs().config(), "x", runs),
            "");
    assertThat(results(1.01, DOCUMENTED, failing).tuned().found()).isFalse();
    assertThat(results(1.01, DOCUMENTED).tuned().evidence())
        .isEqualTo(
            "There is nothing to compare: no other pair within the bound of 1.01 on the perplexity"
                + " was measured to the end.");
    Candidate none =
        new Candidate(
            INT4,
            DOCUMENTED.directory(),
            1,
            new ConfigRuns(BASELINE, "baseline", List.of(MadeUp.failed(BASELINE, 1, "No."))),
            "");
    assertThat(results(1.01, none, EIGHT_BITS).tuned().evidence())
        .isEqualTo("There is nothing to compare with: the baseline was not measured. No.");
  }

  @Test
  void aRowForEachPair() {
    Candidate failed =
        new Candidate(
            INT4.groupSize(32),
            MODELS,
            0,
            new ConfigRuns(BASELINE, "baseline", List.of()),
            "Groups of 32 do not fit.");
    Candidate early = candidate(INT4.ratio(1), BASELINE, 33, 150, NOT_IN_FINAL);
    Table table = results(1.01, DOCUMENTED, failed, early, EIGHT_BITS).table();
    assertThat(table.columnNames())
        .containsExactly(
            "format",
            "config",
            "tokens/s",
            "tokens/s from",
            "tokens/s to",
            "speed-up",
            "at least",
            "at most",
            "first token (ms)",
            "memory (MB)",
            "size (MB)",
            "perplexity",
            "perplexity ratio",
            "same texts",
            "runs",
            "reason");
    assertThat(table.stringColumn("format").asList())
        .containsExactly("int4-g128-r0.6", "int8", "int4-g128-r1", "int4-g32-r0.6");
    assertThat(table.stringColumn("config").asList())
        .containsExactly("baseline", "DYNAMIC_QUANTIZATION_GROUP_SIZE=64", "baseline", "baseline");
    assertThat(table.doubleColumn("tokens/s").asList()).containsExactly(100.0, 131.0, 150.0, null);
    assertThat(table.doubleColumn("speed-up").get(1)).isCloseTo(1.305, within(0.001));
    assertThat(table.doubleColumn("at least").get(1)).isBetween(1.28, 1.30);
    assertThat(table.doubleColumn("speed-up").get(2)).isEqualTo(1.5, within(1e-9));
    assertThat(table.doubleColumn("at least").isMissing(2)).isTrue();
    assertThat(table.doubleColumn("size (MB)").asList()).containsExactly(105.4, 105.4, 105.4, null);
    assertThat(table.doubleColumn("perplexity ratio").asList())
        .containsExactly(1.0, 0.9, 1.1, null);
    assertThat(table.stringColumn("same texts").asList())
        .containsExactly("2 of 2", "1 of 2", "1 of 2", "");
    assertThat(table.stringColumn("reason").get(3)).isEqualTo("Groups of 32 do not fit.");
  }

  @Test
  void theReportSaysWhatWasFoundHowAndWhere(@TempDir Path folder) throws IOException {
    TuningReport report = results(1.01, DOCUMENTED, EIGHT_BITS, ALL_FOUR_BITS).report();
    Path page = folder.resolve("report.html");
    Path text = folder.resolve("report.md");
    report.save(page);
    report.save(text);
    assertThat(Files.readString(page)).isEqualTo(report.html());
    assertThat(report.html())
        .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
        .contains("<h1>Tuning of made-up</h1>")
        .contains("1.30 times as fast as")
        .contains("<li>instruction sets: some instruction sets</li>")
        .contains("<td>DYNAMIC_QUANTIZATION_GROUP_SIZE=64</td>")
        .contains("weightFormat(WeightFormat.INT8).symmetric(true).to(directory);")
        .contains("&quot;DYNAMIC_QUANTIZATION_GROUP_SIZE&quot;, &quot;64&quot;")
        .doesNotContain("http");
    assertThat(Files.readString(text))
        .startsWith("# Tuning of made-up\n\n## Advice\n\nTake int8 with")
        .contains("| format | config | tokens/s |")
        .contains("| int8 | DYNAMIC\\_QUANTIZATION\\_GROUP\\_SIZE=64 | 131.0 |")
        .contains("on 2 prompts (of 38, 12 tokens)")
        .contains("(on a text of 612 tokens)")
        .contains("\n- CPU: some CPU\n");
    assertThatThrownBy(() -> report.save(folder.resolve("report.pdf")))
        .isInstanceOf(ExperimentException.class)
        .hasMessage(
            "Cannot write the report to %s: its name has to end with .html or .md."
                .formatted(folder.resolve("report.pdf")));
  }
}
