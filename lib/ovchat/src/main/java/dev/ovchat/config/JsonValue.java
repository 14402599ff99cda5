package dev.ovchat.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Values of the kinds that JSON has, as those that a config holds. */
final class JsonValue {
  private JsonValue() {}

  /** A whole number, written with or without a point. */
  static int integer(Object value) {
    return exact(value).intValueExact();
  }

  /** The same of 64 bits. */
  static long wide(Object value) {
    return exact(value).longValueExact();
  }

  private static BigDecimal exact(Object value) {
    Number number = (Number) value;
    if (!Double.isFinite(number.doubleValue())) {
      throw new ArithmeticException(number + " is not a whole number.");
    }
    return new BigDecimal(number.toString());
  }

  /** A list of values of one kind. */
  static <T> List<T> list(Object value, Function<Object, T> element) {
    List<?> list = (List<?>) value;
    if (list.stream().anyMatch(Objects::isNull)) {
      throw new ClassCastException("A list with null has no such elements.");
    }
    return list.stream().map(element).toList();
  }
}
