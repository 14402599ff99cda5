"""The checkpoints whose exports are compared: the demo model's, and small random ones of every architecture and shape.

Their weights are random, but not alike: rows and tensors differ in scale, norms and biases are there to be seen, so that
the choice of precisions is not trivial and the logits are lively. Half of them have a config.json as the hub has it, with
rope_theta, rope_scaling and torch_dtype, the other half as transformers writes it today.
"""
import json
import pathlib
import shutil

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Phi3Config, Qwen2Config, Qwen3Config

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
    "mistral": (MistralConfig, {"sliding_window": WINDOW, "head_dim": 32, "intermediate_size": 896}, {"old": True}),
    "mistral-full": (MistralConfig, {"sliding_window": None, "rope_theta": 1e6, "num_hidden_layers": 4}, {}),
    "qwen2": (Qwen2Config, {"tie_word_embeddings": True, "hidden_size": 384, "num_attention_heads": 6}, {}),
    "qwen2-sharded": (Qwen2Config, {"num_hidden_layers": 4, "intermediate_size": 768, "rope_theta": 1e6}, {
        "old": True, "type": torch.float16, "shard": "1MB"}),
    "qwen3": (Qwen3Config, {"tie_word_embeddings": True, "head_dim": 128, "rope_theta": 1e6}, {"old": True}),
    "qwen3-window": (Qwen3Config, {
        "head_dim": 32, "use_sliding_window": True, "sliding_window": WINDOW, "max_window_layers": 1,
        "attention_bias": True}, {}),
}


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
    if "norm" in name:
        return normal * 0.2 + 1
    rows = torch.randn((shape[0], 1), generator=generator) * 0.5
    tensor = torch.randn((), generator=generator) * 0.3
    return normal * 0.06 * torch.exp(rows + tensor)


def as_on_the_hub(path):
    """Rewrite a config.json with the fields of transformers 4, under which the models on the hub were saved."""
    config = json.loads(path.read_text(encoding="utf-8"))
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    rope.pop("partial_rotary_factor", None)
    scaled = rope["rope_type"] != "default"
    if scaled and rope["rope_type"] != "llama3":
        rope["type"] = rope.pop("rope_type")
    config["rope_scaling"] = rope if scaled else None
    config["torch_dtype"] = config.pop("dtype")
    config.pop("layer_types", None)
    if config["model_type"] == "qwen2":
        config["sliding_window"] = 32768 # which counts for nothing as long as use_sliding_window is false
    if config["model_type"] in ("llama", "qwen2"):
        config.pop("head_dim", None)
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def read_logits(folder):
    with torch.no_grad():
        return AutoModelForCausalLM.from_pretrained(folder)(torch.arange(3, 3 + 2 * ORIGINAL_LENGTH)[None]).logits
