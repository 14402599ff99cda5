package dev.ovchat.gguf;

import java.util.List;
import java.util.Random;

/** A Llama of random weights in a GGUF file: one layer, rows of 32 and 64, 8 tokens. */
public final class TinyGguf {
  private TinyGguf() {}

  /** A builder of the file, whose parts a test may change. */
  public static GgufBuilder llama() {
    Random random = new Random(5);
    GgufBuilder file = new GgufBuilder();
    file.with("general.architecture", "llama")
        .with("llama.embedding_length", 32)
        .with("llama.feed_forward_length", 64)
        .with("llama.block_count", 1)
        .with("llama.context_length", 64)
        .with("llama.attention.head_count", 2)
        .with("llama.attention.head_count_kv", 1)
        .with("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .with("llama.rope.freq_base", 10_000f)
        .with("tokenizer.ggml.model", "gpt2")
        .with("tokenizer.ggml.pre", "gpt-2")
        .with("tokenizer.ggml.tokens", List.of("a", "b", "c", "d", "ab", "Ġ", "Ġa", "<|end|>"))
        .with("tokenizer.ggml.token_type", List.of(1, 1, 1, 1, 1, 1, 1, 3))
        .with("tokenizer.ggml.merges", List.of("a b", "Ġ a"))
        .with("tokenizer.ggml.bos_token_id", 7)
        .with("tokenizer.ggml.eos_token_id", 7);
    add(file, random, "token_embd.weight", 8, 32);
    add(file, random, "blk.0.attn_norm.weight", 32);
    add(file, random, "blk.0.attn_q.weight", 32, 32);
    add(file, random, "blk.0.attn_k.weight", 16, 32);
    add(file, random, "blk.0.attn_v.weight", 16, 32);
    add(file, random, "blk.0.attn_output.weight", 32, 32);
    add(file, random, "blk.0.ffn_norm.weight", 32);
    add(file, random, "blk.0.ffn_gate.weight", 64, 32);
    add(file, random, "blk.0.ffn_up.weight", 64, 32);
    add(file, random, "blk.0.ffn_down.weight", 32, 64);
    add(file, random, "output_norm.weight", 32);
    return file;
  }

  private static void add(GgufBuilder file, Random random, String name, long... shape) {
    float[] values = new float[(int) (shape[0] * (shape.length > 1 ? shape[1] : 1))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 4;
    }
    file.floats(name, shape, values);
  }
}
