package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a GGUF file; every complaint about an entry names it.
 *
 * @param path the file
 * @param entries texts, {@code Long}, {@code Float}, {@code Double}, {@code Boolean}, and lists of
 *     them, by their keys
 */
record GgufMetadata(Path path, Map<String, Object> entries) {
  private static final long DEFAULT_ALIGNMENT = 32;
  private static final long LARGEST_ALIGNMENT = 1 << 20;

  /** Tests whether there is an entry of that key. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** A text; empty where the entry is missing. */
  Optional<String> text(String key) {
    return value(key, String.class, "a text");
  }

  /** A text that has to be there. */
  String requiredText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  /** A whole number; empty where the entry is missing. */
  Optional<Long> integer(String key) {
    return value(key, Long.class, "a whole number");
  }

  /** A whole number from 1 to 2³¹ − 1 that has to be there. */
  int size(String key) {
    long size = integer(key).orElseThrow(() -> missing(key));
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw wrong(key, "a whole number from 1 to 2147483647", size);
    }
    return (int) size;
  }

  /** A number; empty where the entry is missing. */
  Optional<Number> number(String key) {
    return value(key, Number.class, "a number")
        .map(
            number -> {
              if (!Double.isFinite(number.doubleValue())) {
                throw wrong(key, "a finite number", number);
              }
              return number;
            });
  }

  /** A yes or no; {@code otherwise} where the entry is missing. */
  boolean truth(String key, boolean otherwise) {
    return value(key, Boolean.class, "true or false").orElse(otherwise);
  }

  /** A list of texts; empty where the entry is missing. */
  Optional<List<String>> texts(String key) {
    return list(key, String.class, "a list of texts");
  }

  /** A list of numbers; empty where the entry is missing. */
  Optional<List<Number>> numbers(String key) {
    return list(key, Number.class, "a list of numbers");
  }

  /** Alignment of the tensors' offsets, in bytes: a power of two. */
  long alignment() {
    String key = "general.alignment";
    long alignment = integer(key).orElse(DEFAULT_ALIGNMENT);
    if (alignment < 1 || alignment > LARGEST_ALIGNMENT || Long.bitCount(alignment) != 1) {
      throw wrong(key, "a power of two up to " + LARGEST_ALIGNMENT, alignment);
    }
    return alignment;
  }

  private <T> Optional<T> value(String key, Class<T> type, String what) {
    Object value = entries.get(key);
    if (value != null && !type.isInstance(value)) {
      throw wrong(key, what, value);
    }
    return Optional.ofNullable(type.cast(value));
  }

  @SuppressWarnings("unchecked") // each element is looked at
  private <T> Optional<List<T>> list(String key, Class<T> type, String what) {
    Object value = entries.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof List<?> list) || !list.stream().allMatch(type::isInstance)) {
      throw wrong(key, what, value);
    }
    return Optional.of((List<T>) value);
  }

  /** The exception for an entry that has to be there. */
  UnusableFileException missing(String key) {
    return new UnusableFileException(
        "%s has no %s in its metadata%s".formatted(path, key, StrictJson.AGAIN));
  }

  /**
   * The exception for an entry with a value that cannot be.
   *
   * @param allowed what it has to be, to be read after "has to be"
   */
  UnusableFileException wrong(String key, String allowed, Object value) {
    return new UnusableFileException(
        "%s: %s has to be %s, and is %s%s"
            .formatted(path, key, allowed, Excerpt.of(excerpt(value)), StrictJson.AGAIN));
  }

  private static String excerpt(Object value) {
    return value instanceof List<?> list && list.size() > 10
        ? list.subList(0, 10) + ", …"
        : String.valueOf(value);
  }
}
