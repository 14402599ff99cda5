package dev.ovchat.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.Timings;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class TablesTest {

  @Test
  void timingsHaveFiguresValuesAndUnits() {
    Timings timings = new Timings(812.3456, 20, 0.5);
    Table table =
        Tables.timings(
            new Generation(
                TokenIds.of(1), TokenIds.of(2), FinishReason.LENGTH, Optional.empty(), timings));
    assertThat(table.columnNames()).containsExactly("figure", "value", "unit");
    assertThat(table.doubleColumn("value").asList()).containsExactly(812.35, 20.0, 0.5, 2000.0);
    assertThat(table.stringColumn("unit").asList()).containsExactly("ms", "ms", "ms", "tokens/s");
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
  void configHasARowPerKey() {
    Table table = Tables.config(new TreeMap<>(DemoModel.CONFIG));
    assertThat(table.stringColumn("key").asList())
        .containsExactly("CACHE_DIR", "NUM_STREAMS", "PERFORMANCE_HINT");
    assertThat(table.stringColumn("value").asList()).containsExactly("", "1", "LATENCY");
  }
}
