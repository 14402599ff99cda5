package dev.ovchat.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;

class SparkTablesTest extends LocalSpark {
  @Test
  void keepsTypesAndWhatIsMissing() {
    Dataset<Row> rows =
        spark.sql(
            """
            SELECT * FROM VALUES ('a', 1, 2L, 0.5D, true, date'2026-01-31'),
                (NULL, NULL, NULL, NULL, NULL, NULL) AS t(text, whole, long, number, truth, day)
            """);
    assertThat(
            SparkTables.of("Others", spark.sql("SELECT 0.25 AS d, 1.5f AS f"))
                .row(0)
                .getDouble("d"))
        .isEqualTo(0.25);
    Table table = SparkTables.of("All", rows);
    assertThat(table.name()).isEqualTo("All");
    assertThat(table.columnNames())
        .containsExactly("text", "whole", "long", "number", "truth", "day");
    assertThat(table.types())
        .containsExactly(
            ColumnType.STRING,
            ColumnType.INTEGER,
            ColumnType.LONG,
            ColumnType.DOUBLE,
            ColumnType.BOOLEAN,
            ColumnType.STRING);
    assertThat(table.row(0).getString("day")).isEqualTo("2026-01-31");
    assertThat(table.row(0).getLong("long")).isEqualTo(2);
    assertThat(table.column("truth").get(0)).isEqualTo(true);
    table.columns().forEach(column -> assertThat(column.isMissing(1)).isTrue());
  }
}
