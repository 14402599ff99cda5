package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DateColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Tables as HTML and as text, which show the same cells. */
class TableHtmlTest {

  private static String html(Table table) {
    return TableHtml.of(TableView.of(table));
  }

  private static String text(Table table) {
    return TableText.of(TableView.of(table));
  }

  private static String html(Column<?> column) {
    return html(Table.create("T", column));
  }

  private static String cell(String side, String content) {
    return "<td align=\"%s\" style=\"text-align: %s; white-space: pre-wrap\">%s</td>"
        .formatted(side, side, content);
  }

  @Test
  void numbersStandRightAndTextLeftUnderNamedHeaders() {
    Table table =
        Table.create(
            "Speed", StringColumn.create("config", "a", "b"), IntColumn.create("runs", 5, 12));
    assertThat(html(table))
        .startsWith("<table><caption ")
        .contains(">Speed</caption>")
        .contains("<th scope=\"col\" align=\"left\" style=\"text-align: left\">config</th>")
        .contains("<th scope=\"col\" align=\"right\" style=\"text-align: right\">runs</th>")
        .contains("<tr>" + cell("left", "a") + cell("right", "5") + "</tr>")
        .contains("<tr>" + cell("left", "b") + cell("right", "12") + "</tr>");
    assertThat(text(table))
        .isEqualTo(
            """
            Speed
             config | runs |
            ----------------
             a      |    5 |
             b      |   12 |""");
  }

  @Test
  void textCannotBecomeHtml() {
    String attack = "<script>alert('x')</script>&\"";
    Table table = Table.create(attack, StringColumn.create(attack, attack));
    assertThat(html(table))
        .doesNotContain("<script")
        .doesNotContain("alert('x')")
        .contains("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;&quot;");
  }

  @Test
  void controlCharactersAreSeenAndSpacesKept() {
    Table table = Table.create("T", StringColumn.create("token", " a", "\n", "\u001b[31m"));
    assertThat(html(table))
        .contains(cell("left", " a"))
        .contains(cell("left", "↵\n"))
        .contains(cell("left", "␛[31m"));
    assertThat(text(table)).contains("  a    |").contains(" ↵     |").contains(" ␛[31m |");
  }

  @Test
  void numbersHaveAsManyDigitsAsAreOfUse() {
    assertThat(html(DoubleColumn.create("x", 1 / 3.0, 12)))
        .contains(cell("right", "0.333"))
        .contains(cell("right", "12.000"));
    assertThat(html(FloatColumn.create("x", 0.1f))).contains(cell("right", "0.1"));
    assertThat(html(LongColumn.create("x", 123_456_789_012L)))
        .contains(cell("right", "123456789012"));
  }

  @Test
  void theFormatOfAColumnIsKept() {
    DoubleColumn column = DoubleColumn.create("x", 0.912345, Double.NaN, 1);
    column.setPrintFormatter(
        new DecimalFormat("0.0000 %", DecimalFormatSymbols.getInstance(Locale.ROOT)), "none");
    assertThat(html(column))
        .contains(cell("right", "91.2345 %"))
        .contains(cell("right", "100.0000 %"))
        .contains(cell("right", ""));
  }

  @Test
  void missingValuesAreEmptyAndTruthIsYesOrNo() {
    Table table =
        Table.create(
            "T",
            BooleanColumn.create("same", new Boolean[] {true, false, null}),
            IntColumn.create("n", new Integer[] {1, null, 3}),
            DateColumn.create("day").appendMissing().appendMissing().appendMissing());
    assertThat(TableView.of(table).columns().get(0).cells()).containsExactly("yes", "no", "");
    assertThat(TableView.of(table).columns().get(1).cells()).containsExactly("1", "", "3");
    assertThat(TableView.of(table).columns().get(2).cells()).containsExactly("", "", "");
  }

  @Test
  void ofAMillionRowsOnlyTheFirstOnesAreFormatted() {
    AtomicInteger formatted = new AtomicInteger();
    DoubleColumn column = DoubleColumn.create("x", IntStream.range(0, 1_000_000).asDoubleStream());
    column.setPrintFormatter(
        new DecimalFormat("0.0") {
          private static final long serialVersionUID = 1L;

          @Override
          public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
            formatted.incrementAndGet();
            return super.format(number, to, position);
          }
        },
        "");
    assertThat(html(column))
        .contains(cell("right", "19.0"))
        .doesNotContain(cell("right", "20.0"))
        .contains(">… 999,980 more rows of 1,000,000</td>");
    assertThat(formatted).hasValueBetween(20, 60);
    assertThat(text(Table.create("T", column))).endsWith("\n… 999,980 more rows of 1,000,000");
  }

  @Test
  void aTableOfOneScreenIsWhole() {
    String html = html(DoubleColumn.create("x", IntStream.range(0, 60).asDoubleStream()));
    assertThat(html).contains(cell("right", "59")).doesNotContain("more rows");
  }

  @Test
  void aWideTableIsCutWithACount() {
    Table table = Table.create("T");
    IntStream.range(0, 1000)
        .forEach(i -> table.addColumns(IntColumn.create("c" + i, new int[] {i})));
    assertThat(html(table))
        .contains(">c39</th>")
        .doesNotContain(">c40</th>")
        .contains("… 960 more columns of 1,000");
  }

  @Test
  void anEmptyTableSaysSo() {
    assertThat(html(IntColumn.create("n"))).contains(">n</th>").contains(">no rows</td>");
    assertThat(html(Table.create())).contains(">no rows</td>").doesNotContain("<caption");
    assertThat(text(Table.create())).isEqualTo("no rows");
  }
}
