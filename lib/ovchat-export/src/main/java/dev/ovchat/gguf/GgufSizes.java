package dev.ovchat.gguf;

import java.util.List;
import java.util.Optional;

/**
 * The sizes of a model, out of the metadata of its GGUF file. Their keys begin with the name of the
 * architecture: {@code llama.embedding_length}. Names here leave it out.
 */
final class GgufSizes {
  private static final int LARGEST_HEAD = 65_536;

  private final GgufMetadata metadata;
  private final GgufArchitecture architecture;

  GgufSizes(GgufMetadata metadata, GgufArchitecture architecture) {
    this.metadata = metadata;
    this.architecture = architecture;
  }

  /** The key of an entry of the architecture. */
  String key(String name) {
    return architecture.key() + "." + name;
  }

  /** A size that has to be there, from 1 on. */
  int required(String name) {
    return metadata.size(key(name));
  }

  /** Number of heads of the query. */
  int heads() {
    return ofEachLayer("attention.head_count");
  }

  /** Number of heads of key and value. */
  int keyValueHeads() {
    String name = "attention.head_count_kv";
    return metadata.has(key(name)) ? ofEachLayer(name) : heads();
  }

  /** A size that some architectures give for each layer; here all layers have to be equal. */
  int ofEachLayer(String name) {
    if (!(metadata.entries().get(key(name)) instanceof List<?>)) {
      return required(name);
    }
    List<Number> sizes = metadata.numbers(key(name)).orElseThrow();
    if (sizes.isEmpty() || sizes.stream().distinct().count() > 1 || sizes.get(0).longValue() < 1) {
      throw metadata.wrong(key(name), "the same number for all layers", sizes);
    }
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, sizes.get(0).longValue()));
  }

  /** Number of dimensions of a head. */
  int headSize() {
    Optional<Long> keys = metadata.integer(key("attention.key_length"));
    return keys.isPresent() ? givenHeadSize(keys.get()) : computedHeadSize();
  }

  private int givenHeadSize(long keys) {
    String ofValues = key("attention.value_length");
    long values = metadata.integer(ofValues).orElse(keys);
    if (keys != values) {
      throw metadata.wrong(ofValues, "attention.key_length, " + keys, values);
    }
    int size = required("attention.key_length");
    if (size > LARGEST_HEAD) {
      throw metadata.wrong(key("attention.key_length"), "a number from 1 to " + LARGEST_HEAD, size);
    }
    return size;
  }

  private int computedHeadSize() {
    int hidden = required("embedding_length");
    int heads = heads();
    if (hidden % heads != 0 || hidden / heads > LARGEST_HEAD) {
      throw metadata.wrong(
          key("attention.head_count"), "a divisor of embedding_length, " + hidden, heads);
    }
    return hidden / heads;
  }
}
