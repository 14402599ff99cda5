package dev.ovchat.spark;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Spark's datasets as tables, for charts and for the eye. */
public final class SparkTables {
  private SparkTables() {}

  /**
   * The rows of a dataset, all of which come to this machine.
   *
   * @return whole numbers of 32 and 64 bits, truth values and texts as such, all other numbers as
   *     double, other types as their text; null is missing
   */
  public static Table of(String name, Dataset<Row> rows) {
    List<Row> all = rows.collectAsList();
    Table table = Table.create(name);
    StructField[] fields = rows.schema().fields();
    for (int i = 0; i < fields.length; i++) {
      Column<?> column = column(fields[i]);
      for (Row row : all) {
        append(column, row.isNullAt(i) ? null : row.get(i));
      }
      table.addColumns(column);
    }
    return table;
  }

  private static Column<?> column(StructField field) {
    DataType type = field.dataType();
    String name = field.name();
    if (type.equals(DataTypes.IntegerType)) {
      return IntColumn.create(name);
    }
    if (type.equals(DataTypes.LongType)) {
      return LongColumn.create(name);
    }
    if (type instanceof NumericType) {
      return DoubleColumn.create(name);
    }
    return type.equals(DataTypes.BooleanType)
        ? BooleanColumn.create(name)
        : StringColumn.create(name);
  }

  private static void append(Column<?> column, Object value) {
    if (value == null) {
      column.appendMissing();
    } else if (column instanceof StringColumn texts) {
      texts.append(value.toString());
    } else if (column instanceof DoubleColumn numbers) {
      numbers.append(((Number) value).doubleValue());
    } else {
      column.appendObj(value);
    }
  }
}
