package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

@Slow
class SideBySideTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);
  private static CausalLM model;
  private static TokenIds prompt;

  @BeforeAll
  static void load() {
    model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.ACCURATE);
    prompt = model.tokenizer().encode(DemoModel.PROMPT, EncodeOptions.defaults());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aRowForEachVariant() {
    Table table =
        SideBySide.of(prompt)
            .with("greedy", model, GREEDY)
            .with("the same", model, GREEDY)
            .with("short", model, GREEDY.maxNewTokens(5))
            .with("impossible", model, GREEDY.badWordsIds(List.of(List.of(999_999))))
            .table();
    assertThat(table.columnNames())
        .containsExactly(
            "variant", "answer", "new tokens", "tokens/s", "finish reason", "same as first");
    assertThat(table.stringColumn("answer").get(0)).startsWith("I am ovchat's small demo model.");
    assertThat(table.stringColumn("finish reason").asList().subList(0, 3))
        .containsExactly("END_TOKEN", "END_TOKEN", "LENGTH");
    assertThat(table.stringColumn("finish reason").get(3))
        .startsWith("failed: badWordsIds names")
        .contains("999999");
    assertThat(table.intColumn("new tokens").get(2)).isEqualTo(5);
    assertThat(table.booleanColumn("same as first").asList())
        .containsExactly(true, true, false, null);
    assertThat(table.doubleColumn("tokens/s").get(0)).isPositive();
    assertThat(table.doubleColumn("tokens/s").isMissing(3)).isTrue();
  }

  @Test
  void whereTheFirstOneFailsNothingIsTheSame() {
    Table table =
        SideBySide.of(prompt)
            .with("impossible", model, GREEDY.badWordsIds(List.of(List.of(999_999))))
            .with("greedy", model, GREEDY)
            .table();
    assertThat(table.booleanColumn("same as first").asList()).containsExactly(null, null);
    assertThat(table.stringColumn("answer").get(1)).isNotEmpty();
  }

  @Test
  void aDirectoryIsLoadedForItsRow() {
    Device cpu = new Device("CPU");
    Table table =
        SideBySide.of(prompt)
            .with("loaded", model, GREEDY)
            .with("for a row", DemoModel.DIRECTORY, cpu, DemoModel.ACCURATE, GREEDY)
            .with("wrong key", DemoModel.DIRECTORY, cpu, Map.of("NO_KEY", "1"), GREEDY)
            .with("nowhere", Path.of("nowhere"), cpu, DemoModel.ACCURATE, GREEDY)
            .table();
    assertThat(table.booleanColumn("same as first").asList())
        .containsExactly(true, true, null, null);
    assertThat(table.stringColumn("finish reason").get(2)).startsWith("failed:").contains("NO_KEY");
    assertThat(table.stringColumn("finish reason").get(3))
        .startsWith("failed: There is no model directory");
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    Table table =
        SideBySide.of(prompt).with("greedy", model, GREEDY).with("second", model, GREEDY).table();
    assertThat(table.rowCount()).isEqualTo(1);
    assertThat(table.stringColumn("finish reason").asList()).containsExactly("CANCELLED");
  }

  @Test
  void anInterruptBeforeADirectoryIsLoadedEndsItToo() {
    Device cpu = new Device("CPU");
    Thread.currentThread().interrupt();
    Table table =
        SideBySide.of(prompt)
            .with("directory", DemoModel.DIRECTORY, cpu, DemoModel.ACCURATE, GREEDY)
            .with("second", model, GREEDY)
            .table();
    assertThat(Thread.interrupted()).isFalse();
    assertThat(table.rowCount()).isEqualTo(1);
    assertThat(table.stringColumn("finish reason").get(0)).contains("was interrupted");
  }

  @Test
  void eachHasANameOfItsOwn() {
    SideBySide one = SideBySide.of(prompt).with("greedy", model, GREEDY);
    assertThatThrownBy(() -> one.with("greedy", model, GREEDY))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("There is a variant greedy already. Give each a name of its own.");
  }
}
