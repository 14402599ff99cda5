package dev.ovchat.openvino;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.openvino.ov_model_t;

/**
 * Attention over a KV cache that lies in blocks, wherever there is room for one.
 *
 * <p>OpenVINO turns the attention of a causal language model into it. The tokens of all sequences
 * are read in one row, without padding, and these inputs take the place of {@code attention_mask}
 * and {@code beam_idx}:
 *
 * <table>
 *   <caption>Inputs of a model with paged attention</caption>
 *   <tr><td>{@code input_ids}, {@code position_ids}</td><td>i64 [tokens], sequence after sequence</td></tr>
 *   <tr><td>{@code subsequence_begins}</td><td>i32 [sequences + 1], where each one's tokens begin, and their end</td></tr>
 *   <tr><td>{@code past_lens}</td><td>i32 [sequences], tokens that each has in the cache</td></tr>
 *   <tr><td>{@code block_indices}</td><td>i32 [blocks], the blocks of each, in its order</td></tr>
 *   <tr><td>{@code block_indices_begins}</td><td>i32 [sequences + 1], where each one's blocks begin, and their end</td></tr>
 *   <tr><td>{@code max_context_len}</td><td>i32, tokens of the longest sequence, new ones included</td></tr>
 *   <tr><td>{@code key_cache.0}, {@code value_cache.0}, …</td><td>the cache, see {@link CacheBlocks}</td></tr>
 * </table>
 */
public final class PagedAttention {
  /** Input that a model has with paged attention alone. */
  public static final String BLOCK_INDICES = "block_indices";

  private PagedAttention() {}

  /**
   * Refuses what cannot have it.
   *
   * @throws OpenVinoException if the device does not have it, or this jar was built without it
   */
  static void require(Device device) {
    if (!device.name().equals("CPU")) {
      throw new OpenVinoException(
          "Paged attention is there on the device CPU alone, and not on %s. Load the model without it."
              .formatted(device));
    }
    OpenVino.core(); // loads the libraries that it needs
    try {
      Class.forName(org.bytedeco.openvino.paged.PagedAttention.class.getName());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new OpenVinoException(
          """
          ovchat was built without paged attention, which takes a C++ compiler with libstdc++. \
          Load the model without it, or on Linux install g++ and build ovchat anew; for macOS and \
          Windows it cannot be built.""",
          e);
    }
  }

  /**
   * Turns a graph's attention into it, in place.
   *
   * @throws OpenVinoException if OpenVINO cannot
   */
  static void apply(ov_model_t model) {
    BytePointer reason =
        org.bytedeco.openvino.paged.PagedAttention.ov_model_use_paged_attention(model);
    if (reason != null) {
      throw new OpenVinoException(
          "The model's attention cannot be paged: " + reason.getString().strip());
    }
  }
}
