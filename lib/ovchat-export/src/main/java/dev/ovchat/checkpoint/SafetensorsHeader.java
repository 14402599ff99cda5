package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonRules;
import dev.ovchat.files.LimitedStream;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The header of a safetensors file, before the weights: 8 bytes with the length of the rest, and a
 * JSON object with the type, the shape and the offsets of each tensor.
 *
 * <p>The rules are those of HuggingFace's library: the header has at most 100,000,000 bytes, the
 * tensors lie side by side without holes, and the last one ends where the file does.
 *
 * @param start position of the weights in the file
 * @param entries the tensors, in the order of their offsets
 */
record SafetensorsHeader(long start, List<Entry> entries) {
  private static final long LONGEST = 100_000_000;
  private static final String METADATA = "__metadata__";

  /** A limit far above any real file (10,000). */
  private static final int MOST_ENTRIES = 200_000;

  /** The limit that torch has. */
  private static final int MOST_AXES = 64;

  /**
   * A tensor.
   *
   * @param type the type's name; not checked yet
   * @param begin its first byte, counted from the start of the weights
   * @param end the position after its last byte
   */
  record Entry(String name, String type, List<Long> shape, long begin, long end) {}

  /**
   * Reads the header.
   *
   * @param in the file, from its first byte
   * @param size the file's size in bytes
   * @throws UnusableFileException if the file is not a safetensors file, or its tensors do not fill
   *     it
   */
  static SafetensorsHeader read(Path file, InputStream in, long size) throws IOException {
    byte[] first = in.readNBytes(Long.BYTES);
    if (first.length < Long.BYTES) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT, "%s has %d bytes and is cut off%s", file, size, StrictJson.AGAIN));
    }
    long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > LONGEST) {
      throw ForeignFile.insteadOfSafetensors(file, first);
    }
    long start = Long.BYTES + length;
    if (start > size) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s is cut off: it has %d bytes, its header alone ends at %d%s",
              file,
              size,
              start,
              StrictJson.AGAIN));
    }
    List<Entry> entries =
        StrictJson.read(
            file, new LimitedStream(in, length), JsonRules.SERDE, SafetensorsHeader::entries);
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    requireFilled(file, entries, size - start);
    return new SafetensorsHeader(start, List.copyOf(entries));
  }

  private static List<Entry> entries(StrictJson json) throws IOException {
    json.object(() -> "the header");
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      if (!names.add(name)) {
        throw json.broken("its header names %s twice".formatted(Excerpt.of(name)));
      }
      if (names.size() > MOST_ENTRIES) {
        throw json.broken(
            String.format(Locale.ROOT, "its header names more than %d tensors", MOST_ENTRIES));
      }
      if (name.equals(METADATA)) {
        json.skipTexts(() -> METADATA);
      } else {
        entries.add(entry(name, json));
      }
    }
    return entries;
  }

  private static Entry entry(String name, StrictJson json) throws IOException {
    Supplier<String> tensor = () -> "the tensor " + Excerpt.of(name);
    json.object(tensor);
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    for (String next = json.nextField(); next != null; next = json.nextField()) {
      String field = next;
      Supplier<String> what = () -> "%s of %s".formatted(field, tensor.get());
      if (field.equals("dtype") && type == null) {
        type = json.text(what);
      } else if (field.equals("shape") && shape == null) {
        shape = json.counts(what, MOST_AXES);
      } else if (field.equals("data_offsets") && offsets == null) {
        offsets = json.counts(what, 2);
      } else if (Set.of("dtype", "shape", "data_offsets").contains(field)) {
        throw json.broken(what.get() + " is there twice");
      } else {
        json.skip();
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw json.broken(tensor.get() + " lacks its dtype, its shape or its two data_offsets");
    }
    return new Entry(name, type, List.copyOf(shape), offsets.get(0), offsets.get(1));
  }

  /**
   * Checks that the tensors fill the file without holes or overlaps. Otherwise a tensor could be
   * read from another one's bytes, or from bytes that are not weights.
   */
  private static void requireFilled(Path file, List<Entry> entries, long size) {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin() != end || entry.end() < entry.begin()) {
        throw new UnusableFileException(
            String.format(
                Locale.ROOT,
                "%s: the tensor %s lies at %d to %d, but has to begin at %d, where the one before"
                    + " ends%s",
                file,
                Excerpt.of(entry.name()),
                entry.begin(),
                entry.end(),
                end,
                StrictJson.AGAIN));
      }
      end = entry.end();
    }
    if (end != size) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: its tensors have %d bytes, but %d bytes follow its header; it is cut off, being"
                  + " written, or damaged%s",
              file,
              end,
              size,
              StrictJson.AGAIN));
    }
  }
}
