package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;

/** On the demo model, each run in a JVM of its own. */
@Slow
class ExperimentTest {
  private static final Device CPU = new Device("CPU");
  private static Experiment experiment;

  @TempDir Path folder;
  private Path csv;
  private final List<Progress> told = new ArrayList<>();

  @BeforeAll
  static void encode() {
    try (Tokenizer tokenizer = Tokenizer.load(DemoModel.DIRECTORY)) {
      TokenIds prompt = tokenizer.encode(DemoModel.PROMPT, EncodeOptions.defaults());
      experiment =
          Experiment.of(DemoModel.DIRECTORY, CPU)
              .prompt(prompt)
              .newTokens(60)
              .repetitions(2)
              .generations(1);
    }
  }

  @BeforeEach
  void nameTheFile() {
    csv = folder.resolve("results.csv");
  }

  private Results run(ConfigGrid grid) {
    return experiment.run(grid.oneAtATime(), csv, told::add);
  }

  @Test
  void runsMeasuresAndGoesOnWhereItStopped() throws IOException {
    ConfigGrid grid = ConfigGrid.from(DemoModel.ACCURATE).vary("INFERENCE_NUM_THREADS", "1");
    Results once = experiment.repetitions(1).run(grid.oneAtATime(), csv, told::add);
    Table table = once.table();
    assertThat(table.stringColumn("config").asList())
        .containsExactly("baseline", "INFERENCE_NUM_THREADS=1");
    for (String figure : List.of("load (ms)", "first token (ms)", "tokens/s", "memory (MB)")) {
      assertThat(table.doubleColumn(figure).asList()).allMatch(value -> value > 0);
    }
    assertThat(table.booleanColumn("same text").asList()).containsExactly(true, true);
    assertThat(once.effective().stringColumn("INFERENCE_NUM_THREADS").get(1)).isEqualTo("1");
    assertThat(once.effective().stringColumn("EXECUTION_MODE_HINT").asList())
        .containsExactly("ACCURACY", "ACCURACY");
    // The end token ends the answer that is compared, and not what is measured.
    String answer = once.runs().stringColumn("answer").get(0);
    assertThat(answer.split(" ")).hasSizeBetween(20, 59);

    String before = Files.readString(csv);
    told.clear();
    Results twice = run(grid);
    assertThat(Files.readString(csv)).startsWith(before);
    assertThat(twice.runs().rowCount()).isEqualTo(4);
    assertThat(told.get(told.size() - 1).total()).isEqualTo(2);
    told.clear();
    assertThat(run(grid).runs().print()).isEqualTo(twice.runs().print());
    assertThat(told).isEmpty();
    assertThat(Results.read(csv).table().print()).isEqualTo(twice.table().print());
  }

  @Test
  void severalPromptsAtOnceAndTheirPerplexity() {
    TokenIds prompt = experiment.prompts().get(0);
    Results results =
        experiment
            .prompts(List.of(prompt, prompt.first(7), prompt.first(5)))
            .perplexityText(prompt)
            .requestsAtOnce(2)
            .newTokens(8)
            .repetitions(1)
            .run(
                ConfigGrid.from(DemoModel.ACCURATE).vary("NUM_STREAMS", "2").oneAtATime(),
                csv,
                told::add);
    Table table = results.table();
    assertThat(table.stringColumn("reason").asList()).containsExactly("", "");
    assertThat(table.stringColumn("same texts").asList()).containsExactly("3 of 3", "3 of 3");
    assertThat(table.doubleColumn("perplexity").get(0)).isGreaterThan(1);
    assertThat(table.doubleColumn("perplexity").get(1))
        .isCloseTo(table.doubleColumn("perplexity").get(0), within(0.01));
    assertThat(table.doubleColumn("tokens/s").asList()).allMatch(speed -> speed > 0);
    assertThat(results.runs().stringColumn("requests at once").get(0)).isEqualTo("2");
    assertThat(results.runs().stringColumn("perplexity text").get(0))
        .startsWith(prompt.size() + " tokens, ");
    assertThat(results.runs().stringColumn("prompt tokens").get(0))
        .isEqualTo(prompt.size() + " 7 5");
    assertThat(Results.read(csv).table().print()).isEqualTo(table.print());
  }

  @Test
  void tellsHowFarItIs() {
    run(ConfigGrid.from(DemoModel.CONFIG));
    assertThat(told.get(0).what()).contains("whether OpenVINO knows the values");
    assertThat(told.stream().map(Progress::done)).containsExactly(0L, 0L, 1L, 1L, 2L);
    assertThat(told).allMatch(progress -> progress.total() == 2);
    assertThat(told.get(1).what()).isEqualTo("round 1 of 2, baseline");
    assertThat(told.get(2).what()).matches("round 1 of 2, baseline: [\\d.]+ tokens/s");
    assertThat(told.get(4).isOver()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NUM_STREAMS|two|The config has NUM_STREAMS=two. Allowed: a whole number of 0 or more",
        "NUM_STREAMZ|2|Unsupported property NUM_STREAMZ by CPU plugin. Instead of NUM_STREAMZ, did you mean",
        "INFERENCE_NUM_THREADS|-1|The config has INFERENCE_NUM_THREADS=-1.",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE|much|DYNAMIC_QUANTIZATION_GROUP_SIZE",
        "EXECUTION_MODE_HINT|FAST|The config has EXECUTION_MODE_HINT=FAST.",
        "ENABLE_MMAP|maybe|The config has ENABLE_MMAP=maybe. Allowed: YES or NO.",
      })
  void whatOpenVinoDoesNotKnowFailsBeforeAnythingRuns(String key, String value, String reason) {
    ConfigGrid grid =
        ConfigGrid.from(DemoModel.CONFIG).vary("INFERENCE_PRECISION_HINT", "f32").vary(key, value);
    assertThatThrownBy(() -> run(grid))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("grid cell %s = \"%s\": ".formatted(key, value))
        .hasMessageContaining(reason);
    assertThat(told).hasSize(1);
  }

  @Test
  void aConfigThatFailsIsARowAndTheOthersGoOn() {
    // OpenVINO looks at this value only where there is a cache.
    Map<String, String> refused = new HashMap<>(DemoModel.CONFIG);
    refused.put("KV_CACHE_PRECISION", "u3");
    Map<String, String> deadly = Map.of("CACHE_DIR", "", "NUM_STREAMS", "1");
    Results results =
        experiment.run(
            List.of(DemoModel.CONFIG, refused, deadly),
            csv,
            told::add,
            new ChildProcess(FailingWorker.class, Duration.ofHours(1)));
    Table table = results.table();
    assertThat(table.stringColumn("reason").get(0)).isEmpty();
    assertThat(table.stringColumn("reason").get(1))
        .startsWith("Cannot compile openvino_model.xml for CPU: ")
        .endsWith("The config has KV_CACHE_PRECISION=u3.");
    assertThat(table.stringColumn("reason").get(2))
        .isEqualTo("The run's process ended with exit code 9; its last words: no more");
    // They are not tried again.
    assertThat(table.intColumn("runs").asList()).containsExactly(2, 1, 1);
    assertThat(told.get(told.size() - 1).done()).isEqualTo(4);
    assertThat(told.get(told.size() - 1).total()).isEqualTo(4);
    assertThat(Advisor.advise(results).found()).isFalse();
  }

  /** The worker, but that it dies of a config without a performance hint. */
  static final class FailingWorker {
    private FailingWorker() {}

    public static void main(String[] arguments) throws IOException {
      String request = Files.readString(Path.of(arguments[0]));
      if (request.contains("config.") && !request.contains("PERFORMANCE_HINT")) {
        System.err.println("no more");
        System.exit(9);
      }
      Worker.main(arguments);
    }
  }

  @Test
  void aModelThatGoesAwayLeavesTheFinishedRows() throws IOException {
    Path model = DemoModel.copyTo(folder.resolve("model"));
    Results results =
        experiment
            .modelDirectory(model)
            .newTokens(20)
            .repetitions(3)
            .run(
                List.of(DemoModel.CONFIG),
                csv,
                progress -> {
                  if (progress.done() == 1) {
                    model.resolve("openvino_model.bin").toFile().delete();
                  }
                });
    assertThat(results.runs().rowCount()).isEqualTo(2);
    assertThat(results.runs().stringColumn("reason").get(0)).isEmpty();
    assertThat(results.runs().stringColumn("reason").get(1)).contains("lacks openvino_model.bin");
    assertThat(Results.read(csv).table().doubleColumn("tokens/s").get(0)).isPositive();
  }

  @Test
  void anInterruptKeepsWhatWasMeasured() {
    Thread here = Thread.currentThread();
    Results results =
        experiment
            .repetitions(50)
            .run(
                List.of(DemoModel.CONFIG),
                csv,
                progress -> {
                  if (progress.done() == 1 && !progress.what().contains("tokens/s")) {
                    here.interrupt();
                  }
                });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results.runs().rowCount()).isEqualTo(1);
    assertThat(Results.read(csv).runs().rowCount()).isEqualTo(1);
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void whenTheFileGoesAwayTheRunsAreKept() throws IOException {
    Results results =
        experiment.run(
            List.of(DemoModel.CONFIG),
            csv,
            progress -> {
              told.add(progress);
              if (progress.done() == 1 && Files.isRegularFile(csv)) {
                assertThat(csv.toFile().delete() && csv.toFile().mkdir()).isTrue();
              }
            });
    assertThat(results.runs().rowCount()).isEqualTo(2);
    assertThat(results.problem().orElseThrow()).startsWith("Cannot write " + csv);
    assertThat(results.toString()).contains("The runs are kept here: save(path) writes them.");
    assertThat(told.get(told.size() - 1).what()).contains("The runs are kept in memory.");
    results.save(folder.resolve("saved.csv"));
    assertThat(Results.read(folder.resolve("saved.csv")).runs().rowCount()).isEqualTo(2);
  }

  @Test
  void whenTheFileGoesAwayAndTheSweepFailsTheRunsAreKept() {
    Results results =
        experiment.run(
            List.of(DemoModel.CONFIG),
            csv,
            progress -> {
              if (progress.done() == 1) {
                throw new ExperimentException("No more.");
              } else if (progress.what().startsWith("round")) {
                assertThat(csv.toFile().delete() && csv.toFile().mkdir()).isTrue();
              }
            });
    assertThat(results.runs().rowCount()).isEqualTo(1);
    assertThat(results.problem().orElseThrow()).startsWith("No more. Cannot write " + csv);
  }

  @Test
  void whatCannotBeRunIsSaidBeforehand() {
    List<Map<String, String>> configs = List.of(DemoModel.CONFIG);
    assertThatThrownBy(() -> experiment.run(List.of(), csv, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("There is no config to run");
    assertThatThrownBy(() -> experiment.prompt(TokenIds.of()).run(configs, csv, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("has no prompt");
    assertThatThrownBy(() -> experiment.prompt(TokenIds.of(1, -4)).run(configs, csv, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("The prompt holds the id -4");
    assertThatThrownBy(() -> experiment.perplexityText(TokenIds.of(7)).run(configs, csv, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("The text for the perplexity is one token; it has to be 2 or more");
    assertThatThrownBy(
            () -> experiment.perplexityText(TokenIds.of(1, -4)).run(configs, csv, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("The text for the perplexity holds the id -4");
    assertThatThrownBy(() -> experiment.newTokens(100_000).run(configs, csv, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("more than the model's context of");
    assertThatThrownBy(() -> experiment.modelDirectory(folder).run(configs, csv, told::add))
        .isInstanceOf(UnusableFileException.class);
    assertThatThrownBy(() -> experiment.run(configs, folder, told::add))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("Cannot write " + folder);
    assertThat(csv).doesNotExist();
    assertThat(told).isEmpty();
    assertThatThrownBy(() -> experiment.requestsAtOnce(0))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("requestsAtOnce is 0; it has to be 1 or more.");
    assertThatThrownBy(() -> experiment.repetitions(0))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("repetitions is 0; it has to be 1 or more.");
  }

  @Test
  void anInterruptGivesWhatThereIsAndStays() {
    Thread.currentThread().interrupt();
    Results results = experiment.run(List.of(DemoModel.CONFIG), csv, told::add);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results.runs().rowCount()).isZero();
  }
}
