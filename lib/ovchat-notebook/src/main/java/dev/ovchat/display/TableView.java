package dev.ovchat.display;

import dev.ovchat.chart.CellText;
import dev.ovchat.message.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The shown part of a table: the cells of its first rows and columns as text. The other rows are
 * not read.
 *
 * @param rows number of all rows, hidden ones included
 * @param hiddenColumns number of columns left out
 */
record TableView(
    String name, List<ColumnView> columns, int shownRows, int rows, int hiddenColumns) {
  private static final int MOST_ROWS = 60;
  private static final int ROWS_OF_LONG_TABLE = 20;
  private static final int MOST_COLUMNS = 40;

  /** One column: its cells from the top, with an empty text for a missing value. */
  record ColumnView(String name, boolean isNumeric, List<String> cells) {}

  static TableView of(Table table) {
    int rows = table.rowCount();
    int shown = rows <= MOST_ROWS ? rows : ROWS_OF_LONG_TABLE;
    List<ColumnView> columns =
        table.columns().stream()
            .limit(MOST_COLUMNS)
            .map(
                column ->
                    new ColumnView(
                        column.name(), column instanceof NumericColumn, cells(column, shown)))
            .toList();
    String name = table.name() == null ? "" : table.name();
    return new TableView(name, columns, shown, rows, table.columnCount() - columns.size());
  }

  /** Notes on rows and columns that the view leaves out. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (rows > shownRows) {
      notes.add(
          "… %s more rows of %s".formatted(Digits.grouped(rows - shownRows), Digits.grouped(rows)));
    } else if (rows == 0) {
      notes.add("no rows");
    }
    if (hiddenColumns > 0) {
      notes.add(
          "… %s more columns of %s"
              .formatted(
                  Digits.grouped(hiddenColumns), Digits.grouped(hiddenColumns + columns.size())));
    }
    return notes;
  }

  private static List<String> cells(Column<?> column, int rows) {
    if (column instanceof NumericColumn<?> numbers && hasNoFormat(numbers, rows)) {
      double[] shown = IntStream.range(0, rows).mapToDouble(numbers::getDouble).toArray();
      Digits digits = Digits.of(shown);
      return cells(column, rows, row -> digits.format(shown[row]));
    } else if (column instanceof BooleanColumn) {
      return cells(column, rows, row -> column.get(row).equals(true) ? "yes" : "no");
    }
    return cells(column, rows, row -> CellText.of(column, row));
  }

  private static boolean hasNoFormat(NumericColumn<?> numbers, int rows) {
    return (numbers instanceof DoubleColumn || numbers instanceof FloatColumn)
        && IntStream.range(0, rows)
            .filter(row -> !numbers.isMissing(row))
            .allMatch(row -> CellText.isByDefault(numbers, row));
  }

  private static List<String> cells(Column<?> column, int rows, IntFunction<String> text) {
    return IntStream.range(0, rows)
        .mapToObj(row -> column.isMissing(row) ? "" : text.apply(row))
        .toList();
  }
}
