package dev.ovchat.schema;

import com.fasterxml.classmate.ResolvedType;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Types of which a schema is made: those that JSON is read into without further rules. */
final class KnownTypes {
  private static final Set<Class<?>> VALUES =
      Set.of(
          String.class,
          Boolean.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class);

  private static final Set<Class<?>> CONTAINERS = Set.of(List.class, Set.class, Collection.class);

  private KnownTypes() {}

  /**
   * Refuses other types.
   *
   * @throws SchemaException if the type, in itself, is not known
   */
  static void require(ResolvedType type) {
    Class<?> raw = type.getErasedType();
    boolean isKnown =
        type.isArray()
            ? raw != byte[].class // which would be a text in base64
            : VALUES.contains(boxed(raw))
                || CONTAINERS.contains(raw)
                || raw.isEnum()
                || raw.isRecord()
                || (raw == Map.class && hasTextsAsKeys(type));
    if (!isKnown) {
      throw new SchemaException(
          """
          There is no JSON schema of %s; a record's components may be texts, booleans, numbers, enums, records, lists, \
          sets and arrays of them, maps with texts as keys, and Optional. Take one of these, such as a String.\
          """
              .formatted(type.getBriefDescription()));
    }
  }

  private static boolean hasTextsAsKeys(ResolvedType map) {
    List<ResolvedType> parameters = map.typeParametersFor(Map.class);
    return !parameters.isEmpty() && parameters.get(0).getErasedType() == String.class;
  }

  /** The class of a primitive type's objects; other types as they are. */
  static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }
}
