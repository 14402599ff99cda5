package dev.ovchat.grammar;

import dev.ovchat.files.JsonText;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A JSON schema as the grammar engine takes it. The engine reads references to the letter: so what
 * one with an escape leads to, such as {@code #/$defs/a~1b}, gets a plain name under {@code $defs}
 * as well. It reads numbers as doubles: so one that would be rounded is refused.
 */
final class SupportedSchema {
  private static final String REF = "$ref";
  private static final String DEFS = "$defs";

  /** What a reference has that does not stand for itself; an empty name is not found, either. */
  private static final Pattern ESCAPES = Pattern.compile("~[01]|%\\p{XDigit}{2}|^#/$");

  private static final Set<String> BOUNDS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  /** Keywords whose values are no schemas, but JSON that may be an answer. */
  private static final Set<String> VALUES = Set.of("const", "enum");

  private static final Set<String> REMARKS = Set.of("default", "examples");

  /** Keywords that hold schemas by names, which may be those of keywords. */
  private static final Set<String> NAMED =
      Set.of("properties", "patternProperties", DEFS, "definitions", "dependentSchemas");

  private final Map<String, Object> schema;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Object> definitions = new LinkedHashMap<>();

  private SupportedSchema(Map<String, Object> schema) {
    this.schema = schema;
    if (schema.get(DEFS) instanceof Map<?, ?> present) {
      present.forEach((name, value) -> definitions.put((String) name, value));
    }
  }

  /**
   * The schema that says the same.
   *
   * @throws IllegalArgumentException if the text is not a JSON object
   * @throws GrammarException if a number would be rounded; the message is a part of a sentence
   */
  static Map<String, Object> of(String schema) {
    Map<String, Object> map = JsonText.exactMap(schema);
    return new SupportedSchema(map).supported();
  }

  private Map<String, Object> supported() {
    Map<String, Object> supported = schema(schema);
    if (!names.isEmpty()) {
      if (supported.get(DEFS) instanceof Map<?, ?> own) {
        own.forEach((name, value) -> definitions.put((String) name, value));
      }
      supported.put(DEFS, definitions);
    }
    return supported;
  }

  private Object part(Object part) {
    if (part instanceof List<?> list) {
      return list.stream().map(this::part).toList();
    }
    return part instanceof Map<?, ?> map ? schema(map) : part;
  }

  private Map<String, Object> schema(Map<?, ?> schema) {
    Map<String, Object> copy = new LinkedHashMap<>();
    schema.forEach((key, value) -> copy.put((String) key, value((String) key, value)));
    return copy;
  }

  private Object value(String keyword, Object value) {
    if (keyword.equals(REF) && value instanceof String reference) {
      return ESCAPES.matcher(reference).find() ? plain(reference) : reference;
    } else if (BOUNDS.contains(keyword) || VALUES.contains(keyword)) {
      requireExact(keyword, value);
      return value;
    } else if (REMARKS.contains(keyword)) {
      return value;
    } else if (NAMED.contains(keyword) && value instanceof Map<?, ?> parts) {
      Map<String, Object> copy = new LinkedHashMap<>();
      parts.forEach((name, part) -> copy.put((String) name, part(part)));
      return copy;
    }
    return part(value);
  }

  /**
   * The reference to a copy that has a plain name; one that leads nowhere is left to the engine.
   */
  private String plain(String reference) {
    String known = names.get(reference);
    if (known != null) {
      return known;
    }
    Optional<Object> target = target(reference);
    if (target.isEmpty()) {
      return reference;
    }
    int number = names.size() + 1;
    while (definitions.containsKey("reference" + number)) {
      number++;
    }
    String name = "reference" + number;
    names.put(reference, "#/" + DEFS + "/" + name); // before its inside, which may have it again
    definitions.put(name, Map.of()); // the name is taken
    definitions.put(name, part(target.get()));
    return names.get(reference);
  }

  private Optional<Object> target(String reference) {
    if (!reference.startsWith("#/")) {
      return Optional.empty();
    }
    Object target = schema;
    for (String escaped : reference.substring(2).split("/", -1)) {
      String name = unescaped(escaped);
      if (target instanceof Map<?, ?> map && map.containsKey(name)) {
        target = map.get(name);
      } else if (target instanceof List<?> list
          && name.matches("0|[1-9][0-9]{0,8}")
          && Integer.parseInt(name) < list.size()) {
        target = list.get(Integer.parseInt(name));
      } else {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(target);
  }

  /** A part of a JSON pointer, which is in a URI. */
  private static String unescaped(String part) {
    String percents = part.replace("+", "%2B").replaceAll("%(?!\\p{XDigit}{2})", "%25");
    return URLDecoder.decode(percents, StandardCharsets.UTF_8)
        .replace("~1", "/")
        .replace("~0", "~");
  }

  private static void requireExact(String keyword, Object value) {
    if (value instanceof List<?> list) {
      list.forEach(element -> requireExact(keyword, element));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(element -> requireExact(keyword, element));
    } else if (value instanceof Number number && !isExact(new BigDecimal(number.toString()))) {
      throw new GrammarException(
          "%s has the number %s, which the grammar engine would round; it takes the numbers of a double"
              .formatted(keyword, number));
    }
  }

  /** Tests whether the engine gives the number as it is; a bound may be the largest long, too. */
  private static boolean isExact(BigDecimal number) {
    double rounded = number.doubleValue();
    if (Double.isInfinite(rounded)) {
      return false;
    }
    boolean isShort = // any double gives that many digits back
        number.stripTrailingZeros().precision() <= 15 && Math.abs(rounded) >= Double.MIN_NORMAL;
    boolean isLargestLong = number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) == 0;
    return isShort
        || isLargestLong
        || new BigDecimal(rounded).compareTo(number) == 0
        || new BigDecimal(Double.toString(rounded)).compareTo(number) == 0;
  }
}
