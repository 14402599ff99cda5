package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
record GgufHeader(GgufMetadata metadata, List<TensorInfo> tensors, long start) {
  /** "GGUF", little-endian. */
  private static final int MAGIC = 0x46554747;

  /** Least size of an entry, in bytes: an empty key, a type, a value of one byte. */
  private static final int LEAST_ENTRY = 13;

  /** Least size of a tensor's description, in bytes: an empty name, no axes, a type, an offset. */
  private static final int LEAST_TENSOR = 24;

  private static final int MOST_ENTRIES = 100_000;
  private static final int MOST_TENSORS = 200_000;
  private static final int MOST_AXES = 4;

  /**
   * Description of a tensor.
   *
   * @param name the name in the file, for instance {@code blk.0.attn_q.weight}
   * @param type ggml's number of the type
   * @param shape lengths of the axes, as transformers has them: the last one fastest
   * @param offset its first byte, counted from the start of the weights
   */
  record TensorInfo(String name, int type, List<Long> shape, long offset) {}

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
    int tensorCount = input.count("the number of tensors", LEAST_TENSOR, MOST_TENSORS);
    int entryCount = input.count("the number of metadata entries", LEAST_ENTRY, MOST_ENTRIES);
    GgufMetadata metadata = new GgufMetadata(path, GgufEntries.read(input, entryCount));
    List<TensorInfo> tensors = tensors(input, tensorCount);
    long alignment = metadata.alignment();
    long start = (input.position() + alignment - 1) / alignment * alignment;
    return new GgufHeader(metadata, tensors, start);
  }

  private static void requireMagic(Path path, GgufInput input, long size) throws IOException {
    if (size < 4 || input.u32() != MAGIC) {
      throw new UnusableFileException(
          path
              + " is no GGUF file: it does not begin with GGUF; give the path of one, or of the directory of a checkpoint.");
    }
    int version = input.u32();
    if (isKnown(Integer.reverseBytes(version))) {
      throw new UnusableFileException(
          path
              + " is a GGUF file for big-endian machines; take the usual one, which is little-endian.");
    }
    if (!isKnown(version)) {
      throw new UnusableFileException(
          "%s is a GGUF file of version %s; versions 2 and 3 are known, so take a file that a current llama.cpp has made."
              .formatted(path, Integer.toUnsignedString(version)));
    }
  }

  private static boolean isKnown(int version) {
    return version == 2 || version == 3;
  }

  private static List<TensorInfo> tensors(GgufInput input, int count) throws IOException {
    List<TensorInfo> tensors = new ArrayList<>();
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
      tensors.add(new TensorInfo(name, input.u32(), List.copyOf(shape), input.number(8)));
    }
    return tensors;
  }
}
