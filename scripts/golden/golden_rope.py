"""Make the golden file of the rotary embeddings with transformers, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_rope.py

For each config.json, old and new ways of writing among them: the angles per position that transformers gives each pair
of numbers, those beyond longrope's original length, and the factor of cosine and sine.
"""
import json
import pathlib
import tempfile

import torch
from transformers import AutoConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden/rope.json"
SHORT, LONG = [1 + 0.02 * i for i in range(16)], [1 + 0.7 * i for i in range(16)]
LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}


def config(model_type, **fields):
    return {
        "model_type": model_type, "vocab_size": 320, "hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 4096, **fields}


CONFIGS = [
    config("llama"),
    config("llama", rope_theta=500000.0),
    config("llama", head_dim=64, rope_parameters={"rope_type": "default", "rope_theta": 1234.5}),
    config("llama", rope_scaling={"type": "linear", "factor": 4.0}),
    config("llama", rope_parameters={"rope_type": "linear", "factor": 2.5, "rope_theta": 20000.0}),
    config("llama", rope_theta=500000.0, max_position_embeddings=131072, rope_scaling={"rope_type": "llama3", **LLAMA3}),
    config("llama", head_dim=128, max_position_embeddings=131072, rope_scaling={"rope_type": "llama3", **LLAMA3, "factor": 32.0}),
    config("llama", rope_scaling={"rope_type": "yarn", "factor": 16.0, "original_max_position_embeddings": 256}),
    config("qwen2", rope_theta=1000000.0, max_position_embeddings=32768,
           rope_scaling={"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 8192}),
    config("llama", rope_parameters={
        "rope_type": "yarn", "rope_theta": 10000.0, "factor": 8.0, "original_max_position_embeddings": 512, "beta_fast": 16.0,
        "beta_slow": 2.0, "mscale": 0.7, "mscale_all_dim": 1.1, "truncate": False}),
    config("llama", rope_scaling={
        "rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 512, "attention_factor": 1.25}),
    config("mistral", rope_theta=1000000.0, head_dim=48),
    config("phi3", original_max_position_embeddings=4096),
    config("phi3", max_position_embeddings=131072, original_max_position_embeddings=4096, 
           rope_scaling={"type": "longrope", "short_factor": SHORT, "long_factor": LONG}),
    config("phi3", max_position_embeddings=8192, rope_parameters={
        "rope_type": "longrope", "rope_theta": 10000.0, "original_max_position_embeddings": 2048, "partial_rotary_factor": 1.0,
        "short_factor": SHORT, "long_factor": LONG, "attention_factor": 1.5}),
    config("phi3", partial_rotary_factor=0.75, rope_theta=10000.0),
]


def values(fields):
    """As transformers' models compute them; AutoConfig reads the file as it would from the hub."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "config.json").write_text(json.dumps(fields), encoding="utf-8")
        read = AutoConfig.from_pretrained(folder)
    rope = read.rope_parameters
    kind = rope["rope_type"]
    if kind == "default":
        dim = int((getattr(read, "head_dim", None) or read.hidden_size // read.num_attention_heads)
                  * rope.get("partial_rotary_factor", 1.0))
        # The formula of each model's own compute_default_rope_parameters.
        speeds = 1.0 / (rope["rope_theta"] ** (torch.arange(0, dim, 2, dtype=torch.int64).float() / dim))
        return {"speeds": speeds.tolist(), "longSpeeds": [], "attentionFactor": 1.0}
    speeds, factor = ROPE_INIT_FUNCTIONS[kind](read)
    beyond = []
    if kind == "longrope":
        beyond = ROPE_INIT_FUNCTIONS[kind](read, seq_len=rope["original_max_position_embeddings"] + 1)[0].tolist()
    return {"speeds": speeds.tolist(), "longSpeeds": beyond, "attentionFactor": factor}


if __name__ == "__main__":
    cases = [{"config": json.dumps(fields), **values(fields)} for fields in CONFIGS]
    GOLDEN.write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
