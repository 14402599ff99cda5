"""Make the golden files of the exported architectures with transformers, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_logits.py            makes all of them
    .ovchat/venv-export/bin/python scripts/golden/golden_logits.py NAME…      makes these recipes' alone

Tiny random checkpoints, and for a text each the logits of some of its tokens, in f32. The text is longer than the
windows and the lengths of the training are here, so that both are seen. `./scripts/compare --export` does the same live,
with larger checkpoints and more options. On another processor the last digits of the logits differ: for a new recipe,
name it, and those that are there stay as they are.
"""
import json
import pathlib
import shutil
import sys

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Phi3Config, Qwen2Config, Qwen3Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/comparison"))
from checkpoints import as_on_the_hub, weights  # noqa: E402

FOLDER = ROOT / "lib/ovchat/src/test/resources/golden/architectures"
FILE = FOLDER / "logits.json"
TOKENS, SHOWN = 24, [0, 5, 15, 23]
BASE = {
    "vocab_size": 96, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2, "max_position_embeddings": 128,
}
WINDOW = ORIGINAL_LENGTH = 10
LONGROPE = {"type": "longrope", "short_factor": [1.0, 1.1, 1.2, 1.3], "long_factor": [1.0, 2.0, 3.0, 4.0]}
LLAMA3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": ORIGINAL_LENGTH,
}
# name: kind of config, its values, whether it is written as on the hub
RECIPES = {
    "phi3": (Phi3Config, {"sliding_window": WINDOW}, True),
    "phi3-128k": (Phi3Config, {
        "max_position_embeddings": 131072, "original_max_position_embeddings": ORIGINAL_LENGTH, "sliding_window": None,
        "rope_scaling": LONGROPE}, True),
    "llama2": (LlamaConfig, {"num_key_value_heads": 4}, True),
    "llama3": (LlamaConfig, {"tie_word_embeddings": True, "rope_theta": 500000.0, "rope_scaling": LLAMA3}, True),
    "llama-biases": (LlamaConfig, {
        "rope_scaling": {"rope_type": "linear", "factor": 4.0}, "attention_bias": True, "mlp_bias": True}, False),
    "mistral": (MistralConfig, {"sliding_window": WINDOW, "head_dim": 16}, True),
    "qwen2": (Qwen2Config, {"tie_word_embeddings": True, "rope_theta": 1e6}, True),
    "qwen2-window": (Qwen2Config, {
        "use_sliding_window": True, "sliding_window": WINDOW, "max_window_layers": 1}, False),
    "qwen3": (Qwen3Config, {"tie_word_embeddings": True, "head_dim": 16, "rope_theta": 1e6}, True),
    "qwen3-window-biases": (Qwen3Config, {
        "head_dim": 16, "attention_bias": True, "use_sliding_window": True, "sliding_window": WINDOW,
        "max_window_layers": 1}, False),
}


def golden(name):
    kind, values, as_hub = RECIPES[name]
    folder = FOLDER / name
    generator = torch.Generator().manual_seed(sum(name.encode()))
    model = AutoModelForCausalLM.from_config(kind(**{**BASE, **values}), dtype=torch.float32)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            parameter.copy_(weights(parameter_name, parameter.shape, generator))
    model.to(torch.bfloat16).save_pretrained(folder)
    (folder / "generation_config.json").unlink()
    if as_hub:
        as_on_the_hub(folder / "config.json")
    ids = torch.randint(3, BASE["vocab_size"], (TOKENS,), generator=generator)
    with torch.no_grad():
        logits = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)(ids[None]).logits[0]
    return {"checkpoint": name, "ids": ids.tolist(), "logits": {token: logits[token].tolist() for token in SHOWN}}


def kept():
    """The cases that are there already."""
    return {case["checkpoint"]: case for case in json.loads(FILE.read_text(encoding="utf-8"))}


if __name__ == "__main__":
    names = sys.argv[1:]
    if not names:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
    made = {**(kept() if names else {}), **{name: golden(name) for name in names or RECIPES}}
    cases = [json.dumps(made[name]) for name in RECIPES if name in made]
    FILE.write_text("\n".join(["[", ",\n".join(cases), "]"]) + "\n", encoding="utf-8")
