package dev.ovchat.config;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonText;
import dev.ovchat.modeldir.GenerationConfigFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One of the values that a {@link GenerationConfig} may hold.
 *
 * @param name the name in camelCase, for instance {@code topP}
 * @param allowed a test of the values that it may have
 * @param range the allowed values in words, for instance {@code from 0 to 1}
 * @param cast makes it of a value that JSON has, or throws {@link ClassCastException} or {@link
 *     ArithmeticException}
 * @param reader reads it from a model's file, as transformers takes it
 * @param inForce tests whether it has an effect in a config
 */
record ConfigField<T>(
    String name,
    Predicate<T> allowed,
    String range,
    Function<Object, T> cast,
    Reader<T> reader,
    Predicate<GenerationConfig> inForce) {

  ConfigField(
      String name, Predicate<T> allowed, String range, Function<Object, T> cast, Reader<T> reader) {
    this(name, allowed, range, cast, reader, config -> true);
  }

  /** A copy that has an effect only in configs that meet a condition. */
  ConfigField<T> onlyIf(Predicate<GenerationConfig> condition) {
    return new ConfigField<>(name, allowed, range, cast, reader, condition);
  }

  /** Reads a value by transformers' name of it. */
  @FunctionalInterface
  interface Reader<T> {
    Optional<T> read(GenerationConfigFile file, String field);
  }

  static ConfigField<Boolean> flag(String name) {
    return new ConfigField<>(
        name, value -> true, "true or false", Boolean.class::cast, GenerationConfigFile::flag);
  }

  /**
   * @param neutral the value that has no effect
   */
  static ConfigField<Integer> wholeNumber(String name, int least, int neutral) {
    return wholeNumber(name, least, (file, field) -> file.integer(field, neutral));
  }

  static ConfigField<Integer> wholeNumber(String name, int least, Reader<Integer> reader) {
    return new ConfigField<>(
        name, value -> value >= least, least + " or more", JsonValue::integer, reader);
  }

  /** A number that is neither infinite nor NaN. */
  static ConfigField<Double> number(
      String name, Predicate<Double> allowed, String range, Reader<Double> reader) {
    return new ConfigField<>(
        name,
        value -> Double.isFinite(value) && allowed.test(value),
        range,
        value -> ((Number) value).doubleValue(),
        reader);
  }

  static ConfigField<List<Integer>> tokenIds(String name) {
    return new ConfigField<>(
        name,
        ConfigField::areIds,
        "a list of ids of 0 or more",
        value -> JsonValue.list(value, JsonValue::integer),
        GenerationConfigFile::tokenIds);
  }

  static boolean areIds(List<Integer> ids) {
    return ids.stream().allMatch(id -> id != null && id >= 0);
  }

  /** Refuses a value that is out of range, in a sentence that opens with where it comes from. */
  T checked(T value, String where) {
    if (!allowed.test(value)) {
      throw new GenerationException(
          "%s%s is %s; it has to be %s."
              .formatted(
                  where, name, value instanceof List<?> ? JsonText.spaced(value) : value, range));
    }
    return value;
  }

  /** Same as above for a value of the field's type, as the config's method of its name has it. */
  @SuppressWarnings("unchecked")
  T checked(Object value) {
    return checked((T) value, "");
  }

  /** Same as above for a value that JSON has. */
  T of(Object value) {
    if (value == null) {
      throw refused(null);
    }
    try {
      return checked(cast.apply(value), "");
    } catch (ClassCastException | ArithmeticException e) {
      throw refused(value);
    }
  }

  private GenerationException refused(Object value) {
    return new GenerationException(
        "%s is %s; it has to be %s.".formatted(name, Excerpt.of(String.valueOf(value)), range));
  }

  /** The value in a model's file, if it has one. */
  Optional<T> read(GenerationConfigFile file) {
    return reader.read(file, field()).map(value -> checked(value, file.path() + ": "));
  }

  /** transformers' name, for instance {@code top_p}. */
  private String field() {
    return name.equals("eosTokenIds")
        ? "eos_token_id"
        : name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
