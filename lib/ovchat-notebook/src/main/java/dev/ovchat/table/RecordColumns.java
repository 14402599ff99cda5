package dev.ovchat.table;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.columns.Column;

/** Columns of a table, from the components of records. */
final class RecordColumns {
  private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private RecordColumns() {}

  static Column<?>[] of(List<? extends Record> rows) {
    return Arrays.stream(rows.get(0).getClass().getRecordComponents())
        .map(component -> column(component, rows))
        .toArray(Column<?>[]::new);
  }

  private static Column<?> column(RecordComponent component, List<? extends Record> rows) {
    Column<?> column = empty(title(component.getName()), component.getType());
    for (Record row : rows) {
      append(column, value(component, row));
    }
    return column;
  }

  private static Column<?> empty(String title, Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return IntColumn.create(title);
    }
    if (type == long.class || type == Long.class) {
      return LongColumn.create(title);
    }
    if (type == double.class
        || type == Double.class
        || type == float.class
        || type == Float.class) {
      return DoubleColumn.create(title);
    }
    if (type == boolean.class || type == Boolean.class) {
      return BooleanColumn.create(title);
    }
    return StringColumn.create(title);
  }

  private static void append(Column<?> column, Object value) {
    if (value == null) {
      column.appendMissing();
    } else if (column instanceof DoubleColumn numbers) {
      numbers.append(((Number) value).doubleValue());
    } else if (column instanceof StringColumn texts) {
      texts.append(value.toString());
    } else {
      column.appendObj(value);
    }
  }

  /** The value of a component; null where an {@link Optional} is empty. */
  private static Object value(RecordComponent component, Record row) {
    try {
      component.getAccessor().setAccessible(true); // a record of a cell or a method is not public
      Object value = component.getAccessor().invoke(row);
      return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "Cannot read %s of %s: %s".formatted(component.getName(), row.getClass(), e.getCause()),
          e);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          "Cannot read %s of %s: %s".formatted(component.getName(), row.getClass(), e), e);
    }
  }

  /** The title for a component's name: {@code firstTokenMillis} gives {@code first token (ms)}. */
  static String title(String name) {
    String words = WORD_START.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
    return words
        .replace(" millis", " (ms)")
        .replace(" megabytes", " (MB)")
        .replace(" per second", "/s");
  }
}
