package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.util.Locale;

/**
 * Sizes of a decoder on which more than one of its parts depends.
 *
 * @param hidden dimensions of the hidden state of a token
 * @param layers number of layers
 * @param heads query heads per layer
 * @param keyValueHeads key and value heads per layer
 * @param headDim dimensions per head
 */
record DecoderSizes(int hidden, int layers, int heads, int keyValueHeads, int headDim) {
  /** A limit far above any real model (200). */
  private static final int MOST_LAYERS = 10_000;

  /** A limit far above any real model (256). */
  private static final int LARGEST_HEAD = 65_536;

  /**
   * Reads the sizes.
   *
   * @throws UnusableFileException if one is missing, or they do not fit each other
   */
  static DecoderSizes read(JsonFile json, Architecture architecture) {
    int heads = json.size("num_attention_heads");
    int hidden = json.size("hidden_size");
    return new DecoderSizes(
        hidden,
        sizeUpTo(json, "num_hidden_layers", MOST_LAYERS),
        heads,
        keyValueHeads(json, architecture, heads),
        headDim(json, architecture, hidden, heads));
  }

  /**
   * Reads a size with a limit: lists of this size are made before the weights show whether it is
   * right.
   */
  private static int sizeUpTo(JsonFile json, String field, int most) {
    int size = json.size(field);
    if (size > most) {
      throw json.wrong(field, "a number from 1 to " + most, json.root().path(field));
    }
    return size;
  }

  /** The number of key and value heads: that of the query heads where the field is null. */
  private static int keyValueHeads(JsonFile json, Architecture architecture, int heads) {
    String field = "num_key_value_heads";
    int otherwise = json.root().has(field) ? heads : architecture.defaultKeyValueHeads(heads);
    int keyValueHeads = json.value(field).isPresent() ? json.size(field) : otherwise;
    if (heads % keyValueHeads != 0) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: num_attention_heads, %d, is no multiple of num_key_value_heads, %d.",
              json.path(),
              heads,
              keyValueHeads));
    }
    return keyValueHeads;
  }

  private static int headDim(JsonFile json, Architecture architecture, int hidden, int heads) {
    if (json.value("head_dim").isPresent()) {
      return sizeUpTo(json, "head_dim", LARGEST_HEAD);
    }
    if (architecture.defaultHeadDim().isPresent()) {
      return architecture.defaultHeadDim().get();
    }
    if (hidden % heads != 0) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: hidden_size, %d, is no multiple of num_attention_heads, %d.",
              json.path(),
              hidden,
              heads));
    }
    return hidden / heads;
  }
}
