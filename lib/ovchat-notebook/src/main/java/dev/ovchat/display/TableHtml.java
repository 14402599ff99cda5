package dev.ovchat.display;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.each;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.tfoot;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.ovchat.display.TableView.ColumnView;
import dev.ovchat.message.VisibleText;
import j2html.tags.ContainerTag;
import j2html.tags.specialized.TableTag;
import java.util.stream.IntStream;

/**
 * A table as HTML. It has no colours of its own, so it takes those of the page, light or dark.
 * GitHub drops styles but keeps the attribute {@code align}; against JupyterLab's own style the
 * attribute {@code style} is needed.
 */
final class TableHtml {
  private TableHtml() {}

  static String of(TableView view) {
    TableTag table = table();
    if (!view.name().isBlank()) {
      table.with(
          caption(VisibleText.onOneLine(view.name()))
              .withStyle("caption-side: top; text-align: left; font-weight: bold; color: inherit"));
    }
    table
        .with(thead(tr(each(view.columns(), TableHtml::header))))
        .with(
            tbody(each(IntStream.range(0, view.shownRows()).boxed().toList(), r -> row(view, r))));
    if (!view.notes().isEmpty()) {
      table.with(tfoot(each(view.notes(), note -> note(view, note))));
    }
    return table.render();
  }

  private static ContainerTag<?> header(ColumnView column) {
    return aligned(
        th(VisibleText.onOneLine(column.name())).attr("scope", "col"), column.isNumeric(), "");
  }

  private static ContainerTag<?> row(TableView view, int row) {
    return tr(each(view.columns(), column -> cell(column, row)));
  }

  private static ContainerTag<?> cell(ColumnView column, int row) {
    String text = VisibleText.of(column.cells().get(row));
    return aligned(td(text), column.isNumeric(), "; white-space: pre-wrap");
  }

  private static ContainerTag<?> aligned(ContainerTag<?> cell, boolean right, String more) {
    String side = right ? "right" : "left";
    return cell.attr("align", side).attr("style", "text-align: " + side + more);
  }

  private static ContainerTag<?> note(TableView view, String note) {
    int columns = Math.max(1, view.columns().size());
    return tr(aligned(td(note).attr("colspan", columns), false, ""));
  }
}
