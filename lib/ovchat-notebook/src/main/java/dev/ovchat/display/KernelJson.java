package dev.ovchat.display;

import java.lang.reflect.Method;
import java.util.Map;

/**
 * JSON of a kernel's comms as text. JJava has its library of JSON, Gson, under a name of its own,
 * which is not that of its base in the package registry; so its classes are found by the methods
 * that take and return them.
 */
final class KernelJson {
  private final Class<?> object;
  private final Class<?> parser;

  private KernelJson(Class<?> object) throws ClassNotFoundException {
    this.object = object;
    this.parser =
        Class.forName(object.getPackageName() + ".JsonParser", true, object.getClassLoader());
  }

  /**
   * Finds the classes.
   *
   * @param command class of a comm's message, whose {@code getData} returns a JSON object
   */
  static KernelJson of(Class<?> command) {
    try {
      return new KernelJson(command.getMethod("getData").getReturnType());
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** The data of a message, as text. */
  String data(Object command) {
    try {
      return String.valueOf(command.getClass().getMethod("getData").invoke(command));
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** Adds a JSON object's entries to the data of a message. */
  void fill(Object command, String text) {
    try {
      Object data = command.getClass().getMethod("getData").invoke(command);
      Method add = object.getMethod("add", String.class, object.getSuperclass());
      for (Object entry : (Iterable<?>) object.getMethod("entrySet").invoke(parse(text))) {
        add.invoke(data, ((Map.Entry<?, ?>) entry).getKey(), ((Map.Entry<?, ?>) entry).getValue());
      }
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** Sends a JSON object by a comm. */
  void send(Object comm, String text) {
    try {
      comm.getClass().getMethod("send", object).invoke(comm, parse(text));
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** Parses by an instance, as Gson 2.8.5 has it, which is IJava's. */
  private Object parse(String text) throws ReflectiveOperationException {
    return parser
        .getMethod("parse", String.class)
        .invoke(parser.getConstructor().newInstance(), text);
  }

  private static IllegalStateException unknown(ReflectiveOperationException e) {
    return new IllegalStateException(
        "The kernel's comms are not those of a known version: " + e, e);
  }
}
