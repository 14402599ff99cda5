"""The checkpoints whose exports are compared: the demo model's, and small random ones of every architecture and shape.

Their weights are random, but not alike: rows and tensors differ in scale, norms and biases are there to be seen, so that
the choice of precisions is not trivial and the logits are lively. Half of them have a config.json as the hub has it, with
rope_theta, rope_scaling and torch_dtype, the other half as transformers writes it today.
"""
import json
import pathlib
import shutil

import torch
from transformers import (
    AutoModelForCausalLM, Exaone4Config, Gemma2Config, Gemma3TextConfig, GptOssConfig, GraniteConfig, GraniteMoeConfig,
    HunYuanDenseV1Config, LlamaConfig, Ministral3Config, MinistralConfig, MistralConfig, Olmo2Config, Phi3Config, Qwen2Config,
    Qwen3Config, Qwen3MoeConfig, SmolLM3Config)

from folders import made_once

DEMO = pathlib.Path(__file__).resolve().parents[2] / "environment/demo-model/checkpoint"
BASE = {
    "vocab_size": 1984, "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "bos_token_id": 1, "eos_token_id": 1973, "pad_token_id": 1973, "max_position_embeddings": 4096,
}
# Small enough that the prompts go past them.
ORIGINAL_LENGTH, WINDOW = 64, 48
LONGROPE = {
    "type": "longrope", "short_factor": [1 + 0.01 * step for step in range(32)],
    "long_factor": [1 + 0.3 * step for step in range(32)],
}
LLAMA3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": ORIGINAL_LENGTH,
}
YARN = {"type": "yarn", "factor": 8.0, "original_max_position_embeddings": ORIGINAL_LENGTH}
EXPERTS = {"num_local_experts": 8, "num_experts_per_tok": 2}
MINISTRAL3 = {
    "rope_type": "yarn", "rope_theta": 1e6, "factor": 64.0, "original_max_position_embeddings": ORIGINAL_LENGTH, "mscale": 1.0,
    "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.1,
}
# name: kind of config, its values, how it is saved
RECIPES = {
    "phi3": (Phi3Config, {"sliding_window": WINDOW, "intermediate_size": 640}, {"old": True}),
    "phi3-128k": (Phi3Config, {
        "max_position_embeddings": 131072, "original_max_position_embeddings": ORIGINAL_LENGTH, "sliding_window": None,
        "rope_scaling": LONGROPE, "num_key_value_heads": 4}, {"old": True}),
    "phi3-128k-new": (Phi3Config, {
        "max_position_embeddings": 131072, "original_max_position_embeddings": ORIGINAL_LENGTH, "sliding_window": 262144,
        "rope_scaling": LONGROPE, "num_hidden_layers": 2}, {}),
    "llama2": (LlamaConfig, {
        "num_key_value_heads": 4, "intermediate_size": 768, "num_hidden_layers": 4, "rms_norm_eps": 1e-5}, {"old": True}),
    "llama3": (LlamaConfig, {
        "tie_word_embeddings": True, "rope_theta": 500000.0, "rope_scaling": LLAMA3, "hidden_size": 384,
        "num_attention_heads": 6, "intermediate_size": 640}, {"old": True}),
    "llama-linear": (LlamaConfig, {
        "rope_scaling": {"type": "linear", "factor": 4.0}, "num_hidden_layers": 2, "attention_bias": True,
        "mlp_bias": True}, {"old": True}),
    "llama-yarn": (LlamaConfig, {"rope_scaling": YARN, "hidden_size": 512, "num_hidden_layers": 2}, {}),
    "llama-f32": (LlamaConfig, {"intermediate_size": 1024, "num_key_value_heads": 1}, {"type": torch.float32}),
    "llama-uneven": (LlamaConfig, {"hidden_size": 320, "head_dim": 72, "intermediate_size": 592}, {}),
    "mistral": (MistralConfig, {"sliding_window": WINDOW, "head_dim": 32, "intermediate_size": 896}, {"old": True}),
    "mistral-full": (MistralConfig, {"sliding_window": None, "rope_theta": 1e6, "num_hidden_layers": 4}, {}),
    "qwen2": (Qwen2Config, {"tie_word_embeddings": True, "hidden_size": 384, "num_attention_heads": 6}, {}),
    "qwen2-sharded": (Qwen2Config, {"num_hidden_layers": 4, "intermediate_size": 768, "rope_theta": 1e6}, {
        "old": True, "type": torch.float16, "shard": "1MB"}),
    "qwen3": (Qwen3Config, {"tie_word_embeddings": True, "head_dim": 128, "rope_theta": 1e6}, {"old": True}),
    "qwen3-window": (Qwen3Config, {
        "head_dim": 32, "use_sliding_window": True, "sliding_window": WINDOW, "max_window_layers": 1,
        "attention_bias": True}, {}),
    "qwen3-moe": (Qwen3MoeConfig, {
        **EXPERTS, "head_dim": 64, "moe_intermediate_size": 128, "norm_topk_prob": True, "rope_theta": 1e6}, {"old": True}),
    "phi4-mini": (Phi3Config, {
        "max_position_embeddings": 131072, "original_max_position_embeddings": ORIGINAL_LENGTH, "sliding_window": 262144,
        "rope_scaling": {**LONGROPE, "short_factor": LONGROPE["short_factor"][:24], "long_factor": LONGROPE["long_factor"][:24]},
        "partial_rotary_factor": 0.75, "tie_word_embeddings": True, "num_hidden_layers": 2}, {}),
    "smollm3": (SmolLM3Config, {"num_hidden_layers": 4}, {"old": True}),
    "granite": (GraniteConfig, {
        "embedding_multiplier": 12.0, "attention_multiplier": 0.0156, "residual_multiplier": 0.22, "logits_scaling": 8.0,
        "tie_word_embeddings": True, "rope_theta": 1e7}, {"old": True}),
    "granite-moe": (GraniteMoeConfig, {
        **EXPERTS, "embedding_multiplier": 12.0, "attention_multiplier": 0.0156, "residual_multiplier": 0.22,
        "logits_scaling": 6.0, "intermediate_size": 256, "tie_word_embeddings": True}, {"old": True}),
    "gpt-oss": (GptOssConfig, {**EXPERTS, "head_dim": 64, "sliding_window": WINDOW}, {}),
    "olmo2": (Olmo2Config, {"rope_theta": 500000.0}, {"old": True}),
    "hunyuan": (HunYuanDenseV1Config, {
        "head_dim": 64, "tie_word_embeddings": True,
        "rope_scaling": {"rope_type": "dynamic", "factor": 1.0, "alpha": 1000.0}}, {"old": True}),
    "ministral": (MinistralConfig, {
        "head_dim": 32, "sliding_window": WINDOW, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}, {}),
    "ministral3": (Ministral3Config, {"head_dim": 64, "rope_parameters": MINISTRAL3}, {}),
    "gemma2": (Gemma2Config, {"head_dim": 32, "sliding_window": WINDOW, "query_pre_attn_scalar": 32}, {"old": True}),
    "gemma3": (Gemma3TextConfig, {
        "head_dim": 32, "sliding_window": WINDOW, "sliding_window_pattern": 6, "num_hidden_layers": 6, "hidden_size": 128,
        "query_pre_attn_scalar": 32, "rope_scaling": {"rope_type": "linear", "factor": 8.0}}, {"old": True}),
    "exaone4": (Exaone4Config, {"sliding_window": WINDOW, "sliding_window_pattern": 3, "rope_theta": 1e6}, {"old": True}),
    "exaone4-full": (Exaone4Config, {
        "sliding_window": None, "layer_types": ["full_attention"] * 3, "tie_word_embeddings": True, "rope_theta": 1e6}, {}),
}
# Those that the documented command exports with other versions of transformers alone, or not at all; of Granite with
# experts it exports each expert as layers of its own, all of which are computed for every token.
OURS_ALONE = ("granite-moe", "ministral", "ministral3", "gemma2", "gemma3", "exaone4", "exaone4-full")
# Rows of 320, 288 and 592 weights: groups of 64 divide the first, of 32 the second, of no size from 32 on the third.
UNEVEN = "llama-uneven"


def directory(name):
    """Where the checkpoint lies; a random one is made if it is not there yet."""
    if name == "demo":
        return DEMO
    return made_once("checkpoints", name, [pathlib.Path(__file__)], lambda folder: make(name, folder))


def make(name, folder):
    kind, values, how = RECIPES[name]
    # Random numbers of its own, so that another recipe changes nothing here.
    generator = torch.Generator().manual_seed(sum(name.encode()))
    model = AutoModelForCausalLM.from_config(kind(**{**BASE, **values}), dtype=torch.float32)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            parameter.copy_(weights(parameter_name, parameter.shape, generator))
    model.to(how.get("type", torch.bfloat16)).save_pretrained(folder, max_shard_size=how.get("shard", "5GB"))
    if how.get("old"):
        logits = read_logits(folder)
        as_on_the_hub(folder / "config.json")
        if not torch.equal(logits, read_logits(folder)):
            raise SystemExit(f"transformers reads another model from {name}'s old config than from the new one.")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(DEMO / file, folder)


def weights(name, shape, generator):
    normal = torch.randn(shape, generator=generator)
    if name.endswith("bias"):
        return normal * 0.1
    if name.endswith("sinks"):
        return normal
    if "norm" in name:
        return normal * 0.2 + 1
    rows = torch.randn((*shape[:-1], 1), generator=generator) * 0.5
    tensor = torch.randn((), generator=generator) * 0.3
    return normal * 0.06 * torch.exp(rows + tensor)


def as_on_the_hub(path):
    """Rewrite a config.json with the fields of transformers 4, under which the models on the hub were saved."""
    config = json.loads(path.read_text(encoding="utf-8"))
    rope = config.pop("rope_parameters")
    if "full_attention" in rope:  # Gemma 3 has two
        config["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        rope = rope["full_attention"]
    config["rope_theta"] = rope.pop("rope_theta")
    rope.pop("partial_rotary_factor", None)
    scaled = rope["rope_type"] != "default"
    if scaled and rope["rope_type"] != "llama3" and config["model_type"] != "gemma3_text":
        rope["type"] = rope.pop("rope_type")
    config["rope_scaling"] = rope if scaled else None
    config["torch_dtype"] = config.pop("dtype")
    config.pop("layer_types", None)
    if config["model_type"] == "qwen2":
        config["sliding_window"] = 32768 # which counts for nothing as long as use_sliding_window is false
    if config["model_type"] == "qwen3_moe":
        config["num_experts"] = config.pop("num_local_experts")
    if config["model_type"] in ("llama", "qwen2"):
        config.pop("head_dim", None)
    write(path, config)


def as_minicpm(path):
    """Rewrite the config.json of a Granite as MiniCPM's code has it, where it is the same model."""
    as_on_the_hub(path)
    config = json.loads(path.read_text(encoding="utf-8"))
    config["model_type"], config["architectures"] = "minicpm", ["MiniCPMForCausalLM"]
    config["scale_emb"] = config.pop("embedding_multiplier")
    config["scale_depth"] = config.pop("residual_multiplier") * config["num_hidden_layers"] ** 0.5
    config["dim_model_base"] = config["hidden_size"] / config.pop("logits_scaling")
    config.pop("attention_multiplier")
    write(path, config)


def write(path, config):
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def original(folder, **options):
    """The model as transformers computes it; eager attention alone has soft caps."""
    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", **options)


def read_logits(folder):
    with torch.no_grad():
        return original(folder)(torch.arange(3, 3 + 2 * ORIGINAL_LENGTH)[None]).logits
