package dev.ovchat.modeldir;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * A model's {@code generation_config.json}: how its authors want it to generate. Fields are asked
 * for by transformers' names; one that is missing or {@code null} is empty, and one of another kind
 * than asked for is an error that names the file.
 */
public final class GenerationConfigFile {
  private final JsonFile json;

  private GenerationConfigFile(JsonFile json) {
    this.json = json;
  }

  static GenerationConfigFile read(Path path) {
    return new GenerationConfigFile(
        ReadableFile.isThere(path) ? JsonFile.read(path) : JsonFile.empty(path));
  }

  /** Path of the file. */
  public Path path() {
    return json.path();
  }

  /**
   * A number, as Python takes it: {@code true} is 1 and {@code false} 0. It may be infinite or NaN.
   */
  public Optional<Double> number(String field) {
    return value(field, "a number", GenerationConfigFile::isNumber).map(JsonFile::toNumber);
  }

  /**
   * A whole number, written as one: transformers refuses 50.0 where it counts. What is beyond 32
   * bits is the largest of them.
   *
   * @param neutral the number that has no effect, and may be written in any way
   */
  public Optional<Integer> integer(String field, int neutral) {
    return value(
            field,
            "a whole number without a point",
            node ->
                node.isIntegralNumber() || (isNumber(node) && JsonFile.toNumber(node) == neutral))
        .map(node -> (int) JsonFile.toNumber(node));
  }

  /** The same where {@code true} counts as 1 and {@code false} as 0. */
  public Optional<Integer> count(String field) {
    return value(
            field,
            "a whole number without a point",
            node -> node.isIntegralNumber() || node.isBoolean())
        .map(node -> (int) JsonFile.toNumber(node));
  }

  /**
   * A number with a point: transformers refuses 2 where it divides.
   *
   * @param neutral the number that has no effect, and may be written in any way
   */
  public Optional<Double> floating(String field, double neutral) {
    return value(
            field,
            "a number with a point, such as 2.0",
            node ->
                node.isFloatingPointNumber()
                    || (isNumber(node) && JsonFile.toNumber(node) == neutral))
        .map(JsonFile::toNumber);
  }

  /** The truth of a field as Python takes it: true for anything but {@code false}, 0 or empty. */
  public Optional<Boolean> flag(String field) {
    return json.value(field)
        .map(
            node ->
                isNumber(node)
                    ? JsonFile.toNumber(node) != 0
                    : !(node.isTextual() ? node.textValue().isEmpty() : node.isEmpty()));
  }

  /** One of these words, or true or false, which 1 and 0 may stand for. */
  public Optional<String> truthOr(String field, String word) {
    return value(
            field,
            "true, false or \"" + word + "\"",
            node ->
                node.asText().equals(word)
                    || (isNumber(node)
                        && (JsonFile.toNumber(node) == 0 || JsonFile.toNumber(node) == 1)))
        .map(node -> node.isTextual() ? word : String.valueOf(JsonFile.toNumber(node) == 1));
  }

  private static boolean isNumber(JsonNode node) {
    return node.isNumber() || node.isBoolean();
  }

  /** A text or a list of one or more of them. */
  public Optional<List<String>> texts(String field) {
    Predicate<JsonNode> allText = array -> elements(array).stream().allMatch(JsonNode::isTextual);
    return value(
            field,
            "a text or a list of texts",
            node -> node.isTextual() || (node.isArray() && !node.isEmpty() && allText.test(node)))
        .map(node -> node.isTextual() ? List.of(node) : elements(node))
        .map(nodes -> nodes.stream().map(JsonNode::asText).toList());
  }

  /** An id or a list of them; those that stand for no token are left out. */
  public Optional<List<Integer>> tokenIds(String field) {
    return json.value(field).map(value -> json.tokenIds(field));
  }

  /** A list of one or more lists of ids. */
  public Optional<List<List<Integer>>> tokenIdLists(String field) {
    return value(
            field,
            "a list of lists of ids",
            node ->
                node.isArray()
                    && !node.isEmpty()
                    && elements(node).stream().allMatch(JsonNode::isArray))
        .map(lists -> elements(lists).stream().map(list -> json.integers(field, list)).toList());
  }

  /** Returns whether a field is there and not {@code null}. */
  public boolean isSet(String field) {
    return json.value(field).isPresent();
  }

  /**
   * Returns whether a field asks for anything: it is there and not {@code null}, {@code false},
   * empty, or {@code off}, the number that stands for nothing.
   */
  public boolean isOn(String field, int off) {
    return json.value(field)
        .filter(value -> !(value.isNumber() && value.doubleValue() == off))
        .filter(value -> !(value.isBoolean() && !value.booleanValue()))
        .filter(value -> !(value.isContainerNode() && value.isEmpty()))
        .isPresent();
  }

  private Optional<JsonNode> value(String field, String wanted, Predicate<JsonNode> isWanted) {
    Optional<JsonNode> value = json.value(field);
    value
        .filter(isWanted.negate())
        .ifPresent(
            other -> {
              throw json.wrong(field, wanted, other);
            });
    return value;
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
