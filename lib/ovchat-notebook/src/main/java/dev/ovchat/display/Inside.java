package dev.ovchat.display;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a kernel's objects. Neither kernel has a door for what printed text goes through,
 * for what a stop does, or for the colours of an error: these are taken out of it and put into it.
 */
final class Inside {

  private Inside() {}

  /** The value of the field with this name. */
  static Object get(Object owner, String name) throws ReflectiveOperationException {
    return fields(owner, name).get(0).get(owner);
  }

  /** Gives all fields with this name, a class's own and those that it inherits, this value. */
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
