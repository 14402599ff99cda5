package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines of a kind, which are this one. */
@Slow
class SharedRoundsTest {
  private static final List<Map<String, String>> CONFIGS =
      ConfigGrid.from(DemoModel.ACCURATE).vary("INFERENCE_NUM_THREADS", "1").oneAtATime();

  private static final Experiment EXPERIMENT =
      Experiment.of(DemoModel.DIRECTORY, new Device("CPU"))
          .prompt(TokenIds.of(1, 2, 3, 4))
          .newTokens(4)
          .repetitions(2)
          .generations(1);

  @TempDir Path folder;

  @Test
  void machinesTakeTurnsAndOneFileHasAll() throws IOException {
    var rounds = new SharedRounds(EXPERIMENT, "demo/int4", CONFIGS);
    Path csv = folder.resolve("runs.csv");
    var second = rounds.runMissing("", 1).orElseThrow();
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.missing()).isEqualTo(2);
    SharedRounds.add(csv, second.csv());

    String one = Files.readString(csv);
    assertThat(rounds.runMissing(one, 1)).isEmpty();
    var first = rounds.runMissing(one, 0).orElseThrow();
    assertThat(first.number()).isEqualTo(1);
    assertThat(first.missing()).isEqualTo(1);
    SharedRounds.add(csv, first.csv());
    SharedRounds.add(csv, first.csv()); // once more changes nothing

    Results results = Results.read(csv);
    assertThat(results.runs().intColumn("round").asList()).containsExactly(2, 2, 1, 1);
    assertThat(results.runs().stringColumn("model").asList()).containsOnly("demo/int4");
    assertThat(results.table().booleanColumn("same text").asList()).containsExactly(true, true);
    assertThat(rounds.runMissing(Files.readString(csv), 0)).isEmpty();

    var more = new SharedRounds(EXPERIMENT.newTokens(5), "demo/int4", CONFIGS);
    assertThatThrownBy(() -> more.runMissing(one, 0))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("The file holds runs of another experiment: new tokens is \"4\"");
  }

  @Test
  void aConfigThatFailedIsNotRunAgainByAnotherMachine() throws IOException {
    Map<String, String> failing = new HashMap<>(DemoModel.CONFIG);
    failing.put("KV_CACHE_PRECISION", "u3"); // at which OpenVINO looks when it compiles the model
    var rounds = new SharedRounds(EXPERIMENT, "demo/int4", List.of(DemoModel.CONFIG, failing));
    var first = rounds.runMissing("", 0).orElseThrow();
    Path csv = folder.resolve("runs.csv");
    SharedRounds.add(csv, first.csv());
    assertThat(Results.read(csv).runs().rowCount()).isEqualTo(2);
    var second = rounds.runMissing(first.csv(), 0).orElseThrow();
    SharedRounds.add(csv, second.csv());
    assertThat(Results.read(csv).table().intColumn("runs").asList()).containsExactly(2, 1);
  }

  @Test
  void theKindOfMachineIsTheSameEachTime() {
    var rounds = new SharedRounds(EXPERIMENT, "demo/int4", CONFIGS);
    Map<String, String> machine = rounds.machine();
    assertThat(machine).containsKeys("CPU", "threads", "OpenVINO", "Java", "ovchat", "device");
    assertThat(machine.get("device")).startsWith("CPU: ").endsWith(machine.get("CPU"));
    assertThat(new SharedRounds(EXPERIMENT.newTokens(9), "other", CONFIGS).machine())
        .isEqualTo(machine);
    var lost = new SharedRounds(EXPERIMENT.modelDirectory(Path.of("/no/such/model")), "x", CONFIGS);
    assertThatThrownBy(lost::machine)
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith("There is no model directory /no/such/model");
  }
}
