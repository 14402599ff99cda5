package dev.ovchat.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class VegaLiteTest {
  private static final Chart BAR = Chart.bar(ChartTest.RESULTS, "config", "tokens/s");

  private static final Table INTERVALS =
      Table.create(
          "T",
          StringColumn.create("config", "a", "b"),
          DoubleColumn.create("y", 2, 3),
          DoubleColumn.create("from", 1, Double.NaN),
          DoubleColumn.create("to", 4, 5));

  private static JsonNode json(Chart chart) {
    return new ObjectMapper().valueToTree(chart.vegaLite());
  }

  @Test
  void barsLieInTheTablesOrderAndBeginAtZero() {
    JsonNode spec = json(BAR.title("Speed"));
    assertThat(spec.at("/data/values/1/label").asText()).isEqualTo("b");
    assertThat(spec.at("/data/values/1/y").asDouble()).isEqualTo(70.25);
    assertThat(spec.at("/layer/0/mark/type").asText()).isEqualTo("bar");
    assertThat(spec.at("/title/text").asText()).isEqualTo("Speed");
    assertThat(spec.at("/encoding/y/sort")).hasToString("[\"a\",\"b\",\"c\"]");
    assertThat(spec.at("/encoding/y/title").asText()).isEqualTo("config");
    assertThat(spec.at("/layer/0/encoding/x/title").asText()).isEqualTo("tokens/s");
    assertThat(spec.at("/layer/0/encoding/x/scale/domain")).hasToString("[0.0,80.0]");
  }

  @Test
  void pointsAreThoseOfThePicture() {
    JsonNode spec = json(Chart.line(ChartTest.RESULTS, "threads", "tokens/s").series("model"));
    assertThat(spec.at("/data/values/0"))
        .hasToString("{\"label\":\"2\",\"y\":10.0,\"x\":2.0,\"series\":\"small\"}");
    assertThat(spec.at("/encoding/color/scale/domain")).hasToString("[\"small\",\"large\"]");
    assertThat(spec.at("/encoding/y/scale/domain")).hasToString("[0.0,80.0]");
  }

  @Test
  void seriesDifferInMoreThanColour() {
    JsonNode spec = json(Chart.line(ChartTest.RESULTS, "threads", "tokens/s").series("model"));
    assertThat(spec.at("/layer/0/mark/strokeDash")).hasToString("[]");
    assertThat(spec.at("/layer/1/mark/strokeDash")).hasToString("[8,4]");
    assertThat(spec.at("/layer/0/mark/strokeWidth").asDouble()).isEqualTo(4);
    assertThat(spec.at("/layer/1/mark/strokeWidth").asDouble()).isEqualTo(2);
    assertThat(spec.at("/layer/1/transform/0/filter/equal").asText()).isEqualTo("large");
    assertThat(spec.at("/layer/2/encoding/shape/scale/range"))
        .hasToString("[\"circle\",\"square\"]");
  }

  @Test
  void intervalsAreLinesWithTwoEnds() {
    JsonNode spec = json(Chart.bar(INTERVALS, "config", "y").interval("from", "to"));
    assertThat(spec.at("/data/values/0"))
        .hasToString("{\"label\":\"a\",\"y\":2.0,\"low\":1.0,\"high\":4.0}");
    assertThat(spec.at("/data/values/1")).hasToString("{\"label\":\"b\",\"y\":3.0}");
    assertThat(spec.at("/layer")).hasSize(4);
    assertThat(spec.at("/layer/1/encoding/x/field").asText()).isEqualTo("low");
    assertThat(spec.at("/layer/1/encoding/x2/field").asText()).isEqualTo("high");
    assertThat(spec.at("/layer/0/encoding/x/scale/domain")).hasToString("[0.0,4.0]");
  }

  @Test
  void namesAreLabelsOfASecondAxis() {
    JsonNode axis =
        json(Chart.scatter(INTERVALS, "y", "from").names("config")).at("/layer/1/encoding/y/axis");
    assertThat(axis.at("/orient").asText()).isEqualTo("right");
    assertThat(axis.at("/values")).hasSize(1); // a dot without a number is none
    assertThat(axis.at("/labelExpr").asText()).startsWith("[\"a\"][indexof([");
  }

  @Test
  void aNameMayHoldQuotationMarks() {
    Table table =
        Table.create("T", StringColumn.create("n", "a\"b\\"), DoubleColumn.create("y", 1.0));
    JsonNode spec = json(Chart.scatter(table, "y", "y").names("n"));
    assertThat(spec.at("/layer/1/encoding/y/axis/labelExpr").asText())
        .startsWith("[\"a\\\"b\\\\\"][indexof([");
  }

  @Test
  void aHistogramHasItsBins() {
    JsonNode spec = json(Chart.histogram(ChartTest.RESULTS, "tokens/s"));
    assertThat(spec.at("/data/values/0"))
        .hasToString("{\"label\":\"0 to 50\",\"y\":1.0,\"x\":0.0,\"end\":50.0}");
    assertThat(spec.at("/encoding/x2/field").asText()).isEqualTo("end");
  }

  @Test
  void aHeatRowHasCellsWithTwoTexts() {
    JsonNode spec = json(Chart.heatRow(ChartTest.RESULTS, "config", "tokens/s"));
    assertThat(spec.at("/layer")).hasSize(3);
    assertThat(spec.at("/data/values/1/dark").asBoolean()).isTrue();
    assertThat(spec.at("/data/values/2/dark").asBoolean(true)).isFalse();
  }

  @Test
  void theDescriptionIsTheTextForm() {
    assertThat(json(BAR).at("/description").asText()).isEqualTo(BAR.toString());
  }

  @Test
  void noFormHoldsWhatJsonCannotHold() {
    Table table = Table.create("T", StringColumn.create("x", "a\u0000", "\ud800"));
    table.addColumns(ChartTest.RESULTS.doubleColumn("tokens/s").first(2));
    table.doubleColumn("tokens/s").set(1, Double.NEGATIVE_INFINITY);
    for (Chart chart :
        List.of(
            Chart.bar(table, "x", "tokens/s"),
            Chart.heatRow(table, "x", "tokens/s"),
            Chart.bar(table.emptyCopy(), "x", "tokens/s"),
            Chart.histogram(table, "tokens/s"))) {
      assertThat(json(chart).toString())
          .doesNotContain("null")
          .doesNotContain("NaN")
          .doesNotContain("Infinity")
          .doesNotContain("\ud800");
    }
  }

  @Test
  void textsHaveThePagesColourAndNoGroundOfTheirOwn() {
    JsonNode spec = json(BAR);
    assertThat(spec.at("/background").asText()).isEqualTo("transparent");
    for (String text :
        List.of(
            "/style/guide-label/fill",
            "/style/guide-title/fill",
            "/title/color",
            "/title/subtitleColor",
            "/axis/labelColor",
            "/legend/labelColor")) {
      assertThat(spec.at("/config" + text).asText()).isEqualTo("currentColor");
    }
    assertThat(VegaLiteStyle.METADATA).asString().contains("renderer=svg");
  }
}
