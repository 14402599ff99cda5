"""GGUF files of the checkpoints whose exports are compared, made by the gguf package as llama.cpp's converter makes them."""
import json
import pathlib

import gguf
import numpy

from checkpoints import directory
from folders import made_once
from weights import as_floats, CHECKPOINT_TYPES

# Formats that the gguf package cannot quantize to, so that their blocks are random: the positions of the f16 scales in a
# block, and a usual scale.
RANDOM = {
    "Q2_K": ([80, 82], 0.002), "Q3_K": ([108], 0.0005), "Q4_K": ([0, 2], 0.0002), "Q5_K": ([0, 2], 0.0001),
    "Q6_K": ([208], 0.00003), "IQ4_NL": ([0], 0.001),
}
MODULES = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.qkv_proj": "attn_qkv", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.gate_up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "self_attn.query_layernorm": "attn_q_norm", "self_attn.key_layernorm": "attn_k_norm",
    "pre_feedforward_layernorm": "ffn_norm", "post_feedforward_layernorm": "post_ffw_norm",
}
ARCHITECTURES = {"mistral": "llama", "gemma3_text": "gemma3", "hunyuan_v1_dense": "hunyuan-dense"}
ALTERNATING = ("llama", "smollm3", "granite", "minicpm")  # the rows of query and key
NORMS_AFTER = ("olmo2", "exaone4", "gemma2", "gemma3")
OUTER = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}


def file(checkpoint, kind):
    """The GGUF file of a checkpoint, with matrices of this format and vectors in F32."""
    source = directory(checkpoint)
    folder = made_once("gguf", f"{checkpoint}-{kind}", [source, pathlib.Path(__file__)],
                       lambda folder: write(source, kind, folder / "model.gguf"))
    return folder / "model.gguf"


def in_f32(source):
    """The same model with all of its weights in f32: llama.cpp then computes in full precision."""
    folder = made_once("gguf", f"{source.parent.name}-{source.stem}-f32", [source, pathlib.Path(__file__)],
                       lambda folder: write_in_f32(source, folder / "model.gguf"))
    return folder / "model.gguf"


def write_in_f32(source, path):
    """Copies a file; its tensors become f32."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(path, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name != "general.architecture":
            writer.add_key_value(name, field.contents(), field.types[0], field.types[-1] if len(field.types) > 1 else None)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, gguf.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write(source, kind, path):
    """Writes a checkpoint as a GGUF file; the rows of a Llama's query and key alternate between a head's two halves."""
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    architecture = ARCHITECTURES.get(config["model_type"], config["model_type"])
    writer = gguf.GGUFWriter(path, architecture)
    add_config(writer, config)
    add_tokenizer(writer, json.loads((source / "tokenizer.json").read_text(encoding="utf-8")), config)
    random = numpy.random.default_rng(16)
    for name, tensor in tensors(source):
        if architecture in ALTERNATING and name.split(".")[-2] in ("q_proj", "k_proj"):
            heads = config["num_attention_heads" if "q_proj" in name else "num_key_value_heads"]
            tensor = tensor.reshape(heads, 2, -1, *tensor.shape[1:]).swapaxes(1, 2).reshape(tensor.shape)
        if architecture.startswith("gemma") and name.endswith("norm.weight"):
            tensor = tensor + 1
        add(writer, gguf_name(name, architecture), tensor, kind if tensor.ndim > 1 else "F32", random)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_config(writer, config):
    heads = config["num_attention_heads"]
    size = config.get("head_dim") or config["hidden_size"] // heads
    writer.add_name("a model of random weights")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(size)
    writer.add_value_length(size)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(size)
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    base = config.get("rope_theta") or rope.get("rope_theta", 10000.0)
    writer.add_rope_freq_base(base * rope.get("alpha", 1) ** (size / (size - 2)))
    if rope.get("rope_type", rope.get("type")) == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    add_factors(writer, config)
    if config["model_type"] == "phi3" and config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
        writer.add_rope_scaling_orig_ctx_len(config["max_position_embeddings"])
    writer.add_vocab_size(config["vocab_size"])


def add_factors(writer, config):
    kind = config["model_type"]
    if kind == "granite":
        writer.add_embedding_scale(config["embedding_multiplier"])
        writer.add_residual_scale(config["residual_multiplier"])
        writer.add_attention_scale(config["attention_multiplier"])
        writer.add_logit_scale(config["logits_scaling"])
    if kind == "minicpm":
        writer.add_embedding_scale(config["scale_emb"])
        writer.add_residual_scale(config["scale_depth"] / config["num_hidden_layers"] ** 0.5)
        writer.add_logit_scale(config["hidden_size"] / config["dim_model_base"])
    if kind in ("gemma2", "gemma3_text"):
        writer.add_sliding_window(config["sliding_window"])
    if kind == "gemma2":
        writer.add_attn_logit_softcapping(config["attn_logit_softcapping"])
        writer.add_final_logit_softcapping(config["final_logit_softcapping"])


def add_tokenizer(writer, tokenizer, config):
    """SentencePiece's: a score says when the merge to a piece comes."""
    pieces = [f"<unused{number}>" for number in range(config["vocab_size"])]
    for piece, number in tokenizer["model"]["vocab"].items():
        pieces[number] = piece
    for token in tokenizer["added_tokens"]:
        pieces[token["id"]] = token["content"]
    special = {token["id"]: 3 if token["special"] else 4 for token in tokenizer["added_tokens"]}
    merged = {}
    for rank, merge in enumerate(tokenizer["model"]["merges"]):
        merged.setdefault("".join(merge if isinstance(merge, list) else merge.split(" ")), -float(rank))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores([merged.get(piece, -1e6) for piece in pieces])
    writer.add_token_types([special.get(number, 6 if piece.startswith("<0x") else 1) for number, piece in enumerate(pieces)])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"] if isinstance(config["eos_token_id"], int) else config["eos_token_id"][0])
    writer.add_pad_token_id(config.get("pad_token_id") or 0)
    writer.add_add_bos_token(False)


def tensors(source):
    for path in sorted(source.glob("*.safetensors")):
        data = path.read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        for name, tensor in header.items():
            first, last = tensor["data_offsets"]
            floats = as_floats(data[start + first:start + last], CHECKPOINT_TYPES[tensor["dtype"]])
            yield name, floats.reshape(tensor["shape"])


def gguf_name(name, architecture):
    *module, end = name.split(".")
    if architecture in NORMS_AFTER and module[-1] == "post_attention_layernorm":
        return ".".join(["blk", module[2], "post_attention_norm", end])
    if "layers" in module:
        return ".".join(["blk", module[2], MODULES[".".join(module[3:])], end])
    return f"{OUTER['.'.join(module)]}.{end}"


def add(writer, name, tensor, kind, random):
    number = gguf.GGMLQuantizationType[kind]
    if kind == "F32":
        writer.add_tensor(name, tensor.astype(numpy.float32))
    elif kind == "F16":
        writer.add_tensor(name, tensor.astype(numpy.float16))
    elif kind in RANDOM:
        writer.add_tensor(name, random_blocks(number, tensor.shape, *RANDOM[kind], random), raw_dtype=number)
    else:
        writer.add_tensor(name, gguf.quants.quantize(tensor.astype(numpy.float32), number), raw_dtype=number)


def random_blocks(number, shape, positions, scale, random):
    weights, size = gguf.GGML_QUANT_SIZES[number]
    blocks = random.integers(0, 256, (shape[0] * shape[1] // weights, size), dtype=numpy.uint8)
    for at in positions:
        scales = (scale * numpy.exp(random.normal(size=len(blocks)) / 2)).astype(numpy.float16)
        blocks[:, at:at + 2] = scales[:, None].view(numpy.uint8)
    return blocks.reshape(shape[0], -1)
