package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata entries of a GGUF file, as {@link GgufMetadata} holds them: whole numbers of every
 * size become {@code Long}; those of 64 bits without a sign are negative from 2⁶³ on.
 */
final class GgufEntries {
  private static final int U8 = 0;
  private static final int I8 = 1;
  private static final int U16 = 2;
  private static final int I16 = 3;
  private static final int U32 = 4;
  private static final int I32 = 5;
  private static final int F32 = 6;
  private static final int BOOL = 7;
  private static final int TEXT = 8;
  private static final int ARRAY = 9;
  private static final int U64 = 10;
  private static final int I64 = 11;
  private static final int F64 = 12;

  private static final int MOST_ELEMENTS = 4_000_000;

  private GgufEntries() {}

  /**
   * Reads the entries, by their keys.
   *
   * @throws dev.ovchat.files.UnusableFileException if one is there twice, or is damaged
   */
  static Map<String, Object> read(GgufInput input, int count) throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long at = input.position();
      String key = input.text("the key of metadata entry " + i);
      if (entries.containsKey(key)) {
        throw input.broken("the metadata entry %s is there twice".formatted(Excerpt.of(key)), at);
      }
      entries.put(key, value(input, input.u32(), Excerpt.of(key)));
    }
    return Collections.unmodifiableMap(entries);
  }

  private static Object value(GgufInput input, int type, String key) throws IOException {
    return type == ARRAY ? array(input, key) : scalar(input, type, key);
  }

  private static Object scalar(GgufInput input, int type, String key) throws IOException {
    long at = input.position();
    return switch (type) {
      case U8 -> input.number(1);
      case I8 -> (long) (byte) input.number(1);
      case U16 -> input.number(2);
      case I16 -> (long) (short) input.number(2);
      case U32 -> input.number(4);
      case I32 -> (long) (int) input.number(4);
      case F32 -> Float.intBitsToFloat(input.u32());
      case BOOL -> input.number(1) != 0;
      case TEXT -> input.text(key);
      case U64, I64 -> input.number(8);
      case F64 -> Double.longBitsToDouble(input.number(8));
      default ->
          throw input.broken(
              "the metadata entry %s has the type %s, which there is not"
                  .formatted(key, Integer.toUnsignedString(type)),
              at);
    };
  }

  private static List<Object> array(GgufInput input, String key) throws IOException {
    long at = input.position();
    int type = input.u32();
    if (type == ARRAY) {
      throw input.broken("the metadata entry %s holds lists of lists".formatted(key), at);
    }
    int count = input.count("the length of " + key, leastBytes(type), MOST_ELEMENTS);
    List<Object> values = new ArrayList<>(Math.min(count, 1 << 20));
    for (int i = 0; i < count; i++) {
      values.add(scalar(input, type, key));
    }
    return Collections.unmodifiableList(values);
  }

  private static int leastBytes(int type) {
    return switch (type) {
      case U16, I16 -> 2;
      case U32, I32, F32 -> 4;
      case TEXT, U64, I64, F64 -> 8;
      default -> 1;
    };
  }
}
