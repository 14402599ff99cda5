package dev.ovchat.display;

import dev.ovchat.display.TableView.ColumnView;
import dev.ovchat.message.VisibleText;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table as text, in lines of equal length, for terminals and front ends without HTML. */
final class TableText {
  private TableText() {}

  static String of(TableView view) {
    List<List<String>> columns = view.columns().stream().map(TableText::padded).toList();
    StringJoiner lines = new StringJoiner("\n");
    String name = VisibleText.onOneLine(view.name());
    if (!name.isBlank()) {
      lines.add(name);
    }
    if (!columns.isEmpty()) {
      String header = line(columns, 0);
      lines.add(header).add("-".repeat(length(header)));
      IntStream.rangeClosed(1, view.shownRows()).forEach(row -> lines.add(line(columns, row)));
    }
    view.notes().forEach(lines::add);
    return lines.toString();
  }

  /** Name and cells of a column, padded to one length. */
  private static List<String> padded(ColumnView column) {
    List<String> cells =
        Stream.concat(Stream.of(column.name()), column.cells().stream())
            .map(VisibleText::onOneLine)
            .toList();
    int width = cells.stream().mapToInt(TableText::length).max().orElse(0);
    return cells.stream()
        .map(
            cell -> {
              String spaces = " ".repeat(width - length(cell));
              return column.isNumeric() ? spaces + cell : cell + spaces;
            })
        .toList();
  }

  private static String line(List<List<String>> columns, int row) {
    StringBuilder line = new StringBuilder();
    columns.forEach(column -> line.append(' ').append(column.get(row)).append(" |"));
    return line.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
