package dev.ovchat.display;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * Access to private fields of a kernel's objects, by reflection. Neither kernel has an API to
 * replace the streams of printed text, the handling of the stop button, or the colours of errors.
 */
final class PrivateFields {

  private PrivateFields() {}

  /** The value of the field with this name. */
  static Object get(Object owner, String name) throws ReflectiveOperationException {
    return fields(owner, name).get(0).get(owner);
  }

  /** Sets all fields with this name, a class's own and inherited ones, to this value. */
  static void set(Object owner, String name, Object value) throws ReflectiveOperationException {
    for (Field field : fields(owner, name)) {
      field.set(owner, value);
    }
  }

  private static List<Field> fields(Object owner, String name) throws NoSuchFieldException {
    List<Field> found = new ArrayList<>();
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          found.add(field);
        }
      }
    }
    if (found.isEmpty()) {
      throw new NoSuchFieldException(owner.getClass().getName() + " has no field " + name);
    }
    return found;
  }
}
