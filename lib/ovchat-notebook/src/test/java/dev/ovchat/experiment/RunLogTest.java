package dev.ovchat.experiment;

import static dev.ovchat.experiment.MadeUp.BASELINE;
import static dev.ovchat.experiment.MadeUp.TEXT;
import static dev.ovchat.experiment.MadeUp.failed;
import static dev.ovchat.experiment.MadeUp.provenance;
import static dev.ovchat.experiment.MadeUp.run;
import static dev.ovchat.experiment.MadeUp.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class RunLogTest {
  private static final Provenance HERE = provenance(Map.of());
  private static final Run FIRST = run(BASELINE, 1, 800.5, TEXT);
  private static final Run SECOND = run(with("NUM_STREAMS", "2"), 1, 801.25, TEXT);

  @TempDir Path folder;
  private Path csv;

  @BeforeEach
  void nameTheFile() {
    csv = folder.resolve("results.csv");
  }

  @Test
  void eachRunIsARowAtOnce() throws IOException {
    RunLog log = RunLog.open(csv, HERE);
    assertThat(Files.readAllLines(csv)).hasSize(1);
    log.append(FIRST);
    assertThat(Files.readAllLines(csv)).hasSize(2);
    log.append(SECOND);
    assertThat(Files.readAllLines(csv)).hasSize(3);
    assertThat(log.problem()).isEmpty();
    assertThat(Files.readString(csv))
        .startsWith(
            "date,config,round,load (ms),first token (ms),tokens/s,memory (MB),perplexity,reason,")
        .contains("\n2026-11-21T10:00:00Z,CACHE_DIR=; NUM_STREAMS=1,1,300.0,20.5,800.5,412.25,,,");
  }

  @Test
  void whatIsWrittenComesBack() {
    TokenIds longAnswer = TokenIds.of(IntStream.range(0, 5000).toArray());
    Run odd =
        new Run(
            "2026-11-21T10:00:00Z",
            -3,
            2,
            with("CACHE_DIR", "/a \"b\", c\\d/é漢"),
            Optional.of(
                new Measured(
                    0.001,
                    1e7,
                    1000 / 7.0,
                    Double.NaN,
                    27.25,
                    List.of(longAnswer, TokenIds.of(), TokenIds.of(7)),
                    Map.of("K", "CPU:{X=1}"))),
            "");
    Run failed = failed(Map.of(), 2, "It said, \"no\\\" = 'NA' <b>é漢</b>");
    RunLog log = RunLog.open(csv, HERE);
    List.of(FIRST, odd, failed).forEach(log::append);
    assertThat(RunLog.open(csv, HERE).runs()).containsExactly(FIRST, odd, failed);
  }

  @Test
  void isContinued() {
    RunLog.open(csv, HERE).append(FIRST);
    RunLog.open(csv, HERE).append(SECOND);
    assertThat(RunLog.open(csv, HERE).runs()).containsExactly(FIRST, SECOND);
  }

  @Test
  void aRowThatWasCutOffIsLeftOutAndReplaced() throws IOException {
    RunLog log = RunLog.open(csv, HERE);
    log.append(FIRST);
    log.append(SECOND);
    String whole = Files.readString(csv);
    Files.writeString(csv, whole.substring(0, whole.length() - 20));
    assertThat(Results.read(csv).runs().rowCount()).isEqualTo(1);
    RunLog again = RunLog.open(csv, HERE);
    assertThat(again.runs()).containsExactly(FIRST);
    again.append(SECOND);
    assertThat(Files.readString(csv)).isEqualTo(whole);
  }

  @Test
  void aFileWithOtherColumnsIsReadButNotContinued() throws IOException {
    RunLog.open(csv, HERE).append(FIRST);
    for (String regex : List.of("(?m)^([^,]*),([^,]*),", "(?m)^()([^,]*),")) {
      Path edited = folder.resolve("edited.csv");
      Files.writeString(edited, Files.readString(csv).replaceAll(regex, "$2,$1,"));
      String before = Files.readString(edited);
      assertThat(Results.read(edited).runs().rowCount()).isEqualTo(1);
      assertThatThrownBy(() -> RunLog.open(edited, HERE))
          .isInstanceOf(ExperimentException.class)
          .hasMessageStartingWith(edited + " cannot be continued: its columns are not those that");
      assertThat(Files.readString(edited)).isEqualTo(before);
    }
  }

  @Test
  void aFileOfAnEarlierVersionIsReadButNotContinued() throws IOException {
    RunLog.open(csv, HERE).append(FIRST);
    Table table = Results.read(csv).runs();
    table.removeColumns("instruction sets", "requests at once", "perplexity text", "perplexity");
    table.write().csv(csv.toFile());
    String before = Files.readString(csv);
    Table read = Results.read(csv).runs();
    assertThat(read.stringColumn("requests at once").get(0)).isEqualTo("1");
    assertThat(read.doubleColumn("perplexity").isMissing(0)).isTrue();
    assertThat(read.doubleColumn("tokens/s").get(0)).isEqualTo(800.5);
    assertThatThrownBy(() -> RunLog.open(csv, HERE))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("holds runs of another experiment: instruction sets is \"\" there");
    assertThat(Files.readString(csv)).isEqualTo(before);
  }

  @Test
  void aSpreadsheetMayHaveWrittenItAnew() throws IOException {
    RunLog.open(csv, HERE).append(FIRST);
    Files.writeString(csv, "\ufeff" + Files.readString(csv).replace("\n", "\r\n"));
    RunLog.open(csv, HERE).append(SECOND);
    assertThat(RunLog.open(csv, HERE).runs()).containsExactly(FIRST, SECOND);
  }

  @Test
  void twoSweepsOnOneFileLoseNoRow() {
    RunLog.open(csv, HERE);
    IntStream.range(0, 4)
        .parallel()
        .forEach(
            sweep -> {
              RunLog log = RunLog.open(csv, HERE);
              IntStream.range(0, 100).forEach(round -> log.append(run(BASELINE, round, 1, TEXT)));
            });
    assertThat(RunLog.open(csv, HERE).runs()).hasSize(400);
  }

  @Test
  void runsOfSomethingElseAreNotMixedIn() {
    RunLog.open(csv, provenance(Map.of("CPU", "another one", "threads", "8"))).append(FIRST);
    assertThatThrownBy(() -> RunLog.open(csv, HERE))
        .isInstanceOf(ExperimentException.class)
        .hasMessage(
            csv
                + " holds runs of another experiment: CPU is \"another one\" there, and \"some CPU\""
                + " now, and threads differs, too. Name another file; Results.compareWith compares"
                + " the two.");
  }

  @Test
  void anotherFileIsNotTouched() throws IOException {
    for (String text : List.of("hello", "a,b\n1,2\n", "a,a\n1,2\n", "\u0000\n")) {
      Files.writeString(csv, text);
      assertThatThrownBy(() -> RunLog.open(csv, HERE))
          .isInstanceOf(ExperimentException.class)
          .hasMessageStartingWith(csv + " is no file of an experiment: it ")
          .hasMessageEndingWith(". Name another file.");
      assertThat(Files.readString(csv)).isEqualTo(text);
    }
  }

  @Test
  void aDamagedRowIsNamed() throws IOException {
    RunLog log = RunLog.open(csv, HERE);
    log.append(FIRST);
    log.append(SECOND);
    Files.writeString(csv, Files.readString(csv).replace("801.25", "fast"));
    assertThatThrownBy(() -> Results.read(csv))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("its row 2 holds what is no number: For input string: \"fast\"");
  }

  @Test
  void whatCannotBeWrittenIsSaidBeforehand() throws IOException {
    assertThatThrownBy(() -> RunLog.open(folder.resolve("none/x.csv"), HERE))
        .isInstanceOf(ExperimentException.class)
        .hasMessage(
            "Cannot write %s: there is no folder %s. Make it, or name another file."
                .formatted(folder.resolve("none/x.csv"), folder.resolve("none")));
    assertThatThrownBy(() -> RunLog.open(folder, HERE))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("it is no regular file");
    assertThatThrownBy(() -> RunLog.open(Path.of("/dev/full"), HERE))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("Cannot write /dev/full");
    Files.createSymbolicLink(csv, Path.of("/dev/full"));
    assertThatThrownBy(() -> RunLog.open(csv, HERE)).isInstanceOf(ExperimentException.class);
  }

  @Test
  void whatCouldNotBeWrittenIsKeptAndTriedAgain() throws IOException {
    RunLog log = RunLog.open(csv, HERE);
    log.append(FIRST);
    Files.delete(csv);
    Files.createDirectory(csv);
    log.append(SECOND);
    assertThat(log.problem().orElseThrow())
        .startsWith("Cannot write " + csv + ": ")
        .contains("Is a directory");
    assertThat(log.runs()).containsExactly(FIRST, SECOND);
    Files.delete(csv);
    Run third = run(BASELINE, 2, 799, TEXT);
    log.append(third);
    assertThat(log.problem()).isEmpty();
    assertThat(RunLog.open(csv, HERE).runs()).containsExactly(FIRST, SECOND, third);
  }

  @Test
  void resultsOfOneFileAreOfOneExperiment() throws IOException {
    RunLog.open(csv, HERE).append(FIRST);
    Path other = folder.resolve("other.csv");
    RunLog.open(other, provenance(Map.of("Java", "25"))).append(SECOND);
    Files.writeString(csv, Files.readString(csv) + Files.readAllLines(other).get(1) + "\n");
    assertThatThrownBy(() -> Results.read(csv))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("holds runs of several experiments: they differ in Java.");
    assertThatThrownBy(() -> Results.read(folder.resolve("missing.csv")))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("Cannot read " + folder.resolve("missing.csv"));
    RunLog.open(folder.resolve("empty.csv"), HERE);
    assertThatThrownBy(() -> Results.read(folder.resolve("empty.csv")))
        .isInstanceOf(ExperimentException.class)
        .hasMessageEndingWith("empty.csv holds no runs.");
  }
}
