package dev.ovchat.display;

import dev.ovchat.EveryLocale;
import dev.ovchat.Slow;
import dev.ovchat.chart.Chart;
import dev.ovchat.message.Digits;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables and charts show the same figures in every country. */
@Slow
class EveryLocaleTest {
  /** Made anew, for a column keeps the format of the country that it is made in. */
  private static Table table() {
    return Table.create(
        "Figures",
        StringColumn.create("TITLE I", "INT8_SYM", "int4", "ı"),
        IntColumn.create("threads", 1, 1_234, -7),
        LongColumn.create("bytes", 1_234_567L, 0L, 9_876_543_210L),
        DoubleColumn.create("tokens/s", 1234.5, 0.000123, 70.25));
  }

  private static List<Chart> charts() {
    return List.of(
        Chart.bar(table(), "TITLE I", "tokens/s"),
        Chart.line(table(), "threads", "tokens/s"),
        Chart.scatter(table(), "threads", "bytes"),
        Chart.histogram(table(), "tokens/s"),
        Chart.heatRow(table(), "TITLE I", "tokens/s"));
  }

  @Test
  void tables() throws Exception {
    EveryLocale.gives(() -> TableText.of(TableView.of(table())));
    EveryLocale.gives(() -> TableHtml.of(TableView.of(table())));
  }

  @Test
  void vegaLite() throws Exception {
    EveryLocale.gives(() -> charts().stream().map(Chart::vegaLite).map(Object::toString).toList());
    EveryLocale.gives(() -> charts().stream().map(Chart::toString).toList());
  }

  /** To the pixel, for their axes have figures. */
  @Test
  void pictures() throws Exception {
    Function<byte[], String> text = Base64.getEncoder()::encodeToString;
    EveryLocale.ofEachKindGives(() -> charts().stream().map(Chart::png).map(text).toList());
  }

  @Test
  void digits() throws Exception {
    EveryLocale.gives(() -> List.of(Digits.grouped(1_234_567), Digits.formatAlone(0.00012)));
  }
}
