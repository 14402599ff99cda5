package dev.ovchat.schema;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;

/** Jackson with the schema's rules: what the schema refuses is not read. */
final class RecordMapper {
  private static final JsonMapper MAPPER = mapper();

  private RecordMapper() {}

  /** Components are required, but for those that are optional; no annotation of Jackson counts. */
  private static final class Required extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return member.getRawType() != Optional.class;
    }
  }

  private static JsonMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .annotationIntrospector(new Required())
            .addModule(new Jdk8Module())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
    builder.withCoercionConfig(
        LogicalType.Textual,
        texts ->
            texts
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    return builder.build();
  }

  static JsonNode tree(String json) throws JsonProcessingException {
    try (JsonParser parser = MAPPER.createParser(json)) {
      JsonNode tree = MAPPER.readTree(parser);
      if (tree == null || parser.nextToken() != null) {
        throw new JsonParseException(parser, "not one value");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text gives no such errors
    }
  }

  static JsonNode tree(Map<String, ?> values) {
    return MAPPER.valueToTree(values);
  }

  static <T> T value(JsonNode tree, Class<T> type) throws JsonMappingException {
    try {
      T value = MAPPER.treeToValue(tree, type);
      if (value == null) {
        throw new JsonMappingException(null, "null");
      }
      requireFinite(MAPPER.valueToTree(value));
      return value;
    } catch (JsonMappingException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new JsonMappingException(null, e.getOriginalMessage(), e);
    }
  }

  /**
   * Refuses what Jackson takes for a double or float all the same: the text {@code "NaN"} and its
   * like, and numbers that are too large, of which it makes infinity.
   */
  private static void requireFinite(JsonNode read) throws JsonMappingException {
    if ((read.isDouble() || read.isFloat()) && !Double.isFinite(read.doubleValue())) {
      throw new JsonMappingException(null, "not finite");
    }
    for (int index = 0; read.isArray() && index < read.size(); index++) {
      try {
        requireFinite(read.get(index));
      } catch (JsonMappingException e) {
        throw JsonMappingException.wrapWithPath(e, read, index);
      }
    }
    for (Map.Entry<String, JsonNode> field : read.properties()) {
      try {
        requireFinite(field.getValue());
      } catch (JsonMappingException e) {
        throw JsonMappingException.wrapWithPath(e, read, field.getKey());
      }
    }
  }

  static String text(Object value) throws JsonProcessingException {
    return MAPPER.writeValueAsString(value);
  }

  static JavaType javaType(Type type) {
    return MAPPER.constructType(type);
  }
}
