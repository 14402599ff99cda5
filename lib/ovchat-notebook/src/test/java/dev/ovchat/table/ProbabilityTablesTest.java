package dev.ovchat.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.generate.Candidate;
import dev.ovchat.generate.Completion;
import dev.ovchat.generate.Explanation;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationStep;
import dev.ovchat.generate.Metrics;
import dev.ovchat.generate.Score;
import dev.ovchat.generate.TokenScore;
import dev.ovchat.text.TokenIds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ProbabilityTablesTest {
  private static final Candidate SURE = new Candidate(5, "▁I", 8.5f, 0.912345, 8.5f, 0.75, false);
  private static final Candidate OUT =
      new Candidate(6, "▁You", 6, 0.08, Float.NEGATIVE_INFINITY, 0, true);
  private static final GenerationStep DECIDED =
      new GenerationStep(0, 5, "▁I", 0.912345, 0.75, 0.3, 0.56, 0.08, List.of(SURE, OUT));

  @Test
  void stepsHaveTheChosenTokenAndTheNextBest() {
    var alone = new GenerationStep(1, 6, "▁You", 1, 1, 0, 0, 0, List.of(OUT));
    var answer =
        new Completion(TokenIds.of(5, 6), FinishReason.LENGTH, Optional.empty(), Optional.empty());
    var metrics = new Metrics(1, 1, 1, 1, 1, 1, 7, 0, 2, 0, 0, OptionalLong.empty());
    var generation = new Generation(TokenIds.of(1), List.of(answer), metrics);
    Table table = ProbabilityTables.steps(new Explanation(generation, List.of(DECIDED, alone)));
    assertThat(table.columnNames())
        .containsExactly(
            "position",
            "id",
            "token",
            "probability",
            "processed probability",
            "entropy",
            "processed entropy",
            "runner-up",
            "its probability");
    assertThat(table.row(0).getInt("id")).isEqualTo(5);
    assertThat(table.intColumn("position").asList()).containsExactly(0, 1);
    assertThat(table.doubleColumn("probability").asList()).containsExactly(0.912345, 1.0);
    assertThat(table.doubleColumn("processed probability").asList()).containsExactly(0.75, 1.0);
    assertThat(table.doubleColumn("entropy").asList()).containsExactly(0.3, 0.0);
    assertThat(table.doubleColumn("processed entropy").asList()).containsExactly(0.56, 0.0);
    assertThat(table.stringColumn("token").asList()).containsExactly("▁I", "▁You");
    assertThat(table.stringColumn("runner-up").asList()).containsExactly("▁You", "");
    assertThat(table.doubleColumn("its probability").get(0)).isEqualTo(0.08);
    assertThat(table.doubleColumn("its probability").isMissing(1)).isTrue();
    assertThat(table.print()).contains("0.9123 ").doesNotContain("0.91234");
  }

  @Test
  void rulesShowWhatTheModelWanted() {
    var wanted = new GenerationStep(0, 5, "▁I", 0.1, 1, 0, 0, 0.9, List.of(OUT, SURE));
    var answer =
        new Completion(TokenIds.of(5, 5), FinishReason.LENGTH, Optional.empty(), Optional.empty());
    var metrics = new Metrics(1, 1, 1, 1, 1, 1, 7, 0, 2, 0, 0, OptionalLong.empty());
    var generation = new Generation(TokenIds.of(1), List.of(answer), metrics);
    Table table = ProbabilityTables.rules(new Explanation(generation, List.of(wanted, DECIDED)));
    assertThat(table.columnNames())
        .containsExactly(
            "position", "token", "probability", "wanted", "its probability", "forbidden");
    assertThat(table.stringColumn("wanted").asList()).containsExactly("▁You", "");
    assertThat(table.doubleColumn("its probability").get(0)).isEqualTo(0.08);
    assertThat(table.doubleColumn("its probability").isMissing(1)).isTrue();
    assertThat(table.doubleColumn("forbidden").asList()).containsExactly(0.9, 0.08);
  }

  @Test
  void candidatesShowWhichOneWasChosenAndWhichRuledOut() {
    Table table = ProbabilityTables.candidates(DECIDED);
    assertThat(table.columnNames())
        .containsExactly(
            "id",
            "token",
            "logit",
            "probability",
            "processed logit",
            "processed probability",
            "chosen");
    assertThat(table.intColumn("id").asList()).containsExactly(5, 6);
    assertThat(table.stringColumn("token").asList()).containsExactly("▁I", "▁You");
    assertThat(table.doubleColumn("logit").asList()).containsExactly(8.5, 6.0);
    assertThat(table.doubleColumn("probability").asList()).containsExactly(0.912345, 0.08);
    assertThat(table.doubleColumn("processed logit").asList())
        .containsExactly(8.5, Double.NEGATIVE_INFINITY);
    assertThat(table.doubleColumn("processed probability").asList()).containsExactly(0.75, 0.0);
    assertThat(table.booleanColumn("chosen").asList()).containsExactly(true, false);
    assertThat(table.print()).contains("-∞");
  }

  @Test
  void scoresHaveARowPerToken() {
    var score = new Score(List.of(new TokenScore(1, 6, "▁You", Math.log(0.25), 3)));
    Table table = ProbabilityTables.scores(score);
    assertThat(table.columnNames())
        .containsExactly("position", "id", "token", "log probability", "probability", "rank");
    assertThat(table.row(0).getInt("position")).isEqualTo(1);
    assertThat(table.row(0).getInt("id")).isEqualTo(6);
    assertThat(table.row(0).getString("token")).isEqualTo("▁You");
    assertThat(table.row(0).getDouble("log probability")).isEqualTo(Math.log(0.25));
    assertThat(table.row(0).getDouble("probability")).isEqualTo(0.25);
    assertThat(table.row(0).getInt("rank")).isEqualTo(3);
  }
}
