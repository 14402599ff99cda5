"""A GGUF file of a Llama with random weights: one layer, rows of 32 and 64, 8 tokens."""
import random
import struct

METADATA = {
    "general.architecture": "llama", "llama.embedding_length": 32, "llama.feed_forward_length": 64, "llama.block_count": 1,
    "llama.context_length": 64, "llama.attention.head_count": 2, "llama.attention.head_count_kv": 1,
    "llama.attention.layer_norm_rms_epsilon": 1e-5, "llama.rope.freq_base": 10_000.0,
    "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2",
    "tokenizer.ggml.tokens": ["a", "b", "c", "d", "ab", "Ġ", "Ġa", "<|end|>"], "tokenizer.ggml.token_type": [1] * 7 + [3],
    "tokenizer.ggml.merges": ["a b", "Ġ a"], "tokenizer.ggml.bos_token_id": 7, "tokenizer.ggml.eos_token_id": 7,
}
TENSORS = {
    "token_embd": (8, 32), "blk.0.attn_norm": (32,), "blk.0.attn_q": (32, 32), "blk.0.attn_k": (16, 32), "blk.0.attn_v": (16, 32),
    "blk.0.attn_output": (32, 32), "blk.0.ffn_norm": (32,), "blk.0.ffn_gate": (64, 32), "blk.0.ffn_up": (64, 32),
    "blk.0.ffn_down": (32, 64), "output_norm": (32,),
}
TYPES = {int: (4, "<I"), float: (6, "<f"), str: (8, None), list: (9, None)}


def write(path):
    header = b"GGUF" + struct.pack("<IQQ", 3, len(TENSORS), len(METADATA))
    for key, value in METADATA.items():
        header += text(key) + struct.pack("<I", TYPES[type(value)][0]) + entry(value)
    source, content = random.Random(5), b""
    for name, shape in TENSORS.items():
        header += text(f"{name}.weight") + struct.pack("<I", len(shape))
        header += b"".join(struct.pack("<Q", length) for length in reversed(shape))
        header += struct.pack("<IQ", 0, len(content))  # F32, and each is a multiple of 32 bytes long
        rows = shape[0] * (shape[1] if len(shape) > 1 else 1)
        content += struct.pack(f"<{rows}f", *(source.gauss(0, 0.25) for _ in range(rows)))
    path.write_bytes(header + bytes(-len(header) % 32) + content)


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def entry(value):
    if isinstance(value, list):
        return struct.pack("<IQ", TYPES[type(value[0])][0], len(value)) + b"".join(map(entry, value))
    return text(value) if isinstance(value, str) else struct.pack(TYPES[type(value)][1], value)
