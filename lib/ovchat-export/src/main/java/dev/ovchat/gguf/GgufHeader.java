package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The header of a GGUF file, in front of the weights: metadata, and the name, shape, type and
 * offset of each tensor.
 *
 * <pre>
 *   "GGUF"  version u32  tensors u64  entries u64
 *   entries:  key text, type u32, value        a text is a length u64 and UTF-8
 *   tensors:  name text, axes u32, lengths u64 (last axis first), type u32, offset u64
 *   padding up to general.alignment, from where the offsets count
 * </pre>
 *
 * @param metadata the entries
 * @param tensors the tensors, in the order of the file
 * @param start position of the weights in the file, in bytes
 */
record GgufHeader(GgufMetadata metadata, List<Entry> tensors, long start) {
  private static final int MAGIC = 0x46554747;
  private static final int ENDING_BIG = 0x03000000;
  private static final int MOST_ENTRIES = 100_000;
  private static final int MOST_TENSORS = 200_000;
  private static final int MOST_AXES = 4;
  private static final int MOST_ELEMENTS = 4_000_000;
  private static final int ARRAY = 9;

  /**
   * A tensor.
   *
   * @param name the name in the file, for instance {@code blk.0.attn_q.weight}
   * @param type ggml's number of the type
   * @param shape lengths of the axes, as transformers has them: the last one fastest
   * @param offset its first byte, counted from the start of the weights
   */
  record Entry(String name, int type, List<Long> shape, long offset) {}

  GgufHeader {
    tensors = List.copyOf(tensors);
  }

  /**
   * Reads the header.
   *
   * @param size the file's size in bytes
   * @throws UnusableFileException if it is not a GGUF file of version 2 or 3, or is damaged
   */
  static GgufHeader read(Path path, InputStream in, long size) throws IOException {
    GgufInput input = new GgufInput(path, size, in);
    requireMagic(path, input, size);
    int tensorCount = input.count("the number of tensors", 24, MOST_TENSORS);
    int entryCount = input.count("the number of metadata entries", 13, MOST_ENTRIES);
    GgufMetadata metadata = new GgufMetadata(path, entries(input, entryCount));
    List<Entry> tensors = tensors(input, tensorCount);
    long alignment = metadata.alignment();
    long start = (input.position() + alignment - 1) / alignment * alignment;
    return new GgufHeader(metadata, tensors, start);
  }

  private static void requireMagic(Path path, GgufInput input, long size) throws IOException {
    if (size < 4 || input.u32() != MAGIC) {
      throw new UnusableFileException(
          path
              + " is no GGUF file: it does not begin with GGUF. Give the path of one, or of the directory of a checkpoint.");
    }
    int version = input.u32();
    if (version == ENDING_BIG || version == 0x02000000) {
      throw new UnusableFileException(
          path
              + " is a GGUF file for big-endian machines; take the usual one, which is little-endian.");
    }
    if (version != 2 && version != 3) {
      throw new UnusableFileException(
          "%s is a GGUF file of version %s; versions 2 and 3 are known. Take a file that a current llama.cpp has made."
              .formatted(path, Integer.toUnsignedString(version)));
    }
  }

  private static Map<String, Object> entries(GgufInput input, int count) throws IOException {
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
      case 0 -> input.number(1);
      case 1 -> (long) (byte) input.number(1);
      case 2 -> input.number(2);
      case 3 -> (long) (short) input.number(2);
      case 4 -> input.number(4);
      case 5 -> (long) (int) input.number(4);
      case 6 -> Float.intBitsToFloat(input.u32());
      case 7 -> input.number(1) != 0;
      case 8 -> input.text(key);
      case 10, 11 -> input.number(8);
      case 12 -> Double.longBitsToDouble(input.number(8));
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
      case 2, 3 -> 2;
      case 4, 5, 6 -> 4;
      case 8, 10, 11, 12 -> 8;
      default -> 1;
    };
  }

  private static List<Entry> tensors(GgufInput input, int count) throws IOException {
    List<Entry> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      long at = input.position();
      String name = input.text("the name of tensor " + i);
      if (!names.add(name)) {
        throw input.broken("the tensor %s is there twice".formatted(Excerpt.of(name)), at);
      }
      int axes = input.u32();
      if (axes < 0 || axes > MOST_AXES) {
        throw input.broken(
            String.format(
                Locale.ROOT,
                "the tensor %s has %s axes; at most %d are known",
                Excerpt.of(name),
                Integer.toUnsignedString(axes),
                MOST_AXES),
            at);
      }
      List<Long> shape = new ArrayList<>();
      for (int axis = 0; axis < axes; axis++) {
        shape.add(0, input.number(8));
      }
      tensors.add(new Entry(name, input.u32(), List.copyOf(shape), input.number(8)));
    }
    return tensors;
  }
}
