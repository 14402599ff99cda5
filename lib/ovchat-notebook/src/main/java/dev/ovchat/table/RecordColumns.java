package dev.ovchat.table;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.columns.Column;

/** Columns of a table, from the components of records. */
final class RecordColumns {
  /** Columns by the type of a component; those of all other types hold texts. */
  private static final Map<Type, Function<String, Column<?>>> KINDS =
      Map.ofEntries(
          Map.entry(byte.class, IntColumn::create),
          Map.entry(Byte.class, IntColumn::create),
          Map.entry(short.class, IntColumn::create),
          Map.entry(Short.class, IntColumn::create),
          Map.entry(int.class, IntColumn::create),
          Map.entry(Integer.class, IntColumn::create),
          Map.entry(OptionalInt.class, IntColumn::create),
          Map.entry(long.class, LongColumn::create),
          Map.entry(Long.class, LongColumn::create),
          Map.entry(OptionalLong.class, LongColumn::create),
          Map.entry(float.class, DoubleColumn::create),
          Map.entry(Float.class, DoubleColumn::create),
          Map.entry(double.class, DoubleColumn::create),
          Map.entry(Double.class, DoubleColumn::create),
          Map.entry(OptionalDouble.class, DoubleColumn::create),
          Map.entry(boolean.class, BooleanColumn::create),
          Map.entry(Boolean.class, BooleanColumn::create));

  private RecordColumns() {}

  /** The columns of one or more records, which all have to be of one class. */
  static Column<?>[] of(List<? extends Record> rows) {
    Class<?> type = rows.get(0).getClass();
    for (Record row : rows) {
      if (row == null || row.getClass() != type) {
        throw new IllegalArgumentException(
            "The rows of a table are records of one type; the first one is %s, another one %s."
                .formatted(type.getName(), row == null ? null : row.getClass().getName()));
      }
    }
    return Arrays.stream(type.getRecordComponents())
        .map(component -> column(component, rows))
        .toArray(Column<?>[]::new);
  }

  private static Column<?> column(RecordComponent component, List<? extends Record> rows) {
    Column<?> column =
        KINDS
            .getOrDefault(typeOfValues(component), StringColumn::create)
            .apply(title(component.getName()));
    for (Record row : rows) {
      append(column, value(component, row));
    }
    return column;
  }

  /** The type of a component's values: of an {@code Optional}, of what it may hold. */
  private static Type typeOfValues(RecordComponent component) {
    return component.getType() == Optional.class
            && component.getGenericType() instanceof ParameterizedType optional
        ? optional.getActualTypeArguments()[0]
        : component.getType();
  }

  private static void append(Column<?> column, Object value) {
    if (value == null) {
      column.appendMissing();
    } else if (column instanceof IntColumn numbers) {
      numbers.append(((Number) value).intValue());
    } else if (column instanceof DoubleColumn numbers) {
      numbers.append(Double.parseDouble(value.toString())); // of a float, the digits that it shows
    } else if (column instanceof StringColumn texts) {
      texts.append(value.toString());
    } else {
      column.appendObj(value);
    }
  }

  /** The value of a component; null where an optional one is empty. */
  private static Object value(RecordComponent component, Record row) {
    Object value = read(component, row);
    if (value instanceof Optional<?> optional) {
      return optional.orElse(null);
    }
    if (value instanceof OptionalInt optional) {
      return optional.isPresent() ? optional.getAsInt() : null;
    }
    if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? optional.getAsLong() : null;
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? optional.getAsDouble() : null;
    }
    return value;
  }

  private static Object read(RecordComponent component, Record row) {
    try {
      component.getAccessor().setAccessible(true); // a record of a cell or a method is not public
      return component.getAccessor().invoke(row);
    } catch (InvocationTargetException e) {
      throw cannotRead(component, row, e.getCause());
    } catch (IllegalAccessException e) {
      throw cannotRead(component, row, e);
    }
  }

  private static IllegalArgumentException cannotRead(
      RecordComponent component, Record row, Throwable reason) {
    return new IllegalArgumentException(
        "Cannot read %s of %s: %s".formatted(component.getName(), row.getClass().getName(), reason),
        reason);
  }

  /** The title for a component's name: {@code firstTokenMillis} gives {@code first token (ms)}. */
  static String title(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT)
        .replaceAll(" millis\\b", " (ms)")
        .replaceAll(" megabytes\\b", " (MB)")
        .replaceAll(" per second\\b", "/s");
  }
}
