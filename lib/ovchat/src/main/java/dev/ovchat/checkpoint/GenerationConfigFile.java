package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
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

  /** Where it lies. */
  public Path path() {
    return json.path();
  }

  /** A whole number of 32 bits. */
  public Optional<Integer> integer(String field) {
    return json.value(field).map(value -> json.wholeNumber(field, value));
  }

  /** A whole number of 64 bits. */
  public Optional<Long> longInteger(String field) {
    return value(
            field, "a whole number", node -> node.isIntegralNumber() && node.canConvertToLong())
        .map(JsonNode::longValue);
  }

  /** A number; infinite where it is too large for a double. */
  public Optional<Double> number(String field) {
    return value(field, "a number", JsonNode::isNumber).map(JsonNode::doubleValue);
  }

  /** True or false. */
  public Optional<Boolean> flag(String field) {
    return value(field, "true or false", JsonNode::isBoolean).map(JsonNode::booleanValue);
  }

  /** One of these words; {@code true} and {@code false} may stand without quotes. */
  public Optional<String> word(String field, List<String> allowed) {
    return value(
            field,
            "one of " + String.join(", ", allowed),
            node -> node.isValueNode() && allowed.contains(node.asText()))
        .map(JsonNode::asText);
  }

  /** A text or a list of them. */
  public Optional<List<String>> texts(String field) {
    Predicate<JsonNode> allText = array -> elements(array).stream().allMatch(JsonNode::isTextual);
    return value(
            field,
            "a text or a list of texts",
            node -> node.isTextual() || (node.isArray() && allText.test(node)))
        .map(node -> node.isTextual() ? List.of(node) : elements(node))
        .map(nodes -> nodes.stream().map(JsonNode::asText).toList());
  }

  /** An id or a list of them. */
  public Optional<List<Integer>> tokenIds(String field) {
    return json.value(field).map(value -> json.tokenIds(field));
  }

  /** A list of lists of ids. */
  public Optional<List<List<Integer>>> tokenIdLists(String field) {
    return value(
            field,
            "a list of lists of ids",
            node -> node.isArray() && elements(node).stream().allMatch(JsonNode::isArray))
        .map(lists -> elements(lists).stream().map(list -> json.integers(field, list)).toList());
  }

  /**
   * Whether a field asks for anything: whether it is there and not {@code null}, {@code false},
   * empty, or the number that stands for nothing.
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
