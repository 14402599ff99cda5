package dev.ovchat.chart;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.Optional;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.ShortColumn;
import tech.tablesaw.columns.Column;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/**
 * A cell of a table as text. The format that tablesaw gives columns of numbers has the digits, the
 * minus sign and the decimal separator of the default locale; here they are the same everywhere.
 */
public final class CellText {
  private static final int ALL_DECIMALS = 340;

  private CellText() {}

  /** The text of a cell that is not missing. */
  public static String of(Column<?> column, int row) {
    return isByDefault(column, row) ? inNoCountry().format(column.get(row)) : column.getString(row);
  }

  /** Tests whether a cell is shown in the default format of tablesaw. */
  public static boolean isByDefault(Column<?> column, int row) {
    return byDefault(column)
        .filter(format -> format.format(column.get(row)).equals(column.getString(row)))
        .isPresent();
  }

  /**
   * Returns tablesaw's default format for a column. A column's own format cannot be queried, but
   * gives other texts than the default one.
   */
  private static Optional<NumberFormat> byDefault(Column<?> column) {
    // Not by its type: there are two of DOUBLE where the first class loaded is DoubleColumn.
    if (column instanceof DoubleColumn || column instanceof FloatColumn) {
      return Optional.of(NumberColumnFormatter.floatingPointDefault().getFormat());
    }
    boolean isWhole =
        column instanceof IntColumn
            || column instanceof LongColumn
            || column instanceof ShortColumn;
    return isWhole ? Optional.of(NumberColumnFormatter.ints().getFormat()) : Optional.empty();
  }

  private static NumberFormat inNoCountry() {
    NumberFormat format = new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setMaximumFractionDigits(ALL_DECIMALS);
    return format;
  }
}
