package dev.ovchat.display;

import static j2html.TagCreator.img;

import dev.ovchat.chart.Chart;
import dev.ovchat.chart.ChartException;
import dev.ovchat.chart.ChartPng;
import dev.ovchat.chart.VegaLite;
import dev.ovchat.chart.VegaLiteStyle;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tech.tablesaw.api.Table;

/**
 * Look of the values of one type: the forms that a front end may choose from.
 *
 * @param type type of the values
 * @param forms forms in any order: front ends have their own preferences
 */
record Look<T>(Class<T> type, List<Form<T>> forms) {
  /** The looks of all types that have one. */
  static final List<Look<?>> ALL = List.of(tables(), charts());

  /**
   * One form of a value.
   *
   * @param mimeType MIME type of the form
   * @param shown makes the form of a value
   */
  record Form<T>(String mimeType, Function<T, Shown> shown) {

    /**
     * Makes this form of a value; empty if that fails, with a message on stderr. The other forms
     * are still shown.
     */
    Optional<Shown> of(T value) {
      try {
        return Optional.of(shown.apply(value));
      } catch (ChartException e) {
        System.err.println(e.getMessage());
      } catch (RuntimeException | LinkageError e) {
        System.err.println("Cannot show this as " + mimeType + ": " + e);
      }
      return Optional.empty();
    }
  }

  /**
   * A value in one form.
   *
   * @param data a text, or for JSON maps and lists of texts and numbers
   * @param metadata display options; empty for the defaults
   */
  record Shown(Object data, Map<String, Object> metadata) {
    static Shown of(Object data) {
      return new Shown(data, Map.of());
    }
  }

  List<String> mimeTypes() {
    return forms.stream().map(Form::mimeType).toList();
  }

  private static Look<Table> tables() {
    return new Look<>(
        Table.class,
        List.of(
            new Form<>("text/plain", table -> Shown.of(TableText.of(TableView.of(table)))),
            new Form<>("text/html", table -> Shown.of(TableHtml.of(TableView.of(table))))));
  }

  private static Look<Chart> charts() {
    return new Look<>(
        Chart.class,
        List.of(
            new Form<>("text/plain", chart -> Shown.of(chart.toString())),
            new Form<>("image/png", Look::png),
            new Form<>("text/markdown", Look::page),
            new Form<>(VegaLite.MIME_TYPE, Look::interactive)));
  }

  private static Shown interactive(Chart chart) {
    return new Shown(chart.vegaLite(), VegaLiteStyle.METADATA);
  }

  /**
   * The PNG image with its alternative text, for the pages that nbconvert makes: for {@code
   * image/png} its default template leaves the text out. It is not HTML, which JupyterLab would
   * prefer to the interactive chart. In Markdown, a tag alone on its line is passed through,
   * whatever the text holds.
   */
  private static Shown page(Chart chart) {
    ChartPng png = ChartPng.of(chart);
    String data = Base64.getEncoder().encodeToString(png.bytes());
    return Shown.of(
        img()
            .withAlt(chart.toString())
            .withWidth("" + ChartPng.WIDTH)
            .withHeight("" + png.height())
            .withSrc("data:image/png;base64," + data)
            .render()
            .replace("\n", "&#10;")
            .replace("$", "&#36;")); // else nbconvert sees a formula
  }

  private static Shown png(Chart chart) {
    ChartPng png = ChartPng.of(chart);
    String data = Base64.getEncoder().encodeToString(png.bytes());
    return new Shown(
        data,
        VegaLite.map("width", ChartPng.WIDTH, "height", png.height(), "alt", chart.toString()));
  }
}
