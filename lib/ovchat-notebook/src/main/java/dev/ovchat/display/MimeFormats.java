package dev.ovchat.display;

import static j2html.TagCreator.img;

import dev.ovchat.chart.Chart;
import dev.ovchat.chart.ChartException;
import dev.ovchat.chart.ChartPng;
import dev.ovchat.chart.VegaLite;
import dev.ovchat.chart.VegaLiteStyle;
import dev.ovchat.widget.Widget;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tech.tablesaw.api.Table;

/**
 * Formats of the values of one type, of which a front end shows the one that it likes best.
 *
 * @param type type of the values
 * @param formats formats in any order: front ends have their own preferences
 */
record MimeFormats<T>(Class<T> type, List<Format<T>> formats) {
  /** The formats of all types that have some. */
  static final List<MimeFormats<?>> ALL = List.of(tables(), charts());

  /**
   * One format of a value.
   *
   * @param mimeType MIME type
   * @param data makes the data of a value
   */
  record Format<T>(String mimeType, Function<T, MimeData> data) {

    /**
     * Makes the data of a value; empty if that fails, with a message on stderr. The other formats
     * are still shown.
     */
    Optional<MimeData> of(T value) {
      try {
        return Optional.of(data.apply(value));
      } catch (ChartException e) {
        System.err.println(e.getMessage());
      } catch (RuntimeException | LinkageError e) {
        System.err.println("Cannot show this as " + mimeType + ": " + e);
      }
      return Optional.empty();
    }
  }

  /**
   * A value in one format.
   *
   * @param data a text, or for JSON maps and lists of texts and numbers
   * @param metadata display options; empty for the defaults
   */
  record MimeData(Object data, Map<String, Object> metadata) {
    static MimeData of(Object data) {
      return new MimeData(data, Map.of());
    }
  }

  List<String> mimeTypes() {
    return formats.stream().map(Format::mimeType).toList();
  }

  private static MimeFormats<Table> tables() {
    return new MimeFormats<>(
        Table.class,
        List.of(
            new Format<>("text/plain", table -> MimeData.of(TableText.of(TableView.of(table)))),
            new Format<>("text/html", table -> MimeData.of(TableHtml.of(TableView.of(table))))));
  }

  private static MimeFormats<Chart> charts() {
    return new MimeFormats<>(
        Chart.class,
        List.of(
            new Format<>("text/plain", chart -> MimeData.of(chart.toString())),
            new Format<>("image/png", MimeFormats::png),
            new Format<>("text/markdown", MimeFormats::page),
            new Format<>(VegaLite.MIME_TYPE, MimeFormats::interactive)));
  }

  /** Formats for a kernel that widgets are connected to: without one there is no view. */
  static MimeFormats<Widget> widgets() {
    return new MimeFormats<>(
        Widget.class,
        List.of(
            new Format<>("text/plain", widget -> MimeData.of(widget.toString())),
            new Format<>(
                "application/vnd.jupyter.widget-view+json",
                widget -> MimeData.of(widget.view().orElseThrow()))));
  }

  private static MimeData interactive(Chart chart) {
    return new MimeData(chart.vegaLite(), VegaLiteStyle.METADATA);
  }

  /**
   * The PNG image with its alternative text, for the pages that nbconvert makes: for {@code
   * image/png} its default template leaves the text out. It is not HTML, which JupyterLab would
   * prefer to the interactive chart. In Markdown, a tag alone on its line is passed through,
   * whatever the text holds.
   */
  private static MimeData page(Chart chart) {
    ChartPng png = ChartPng.of(chart);
    String data = Base64.getEncoder().encodeToString(png.bytes());
    return MimeData.of(
        img()
            .withAlt(chart.toString())
            .withWidth("" + ChartPng.WIDTH)
            .withHeight("" + png.height())
            .withSrc("data:image/png;base64," + data)
            .render()
            .replace("\n", "&#10;")
            .replace("$", "&#36;")); // else nbconvert sees a formula
  }

  private static MimeData png(Chart chart) {
    ChartPng png = ChartPng.of(chart);
    String data = Base64.getEncoder().encodeToString(png.bytes());
    return new MimeData(
        data,
        VegaLite.map("width", ChartPng.WIDTH, "height", png.height(), "alt", chart.toString()));
  }
}
