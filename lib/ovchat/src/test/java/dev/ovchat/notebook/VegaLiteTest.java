package dev.ovchat.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class VegaLiteTest {
  private static final Chart BAR = Chart.bar(ChartTest.RESULTS, "config", "tokens/s");

  private static JsonNode json(Chart chart) {
    return new ObjectMapper().valueToTree(chart.vegaLite());
  }

  @Test
  void barsHaveLabelsAndHeightsInTheTablesOrder() {
    JsonNode spec = json(BAR.title("Speed"));
    assertThat(spec.at("/data/values/1/label").asText()).isEqualTo("b");
    assertThat(spec.at("/data/values/1/y").asDouble()).isEqualTo(70.25);
    assertThat(spec.at("/mark/type").asText()).isEqualTo("bar");
    assertThat(spec.at("/title/text").asText()).isEqualTo("Speed");
    assertThat(spec.at("/encoding/x/sort")).hasToString("[\"a\",\"b\",\"c\"]");
    assertThat(spec.at("/encoding/x/title").asText()).isEqualTo("config");
    assertThat(spec.at("/encoding/y/title").asText()).isEqualTo("tokens/s");
  }

  @Test
  void pointsAreThoseOfThePicture() {
    JsonNode spec = json(Chart.line(ChartTest.RESULTS, "threads", "tokens/s").series("model"));
    assertThat(spec.at("/data/values/0"))
        .hasToString("{\"label\":\"2\",\"y\":10.0,\"x\":2.0,\"series\":\"small\"}");
    assertThat(spec.at("/encoding/color/scale/domain")).hasToString("[\"small\",\"large\"]");
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
  void onADarkPageItIsAsLightAsThePicture() {
    JsonNode spec = json(BAR);
    assertThat(spec.at("/background").asText()).isEqualTo("#ffffff");
    for (String text :
        List.of("/style/guide-label/fill", "/style/guide-title/fill", "/title/color")) {
      assertThat(spec.at("/config" + text).asText()).isEqualTo(Palette.INK);
    }
  }
}
