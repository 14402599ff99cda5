package dev.ovchat.chart;

import dev.ovchat.files.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Vega-Lite specification, or an object in it. The specifications lie beside this class, a file
 * for each kind of chart. What depends on the chart is empty there ({@code ""}, {@code 0} or {@code
 * []}) and is filled in; what only some charts have is there, and removed from the others.
 *
 * <p>A path leads to a value, such as {@code layer/0/mark/color}. The file has to have one there.
 */
record VegaLiteSpec(Map<String, Object> fields) {

  /** Reads a file that lies beside this class. */
  static VegaLiteSpec read(String file) {
    try (InputStream in = VegaLiteSpec.class.getResourceAsStream(file)) {
      return new VegaLiteSpec(JsonText.map(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object at a path, which is not copied. */
  VegaLiteSpec at(String path) {
    return of(value(path));
  }

  /** The objects of the list at a path, which are not copied. */
  List<VegaLiteSpec> all(String path) {
    return list(value(path)).stream().map(VegaLiteSpec::of).toList();
  }

  /** The text at a path. */
  String text(String path) {
    return (String) value(path);
  }

  /** Replaces the value at a path. */
  void put(String path, Object value) {
    value(path);
    parent(path).fields.put(lastKey(path), value);
  }

  /** Replaces the list at a path. */
  void putAll(String path, List<VegaLiteSpec> objects) {
    put(path, objects.stream().map(VegaLiteSpec::fields).toList());
  }

  /** Removes the value at a path. */
  void remove(String path) {
    value(path);
    parent(path).fields.remove(lastKey(path));
  }

  /** Removes the first object of the list at a path. */
  void removeFirst(String path) {
    list(value(path)).remove(0);
  }

  /** A copy that shares nothing with this one. */
  VegaLiteSpec copy() {
    return of(copy(fields));
  }

  private VegaLiteSpec parent(String path) {
    int end = path.lastIndexOf('/');
    return end < 0 ? this : at(path.substring(0, end));
  }

  private static String lastKey(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Object value(String path) {
    Object value = fields;
    for (String key : path.split("/", -1)) {
      value =
          value instanceof List<?>
              ? list(value).get(Integer.parseInt(key))
              : of(value).fields.get(key);
      if (value == null) {
        throw new IllegalArgumentException("The specification has no " + path + ".");
      }
    }
    return value;
  }

  @SuppressWarnings("unchecked") // an object of JSON
  private static VegaLiteSpec of(Object value) {
    return new VegaLiteSpec((Map<String, Object>) value);
  }

  @SuppressWarnings("unchecked") // a list of JSON
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static Object copy(Object value) {
    if (value instanceof Map<?, ?>) {
      Map<String, Object> copy = new LinkedHashMap<>();
      of(value).fields.forEach((key, each) -> copy.put(key, copy(each)));
      return copy;
    }
    if (value instanceof List<?> values) {
      List<Object> copy = new ArrayList<>();
      values.forEach(each -> copy.add(copy(each)));
      return copy;
    }
    return value;
  }
}
