package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.export.ExportException;
import dev.ovchat.export.WeightFormat;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** On the demo model, each run in a JVM of its own. */
@Slow
class TuningTest {
  private static final ExportVariant INT4 = ExportVariant.of(WeightFormat.INT4);
  private static final ExportVariant INT8 = ExportVariant.of(WeightFormat.INT8);

  @TempDir Path folder;
  private Path models;
  private Path runs;
  private Tuning tuning;
  private final List<Progress> told = new ArrayList<>();

  @BeforeEach
  void prepare() {
    models = folder.resolve("models");
    runs = folder.resolve("runs");
    tuning =
        Tuning.of(DemoModel.CHECKPOINT, new Device("CPU"))
            .formats(List.of(INT4, INT8))
            .prompts(List.of(DemoModel.PROMPT, "<|user|>What is OpenVINO?<|end|><|assistant|>"))
            .perplexityText("Quantization stores weights with fewer bits.")
            .finalists(1)
            .newTokens(8)
            .generations(1)
            .rounds(2);
  }

  private TuningResults run(Tuning tuning) {
    return tuning.run(models, runs, told::add);
  }

  @Test
  void goesThroughItsStagesAndOnWhereItStopped() throws IOException {
    ConfigGrid grid = ConfigGrid.from(DemoModel.CONFIG).vary("EXECUTION_MODE_HINT", "ACCURACY");
    TuningResults results = run(tuning.mostPerplexity(2).grid(grid));
    Table table = results.table();
    assertThat(table.stringColumn("format").get(0)).isEqualTo("int4-g128-r0.6");
    assertThat(table.stringColumn("format").asList()).contains("int8");
    assertThat(table.stringColumn("config").asList()).contains("EXECUTION_MODE_HINT=ACCURACY");
    assertThat(table.stringColumn("reason").asList()).containsOnly("");
    assertThat(table.doubleColumn("perplexity").asList()).allMatch(value -> value > 1);
    assertThat(table.intColumn("runs").get(0)).isEqualTo(4); // formats, configs, and 2 of the final
    assertThat(table.doubleColumn("at least").countMissing()).isEqualTo(table.rowCount() - 1);
    assertThat(results.report().markdown()).contains("on 2 prompts (of ");
    assertThat(told.get(told.size() - 1).isOver()).isTrue();
    assertThat(told.stream().filter(Progress::isOver)).hasSize(1);
    assertThat(told.stream().map(Progress::what))
        .anyMatch(what -> what.startsWith("exporting int8"))
        .anyMatch(what -> what.startsWith("configs, round 1 of 1, "))
        .anyMatch(what -> what.startsWith("final, round 2 of 2, int4-g128-r0.6: "));

    results.tuned().save();
    try (CausalLM model = Tuned.load(models)) {
      assertThat(model.effectiveConfig()).isNotEmpty();
    }
    String before = files();
    told.clear();
    assertThat(run(tuning.mostPerplexity(2).grid(grid)).table().print()).isEqualTo(table.print());
    assertThat(files()).isEqualTo(before);
    assertThat(told).isEmpty();
  }

  private String files() throws IOException {
    StringBuilder texts = new StringBuilder();
    try (Stream<Path> files = Files.list(runs)) {
      for (Path file : files.sorted().toList()) {
        texts.append(file).append(Files.readString(file));
      }
    }
    return texts.toString();
  }

  @Test
  void beyondTheBoundNothingGoesOn() {
    TuningResults results = run(tuning.mostPerplexity(0.01));
    assertThat(results.table().intColumn("runs").asList()).containsExactly(1, 1);
    assertThat(results.tuned().found()).isFalse();
    assertThat(results.toString()).contains("no other pair within the bound of 0.01");
  }

  @Test
  void aFormatThatDoesNotFitIsARow() {
    TuningResults results =
        run(tuning.formats(List.of(INT4, INT4.groupSize(96))).mostPerplexity(0.01));
    assertThat(results.table().stringColumn("reason").get(1))
        .contains("which groups of 96 do not divide");
    assertThatThrownBy(() -> run(tuning.formats(List.of(INT4.groupSize(96)))))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("which groups of 96 do not divide");
  }

  @Test
  void anInterruptGivesWhatThereIsAndStays() {
    Thread here = Thread.currentThread();
    TuningResults results =
        tuning.run(
            models,
            runs,
            progress -> {
              if (progress.what().startsWith("formats") && progress.what().contains("tokens/s")) {
                here.interrupt();
              }
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results.table().intColumn("runs").sum()).isEqualTo(1);
    assertThat(results.tuned().found()).isFalse();
    here.interrupt();
    assertThat(run(tuning).table().intColumn("runs").sum()).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptBeforeTheBaselineIsThereIsSaid() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> run(tuning))
        .isInstanceOf(ExperimentException.class)
        .hasMessage(
            "The tuning was interrupted before it had exported int4-g128-r0.6: run it again, and it"
                + " goes on there.");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatCannotBeRunIsSaidBeforehand() {
    assertThatThrownBy(() -> run(tuning.prompts(List.of())))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("The tuning has no prompts: set them by prompts(texts).");
    assertThatThrownBy(() -> run(tuning.prompts(List.of("Hello", " "))))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("A prompt of the tuning is blank; each has to have some text.");
    assertThatThrownBy(() -> run(tuning.perplexityText(" ")))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("The tuning has no text for the perplexity: set one by perplexityText(text).");
    assertThatThrownBy(() -> tuning.formats(List.of()))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("There is no format to try; name one or more, the baseline's first.");
    assertThatThrownBy(() -> tuning.formats(List.of(INT8, INT8)))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("A format is named twice: int8, int8.");
    assertThatThrownBy(() -> tuning.formats(List.of(INT8, INT8.groupSize(64)))) // one directory
        .isInstanceOf(ExperimentException.class)
        .hasMessage("A format is named twice: int8, int8.");
    assertThatThrownBy(() -> tuning.mostPerplexity(0))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("mostPerplexity is 0.0; it is a ratio");
    assertThatThrownBy(() -> tuning.finalists(0))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("finalists is 0; it has to be 1 or more.");
    assertThat(models).doesNotExist();
    assertThatThrownBy(() -> run(tuning.config(Map.of("NUM_STREAMZ", "2"))))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("did you mean NUM_STREAMS?");
    assertThat(told.stream().map(Progress::what)).noneMatch(what -> what.contains("tokens/s"));
  }
}
