package dev.ovchat.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;

/** One JSON file of a model directory; every complaint about it names the file. */
record JsonFile(Path path, JsonNode root) {
  /** Strict: of two fields with one name, another reader may take the other one. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static JsonFile read(Path path) {
    try {
      JsonNode root = MAPPER.readTree(path.toFile());
      if (!root.isObject()) {
        throw new CheckpointException(path + " holds no JSON object.");
      }
      return new JsonFile(path, root);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          path + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
    } catch (CharConversionException e) {
      throw new CheckpointException(path + " is not valid JSON: it is no text in UTF-8.", e);
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  OptionalInt integer(String field) {
    JsonNode value = root.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(wholeNumber(field, value));
  }

  private int wholeNumber(String field, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(field, "a whole number", value);
    }
    return value.intValue();
  }

  int requiredInteger(String field) {
    return integer(field)
        .orElseThrow(() -> new CheckpointException(path + " lacks the field " + field + "."));
  }

  /** An id, or a list of them, or nothing: HuggingFace writes end tokens in all three ways. */
  List<Integer> tokenIds(String field) {
    JsonNode value = root.path(field);
    List<Integer> ids =
        value.isArray() ? integers(field, value) : integer(field).stream().boxed().toList();
    if (ids.stream().anyMatch(id -> id < 0)) {
      throw wrong(field, "an id of 0 or more", value);
    }
    return ids;
  }

  private List<Integer> integers(String field, JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(element -> wholeNumber(field, element))
        .toList();
  }

  String text(String field, String otherwise) {
    return root.path(field).asText(otherwise);
  }

  private CheckpointException wrong(String field, String wanted, JsonNode value) {
    return new CheckpointException(
        path + ": " + field + " is not " + wanted + " but " + value + ".");
  }
}
