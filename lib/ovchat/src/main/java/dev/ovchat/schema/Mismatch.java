package dev.ovchat.schema;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ovchat.files.Excerpt;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fault of JSON that cannot be read into a record, as part of a sentence. */
final class Mismatch {
  private Mismatch() {}

  static String of(Class<?> record, JsonNode tree, JsonMappingException problem) {
    if (problem instanceof UnrecognizedPropertyException unknown) {
      String names =
          Stream.of(unknown.getReferringClass().getRecordComponents())
              .map(RecordComponent::getName)
              .collect(Collectors.joining(", "));
      return "there is no field %s; there are %s"
          .formatted(Excerpt.of(place(problem)), names.isEmpty() ? "none" : names);
    }
    if (problem instanceof ValueInstantiationException && problem.getCause() != null) {
      Throwable refusal = problem.getCause();
      return "the record refuses the values: "
          + (refusal.getMessage() == null
              ? refusal.getClass().getSimpleName()
              : refusal.getMessage());
    }
    JavaType type = RecordMapper.javaType(record);
    JsonNode value = tree;
    for (Reference step : problem.getPath()) {
      value = inside(value, step);
      type = inside(type, step);
    }
    String place = problem.getPath().isEmpty() ? "it" : Excerpt.of(place(problem));
    return value.isMissingNode()
        ? place + " is missing"
        : "%s has to be %s, and is %s"
            .formatted(place, wanted(type, value), Excerpt.of(value.toString()));
  }

  private static String place(JsonMappingException problem) {
    StringBuilder place = new StringBuilder();
    for (Reference step : problem.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return place.toString();
  }

  private static JsonNode inside(JsonNode value, Reference step) {
    JsonNode inner =
        step.getFieldName() == null ? value.get(step.getIndex()) : value.get(step.getFieldName());
    return inner == null ? MissingNode.getInstance() : inner;
  }

  private static JavaType inside(JavaType type, Reference step) {
    if (!type.isRecordType()) {
      return type.getContentType();
    }
    return Stream.of(type.getRawClass().getRecordComponents())
        .filter(component -> component.getName().equals(step.getFieldName()))
        .map(RecordComponent::getGenericType)
        .map(RecordMapper::javaType)
        .findFirst()
        .orElse(type);
  }

  private static String wanted(JavaType type, JsonNode value) {
    Class<?> raw = KnownTypes.boxed(type.getRawClass());
    if (type.isEnumType()) {
      return "one of "
          + Arrays.stream(raw.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name())
              .collect(Collectors.joining(", "));
    } else if (type.isReferenceType()) {
      return wanted(type.getContentType(), value);
    } else if (raw == String.class) {
      return "a text";
    } else if (raw == Boolean.class) {
      return "true or false";
    } else if (Number.class.isAssignableFrom(raw)) {
      return SchemaRules.range(raw)
          .map(range -> String.format(Locale.ROOT, "an integer from %d to %d", range[0], range[1]))
          .orElse(value.isNumber() ? "a smaller number" : "a number");
    }
    return type.isCollectionLikeType() || type.isArrayType() ? "a list" : "an object";
  }
}
