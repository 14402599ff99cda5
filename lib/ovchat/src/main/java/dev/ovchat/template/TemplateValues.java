package dev.ovchat.template;

import dev.ovchat.files.Excerpt;
import dev.ovchat.text.TokenizerException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Values that a template can be given: those that JSON has. They are checked and copied where a
 * user hands them over, so that a message says where the mistake is, and later changes have no
 * effect.
 */
public final class TemplateValues {
  /** The template engine takes 128, with what is around a value. */
  private static final int DEEPEST = 100;

  /** Far above what fits into a model's context. */
  private static final int MOST = 1_000_000;

  private final Set<Object> around = Collections.newSetFromMap(new IdentityHashMap<>());
  private int count;

  private TemplateValues() {}

  /**
   * A copy of a value that cannot be changed; maps keep their order.
   *
   * @param place the name that a message gives the value
   * @throws TokenizerException if the value, or one inside it, has no JSON
   */
  public static Object copy(String place, Object value) {
    return new TemplateValues().copied(place, value);
  }

  /** The same for a map. */
  @SuppressWarnings("unchecked") // a map becomes a map with texts as keys
  public static Map<String, Object> copy(String place, Map<String, ?> map) {
    return (Map<String, Object>) copy(place, (Object) map);
  }

  /** The same for a list of maps, such as tools. */
  public static List<Map<String, Object>> copies(
      String place, List<? extends Map<String, ?>> maps) {
    requireMaps(place, maps);
    List<Map<String, Object>> copies = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      copies.add(copy(place + "[" + i + "]", maps.get(i)));
    }
    return Collections.unmodifiableList(copies);
  }

  /** Refuses what is not a list of maps. */
  public static void requireMaps(String place, Object value) {
    if (!(value instanceof List<?> list)) {
      throw wrong(at(place), value, "it has to be a list of maps");
    }
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map)) {
        throw wrong(at(place + "[" + i + "]"), list.get(i), "it has to be a map");
      }
    }
  }

  private Object copied(String place, Object value) {
    if (++count > MOST) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "There are more than %,d values, up to the one at %s; no template reads so many.",
              MOST,
              Excerpt.of(place)));
    }
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      return number(place, number);
    }
    if (!(value instanceof List || value instanceof Map)) {
      throw wrong(
          at(place),
          value,
          "it has to be a text, number, boolean, null, list, or map, as JSON has them");
    }
    if (!around.add(value)) {
      throw new TokenizerException(at(place) + " is inside itself, which JSON cannot write.");
    }
    if (around.size() - 1 > DEEPEST) { // the map of all variables, or a message, is not counted
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "%s is nested more than %d deep, and no template reads so far.",
              at(place),
              DEEPEST));
    }
    Object copy = value instanceof List<?> list ? list(place, list) : map(place, (Map<?, ?>) value);
    around.remove(value);
    return copy;
  }

  private List<Object> list(String place, List<?> list) {
    List<Object> copy = new ArrayList<>();
    for (Object element : list) {
      copy.add(copied(place + "[" + copy.size() + "]", element));
    }
    return Collections.unmodifiableList(copy);
  }

  private Map<String, Object> map(String place, Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw wrong("A key of " + place, key, "keys have to be texts");
          }
          copy.put(name, copied(place + "." + name, value));
        });
    return Collections.unmodifiableMap(copy);
  }

  /** A number as Python reads it in JSON, as far as 64 bits hold it. */
  private static Number number(String place, Number number) {
    if (number instanceof Byte
        || number instanceof Short
        || number instanceof Integer
        || number instanceof Long) {
      return number;
    }
    if (number instanceof BigInteger whole) {
      if (whole.bitLength() > (whole.signum() < 0 ? 63 : 64)) {
        throw wrong(at(place), number, "whole numbers have 64 bits, so give it as a text");
      }
      return number;
    }
    if (number instanceof BigDecimal decimal) {
      return number(
          place, decimal.scale() == 0 ? decimal.unscaledValue() : (Number) decimal.doubleValue());
    }
    if (!(number instanceof Double || number instanceof Float)) {
      throw wrong(at(place), number, "it has to be one of Java's own numbers, such as an Integer");
    }
    if (!Double.isFinite(number.doubleValue())) {
      throw wrong(at(place), number, "JSON has no such number");
    }
    return number;
  }

  private static TokenizerException wrong(String subject, Object value, String rule) {
    // No other value is written: it may be endless.
    String what =
        value == null || value instanceof Number
            ? String.valueOf(value)
            : "of type " + value.getClass().getSimpleName();
    return new TokenizerException(
        "%s is %s; %s.".formatted(Excerpt.of(subject), Excerpt.of(what), rule));
  }

  private static String at(String place) {
    return "The value at " + Excerpt.of(place);
  }
}
