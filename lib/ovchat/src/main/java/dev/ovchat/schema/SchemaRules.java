package dev.ovchat.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.TypeScope;
import com.github.victools.jsonschema.generator.impl.PropertySortUtils;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules by which a record becomes a JSON schema. */
final class SchemaRules {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

  /** Smallest and largest number of each type of integers. */
  private static final Map<Class<?>, long[]> BOUNDS =
      Map.of(
          Short.class, new long[] {Short.MIN_VALUE, Short.MAX_VALUE},
          Integer.class, new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
          Long.class, new long[] {Long.MIN_VALUE, Long.MAX_VALUE});

  private SchemaRules() {}

  /** A schema that refuses what cannot be read. */
  static Map<String, Object> exact(Class<?> type) {
    SchemaGeneratorConfigBuilder rules =
        rules().with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT);
    rules
        .forTypesInGeneral()
        .withNumberInclusiveMinimumResolver(scope -> bound(scope, 0))
        .withNumberInclusiveMaximumResolver(scope -> bound(scope, 1));
    return schema(rules, type);
  }

  /** A schema for prompts. */
  static Map<String, Object> brief(Class<?> type) {
    return schema(rules(), type);
  }

  private static Map<String, Object> schema(SchemaGeneratorConfigBuilder rules, Class<?> type) {
    ObjectNode schema = new SchemaGenerator(rules.build()).generateSchema(type);
    if (type.getRecordComponents().length == 0) {
      schema.putObject("properties"); // which templates read
    }
    return Collections.unmodifiableMap(MAPPER.convertValue(schema, MAP));
  }

  private static SchemaGeneratorConfigBuilder rules() {
    var rules =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(Option.FLATTENED_ENUMS, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
            .without(Option.SCHEMA_VERSION_INDICATOR, Option.FLATTENED_OPTIONALS);
    rules
        .forFields()
        .withRequiredCheck(field -> !isOptional(field))
        .withTargetTypeOverridesResolver(SchemaRules::inside)
        .withDescriptionResolver(SchemaRules::description);
    rules
        .forTypesInGeneral()
        .withPropertySorter(PropertySortUtils.SORT_PROPERTIES_FIELDS_BEFORE_METHODS) // as declared
        .withDescriptionResolver(scope -> words(scope.getType().getErasedType()))
        .withCustomDefinitionProvider(
            (type, context) -> {
              KnownTypes.require(type);
              return null; // the generator's own
            });
    return rules;
  }

  private static boolean isOptional(FieldScope field) {
    return field.getRawMember().getType() == Optional.class;
  }

  /** The type that an optional holds; it may be left out, and need not be null. */
  private static List<ResolvedType> inside(FieldScope field) {
    return isOptional(field) && !field.isFakeContainerItemScope()
        ? List.of(field.getTypeParameterFor(Optional.class, 0))
        : null;
  }

  private static String description(FieldScope field) {
    // An element of a list has the list's annotations, and is not what they describe.
    Description description =
        field.isFakeContainerItemScope() ? null : field.getAnnotation(Description.class);
    return description == null ? null : description.value();
  }

  private static String words(Class<?> type) {
    Description description = type.getAnnotation(Description.class);
    return description == null ? null : description.value();
  }

  private static BigDecimal bound(TypeScope scope, int index) {
    ResolvedType type = scope.getType();
    return type == null
        ? null
        : range(KnownTypes.boxed(type.getErasedType()))
            .map(range -> BigDecimal.valueOf(range[index]))
            .orElse(null);
  }

  /** The smallest and the largest integer of a type; empty for other types. */
  static Optional<long[]> range(Class<?> type) {
    return Optional.ofNullable(BOUNDS.get(type));
  }
}
