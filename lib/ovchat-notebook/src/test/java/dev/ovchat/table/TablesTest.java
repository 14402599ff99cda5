package dev.ovchat.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Completion;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.Metrics;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class TablesTest {

  @Test
  void metricsHaveFiguresValuesAndUnits() {
    Metrics metrics =
        new Metrics(812.3456, 19, 20, 0.5, 0.4, 0.9, 7, 0, 3, 0, 0, OptionalLong.of(340_500_000));
    Table table = Tables.metrics(generation(metrics));
    assertThat(table.columnNames()).containsExactly("figure", "value", "unit");
    assertThat(table.doubleColumn("value").asList())
        .containsExactly(812.35, 20.0, 0.5, 0.9, 2000.0, 340.5);
    assertThat(table.stringColumn("unit").asList())
        .containsExactly("ms", "ms", "ms", "ms", "tokens/s", "MB");
  }

  @Test
  void aFigureThatTheSystemDoesNotTellIsMissing() {
    Metrics metrics = new Metrics(1, 1, 1, 1, 1, 1, 7, 0, 3, 0, 0, OptionalLong.empty());
    assertThat(Tables.metrics(generation(metrics)).doubleColumn("value").isMissing(5)).isTrue();
  }

  private static Generation generation(Metrics metrics) {
    var answer =
        new Completion(TokenIds.of(2), FinishReason.LENGTH, Optional.empty(), Optional.empty());
    return new Generation(TokenIds.of(1), List.of(answer), metrics);
  }

  @Test
  void tokensHaveTheirPlaceIdAndSpelling() {
    try (Tokenizer tokenizer = Tokenizer.load(DemoModel.DIRECTORY)) {
      TokenIds ids = tokenizer.encode("You are", EncodeOptions.defaults());
      Table table = Tables.tokens(tokenizer, ids);
      assertThat(table.intColumn("id").asList())
          .containsExactlyElementsOf(ids.stream().boxed().toList());
      assertThat(table.stringColumn("token").asList()).containsExactly("▁You", "▁are");
    }
  }

  @Test
  void messagesHaveTheirTurnSenderAndTextOrOtherFields() {
    try (var model = CausalLM.load(DemoModel.DIRECTORY, Device.of("CPU"), DemoModel.ACCURATE);
        var chat =
            Chat.of(model, ChatTemplate.load(DemoModel.DIRECTORY), GenerationConfig.defaults())) {
      chat.add(ChatMessage.system("Be brief."));
      chat.add(ChatMessage.user("Hi"));
      chat.add(ChatMessage.user("").with("content", List.of("a")));
      Table table = Tables.messages(chat);
      assertThat(table.intColumn("turn").asList()).containsExactly(null, 0, 1);
      assertThat(table.stringColumn("who").asList()).containsExactly("system", "user", "user");
      assertThat(table.stringColumn("what").asList())
          .containsExactly("Be brief.", "Hi", "{content=[a]}");
    }
  }

  @Test
  void configHasARowPerKey() {
    Table table = Tables.config(new TreeMap<>(DemoModel.CONFIG));
    assertThat(table.stringColumn("key").asList())
        .containsExactly("CACHE_DIR", "NUM_STREAMS", "PERFORMANCE_HINT");
    assertThat(table.stringColumn("value").asList()).containsExactly("", "1", "LATENCY");
  }

  private record Figures(
      String way,
      int newTokens,
      double firstTokenMillis,
      double tokensPerSecond,
      boolean isSame,
      Optional<Long> seed,
      OptionalLong memoryBytes,
      float share,
      short count,
      FinishReason endedBy) {}

  @Test
  void recordsGiveARowEachAndAColumnPerComponent() {
    Table table =
        Tables.of(
            "Ways",
            List.of(
                new Figures(
                    "a",
                    3,
                    1.5,
                    20,
                    true,
                    Optional.of(7L),
                    OptionalLong.of(9),
                    0.1f,
                    (short) 2,
                    FinishReason.LENGTH),
                new Figures(
                    null,
                    4,
                    2.25,
                    30,
                    false,
                    Optional.empty(),
                    OptionalLong.empty(),
                    0.2f,
                    (short) 3,
                    FinishReason.CANCELLED)));
    assertThat(table.name()).isEqualTo("Ways");
    assertThat(table.columnNames())
        .containsExactly(
            "way",
            "new tokens",
            "first token (ms)",
            "tokens/s",
            "is same",
            "seed",
            "memory bytes",
            "share",
            "count",
            "ended by");
    assertThat(table.intColumn("new tokens").asList()).containsExactly(3, 4);
    assertThat(table.doubleColumn("first token (ms)").asList()).containsExactly(1.5, 2.25);
    assertThat(table.booleanColumn("is same").asList()).containsExactly(true, false);
    assertThat(table.stringColumn("ended by").asList()).containsExactly("LENGTH", "CANCELLED");
    assertThat(table.longColumn("seed").get(0)).isEqualTo(7);
    assertThat(table.longColumn("memory bytes").get(0)).isEqualTo(9);
    assertThat(table.column("memory bytes").isMissing(1)).isTrue();
    assertThat(table.doubleColumn("share").asList()).containsExactly(0.1, 0.2);
    assertThat(table.intColumn("count").asList()).containsExactly(2, 3);
    assertThat(table.column("way").isMissing(1)).isTrue();
    assertThat(table.column("seed").isMissing(1)).isTrue();
  }

  @Test
  void aTableNeedsARecord() {
    assertThatThrownBy(() -> Tables.of("Ways", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The table \"Ways\" has no rows; it takes one record or more.");
  }

  private record Other(int newTokens) {}

  @Test
  void theRowsAreRecordsOfOneType() {
    List<Record> rows = List.of(new Other(1), new Another(2));
    assertThatThrownBy(() -> Tables.of("Ways", rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("The rows of a table are records of one type; .*Other, .*Another\\.");
  }

  private record Another(int timeMilliseconds) {}

  @Test
  void onlyWholeWordsOfANameAreUnits() {
    assertThat(Tables.of("Times", List.of(new Another(2))).columnNames())
        .containsExactly("time milliseconds");
  }
}
