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
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForCausalLM, AutoModelForImageTextToText, Exaone4Config, Gemma2Config, Gemma3Config, Gemma3TextConfig,
    GptOssConfig, GraniteConfig, GraniteMoeConfig, HunYuanDenseV1Config, LlamaConfig, Ministral3Config, MinistralConfig,
    Mistral3Config, MistralConfig, Olmo2Config, Phi3Config, Qwen2Config, Qwen3Config, Qwen3MoeConfig, SmolLM3Config)

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/comparison"))
from checkpoints import as_minicpm, as_on_the_hub, weights, write  # noqa: E402

FOLDER = ROOT / "lib/ovchat/src/test/resources/golden/architectures"
FILE = FOLDER / "logits.json"
TOKENS, SHOWN = 24, [0, 5, 15, 23]
BASE = {
    "vocab_size": 96, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2, "max_position_embeddings": 128,
}
WINDOW = ORIGINAL_LENGTH = 10
MXFP4 = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]
LONGROPE = {"type": "longrope", "short_factor": [1.0, 1.1, 1.2, 1.3], "long_factor": [1.0, 2.0, 3.0, 4.0]}
LLAMA3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": ORIGINAL_LENGTH,
}
FACTORS = {
    "embedding_multiplier": 12.0, "attention_multiplier": 0.1, "residual_multiplier": 0.22, "logits_scaling": 8.0}
EXPERTS = {"num_local_experts": 6, "num_experts_per_tok": 2}
YARN = {
    "rope_type": "yarn", "rope_theta": 1e6, "factor": 12.8, "original_max_position_embeddings": ORIGINAL_LENGTH,
    "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.5}
IMAGES = {
    "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 4, "patch_size": 2}


def gemma3_with_images(**text):
    """The end token is the whole model's, as it is published."""
    text.pop("eos_token_id")
    return Gemma3Config(text_config=text, vision_config=IMAGES, mm_tokens_per_image=4, image_token_index=95, eos_token_id=[2])


def ministral3_with_images(**text):
    return Mistral3Config(
        text_config={**text, "model_type": "ministral3"}, vision_config={**IMAGES, "model_type": "pixtral"},
        image_token_index=95, tie_word_embeddings=False)


def as_published(path):
    """The names of tensors that Gemma 3 has on the hub, and the fields there."""
    file = path.parent / "model.safetensors"
    tensors = {name.replace("model.language_model.model.", "language_model.model.").removeprefix("model."): tensor
               for name, tensor in load_file(file).items()}
    save_file(tensors, file, {"format": "pt"})
    whole = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(whole["text_config"]), encoding="utf-8")
    as_on_the_hub(path)
    text = {field: value for field, value in json.loads(path.read_text(encoding="utf-8")).items() if "token_id" not in field}
    kept = ("model_type", "architectures", "eos_token_id", "image_token_index", "mm_tokens_per_image", "vision_config")
    write(path, {**{field: whole[field] for field in kept}, "text_config": text})


def as_mxfp4(path):
    """The experts' matrices in MXFP4, as gpt-oss has them on the hub: floats of four bits, and an exponent for each 32."""
    file = path.parent / "model.safetensors"
    tensors = load_file(file)
    for name in [name for name in tensors if name.endswith(("experts.gate_up_proj", "experts.down_proj"))]:
        groups = tensors.pop(name).float().transpose(1, 2).unflatten(2, (-1, 32))
        exponents = groups.abs().amax(-1).log2().floor() - 2  # so that the largest is a code of 4 or more
        distance = (groups / exponents.exp2()[..., None])[..., None].sub(torch.tensor(MXFP4)).abs()
        codes = distance.argmin(-1).to(torch.uint8)
        tensors[name + "_blocks"] = (codes[..., ::2] | codes[..., 1::2] << 4).contiguous()
        tensors[name + "_scales"] = (exponents + 127).to(torch.uint8)
    save_file(tensors, file, {"format": "pt"})
    as_on_the_hub(path)
    config = json.loads(path.read_text(encoding="utf-8"))
    config["rope_scaling"]["rope_type"] = config["rope_scaling"].pop("type")
    kept = ["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"]
    write(path, {**config, "quantization_config": {"quant_method": "mxfp4", "modules_to_not_convert": kept}})


# name: kind of config, its values, how it is written: as transformers does, as on the hub, or as another's
NEW, HUB = None, as_on_the_hub
RECIPES = {
    "phi3": (Phi3Config, {"sliding_window": WINDOW}, HUB),
    "phi3-128k": (Phi3Config, {
        "max_position_embeddings": 131072, "original_max_position_embeddings": ORIGINAL_LENGTH, "sliding_window": None,
        "rope_scaling": LONGROPE}, HUB),
    "llama2": (LlamaConfig, {"num_key_value_heads": 4}, HUB),
    "llama3": (LlamaConfig, {"tie_word_embeddings": True, "rope_theta": 500000.0, "rope_scaling": LLAMA3}, HUB),
    "llama-biases": (LlamaConfig, {
        "rope_scaling": {"rope_type": "linear", "factor": 4.0}, "attention_bias": True, "mlp_bias": True}, NEW),
    "mistral": (MistralConfig, {"sliding_window": WINDOW, "head_dim": 16}, HUB),
    "qwen2": (Qwen2Config, {"tie_word_embeddings": True, "rope_theta": 1e6}, HUB),
    "qwen2-window": (Qwen2Config, {
        "use_sliding_window": True, "sliding_window": WINDOW, "max_window_layers": 1}, NEW),
    "qwen3": (Qwen3Config, {"tie_word_embeddings": True, "head_dim": 16, "rope_theta": 1e6}, HUB),
    "qwen3-window-biases": (Qwen3Config, {
        "head_dim": 16, "attention_bias": True, "use_sliding_window": True, "sliding_window": WINDOW,
        "max_window_layers": 1}, NEW),
    "qwen3-moe": (Qwen3MoeConfig, {
        **EXPERTS, "moe_intermediate_size": 48, "head_dim": 16, "rope_theta": 1e6, "norm_topk_prob": True}, HUB),
    "qwen3-moe-some": (Qwen3MoeConfig, {
        **EXPERTS, "moe_intermediate_size": 48, "num_hidden_layers": 4, "decoder_sparse_step": 2, "mlp_only_layers": [3],
        "use_sliding_window": True, "sliding_window": WINDOW, "attention_bias": True, "tie_word_embeddings": True}, NEW),
    "phi4-mini": (Phi3Config, {
        "max_position_embeddings": 131072, "original_max_position_embeddings": ORIGINAL_LENGTH, "sliding_window": None,
        "rope_scaling": {**LONGROPE, "short_factor": [1.0, 1.1, 1.2], "long_factor": [1.0, 2.0, 3.0]},
        "partial_rotary_factor": 0.75, "tie_word_embeddings": True}, NEW),
    "ministral": (MinistralConfig, {
        "head_dim": 16, "sliding_window": WINDOW, "layer_types": ["sliding_attention", "full_attention"]}, NEW),
    "ministral3": (Ministral3Config, {"head_dim": 16, "rope_parameters": YARN}, NEW),
    "smollm3": (SmolLM3Config, {"num_hidden_layers": 4}, HUB),
    "smollm3-window-biases": (SmolLM3Config, {
        "no_rope_layers": [1, 0], "use_sliding_window": True, "sliding_window": WINDOW, "attention_bias": True,
        "mlp_bias": True, "tie_word_embeddings": False}, NEW),
    "granite": (GraniteConfig, {**FACTORS, "tie_word_embeddings": True}, HUB),
    "granite-biases": (GraniteConfig, {**FACTORS, "attention_bias": True, "mlp_bias": True}, NEW),
    "granite-moe": (GraniteMoeConfig, {**FACTORS, **EXPERTS, "tie_word_embeddings": True}, HUB),
    "gpt-oss": (GptOssConfig, {
        **EXPERTS, "head_dim": 16, "sliding_window": WINDOW, "hidden_size": 64, "intermediate_size": 32}, as_mxfp4),
    "gpt-oss-bf16": (GptOssConfig, {
        **EXPERTS, "head_dim": 16, "sliding_window": WINDOW, "layer_types": ["full_attention", "sliding_attention"],
        "rope_parameters": {"rope_type": "default", "rope_theta": 1e5}}, NEW),
    # MiniCPM's code is not in transformers. It computes what Granite does, with factors that it calls otherwise.
    "minicpm": (GraniteConfig, {**FACTORS, "attention_multiplier": 8 ** -0.5, "tie_word_embeddings": True}, as_minicpm),
    "olmo2": (Olmo2Config, {}, HUB),
    "olmo2-biases": (Olmo2Config, {"attention_bias": True, "tie_word_embeddings": True}, NEW),
    "gemma2": (Gemma2Config, {
        "head_dim": 16, "sliding_window": WINDOW, "query_pre_attn_scalar": 16, "attn_logit_softcapping": 5.0,
        "final_logit_softcapping": 10.0}, HUB),
    "gemma3": (Gemma3TextConfig, {
        "head_dim": 16, "sliding_window": WINDOW, "sliding_window_pattern": 6, "num_hidden_layers": 6,
        "query_pre_attn_scalar": 16, "rope_scaling": {"rope_type": "linear", "factor": 8.0}}, HUB),
    "gemma3-biases": (Gemma3TextConfig, {
        "head_dim": 16, "sliding_window": WINDOW, "attention_bias": True, "final_logit_softcapping": 10.0,
        "query_pre_attn_scalar": 24,
        "layer_types": ["full_attention", "sliding_attention"]}, NEW),
    "gemma3-images": (gemma3_with_images, {
        "head_dim": 16, "sliding_window": WINDOW, "num_hidden_layers": 6, "query_pre_attn_scalar": 16,
        "rope_scaling": {"rope_type": "linear", "factor": 8.0}}, as_published),
    "ministral3-images": (ministral3_with_images, {"head_dim": 16, "rope_parameters": YARN}, NEW),
    "exaone4": (Exaone4Config, {"sliding_window": WINDOW, "sliding_window_pattern": 2, "rope_theta": 1e6}, HUB),
    "exaone4-full": (Exaone4Config, {
        "sliding_window": None, "layer_types": ["full_attention"] * 2, "tie_word_embeddings": True,
        "rope_scaling": LLAMA3}, NEW),
    "hunyuan": (HunYuanDenseV1Config, {
        "head_dim": 16, "tie_word_embeddings": True,
        "rope_scaling": {"rope_type": "dynamic", "factor": 1.0, "alpha": 1000.0}}, HUB),
    "hunyuan-biases": (HunYuanDenseV1Config, {"head_dim": 16, "attention_bias": True}, NEW),
}


def golden(name):
    kind, values, written = RECIPES[name]
    folder = FOLDER / name
    generator = torch.Generator().manual_seed(sum(name.encode()))
    torch.manual_seed(0)
    model = kind_of_model(kind).from_config(kind(**{**BASE, **values}), dtype=torch.float32)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "vision_tower" not in parameter_name:  # which no text goes through
                parameter.copy_(weights(parameter_name, parameter.shape, generator))
    model.to(torch.bfloat16).save_pretrained(folder)
    (folder / "generation_config.json").unlink()
    if written:
        written(folder / "config.json")
    ids = torch.randint(3, BASE["vocab_size"], (TOKENS,), generator=generator)
    with torch.no_grad():
        logits = original(folder, kind, values)(ids[None]).logits[0]
    return {"checkpoint": name, "ids": ids.tolist(), "logits": {token: logits[token].tolist() for token in SHOWN}}


def original(folder, kind, values):
    """The model as transformers computes it: eager attention alone has soft caps."""
    config = None if RECIPES[folder.name][2] is not as_minicpm else kind(**{**BASE, **values})
    model = kind_of_model(kind).from_pretrained(folder, config=config, dtype=torch.float32, attn_implementation="eager")
    return model.float()  # what was MXFP4 is bf16 else


def kind_of_model(kind):
    return AutoModelForImageTextToText if kind in (gemma3_with_images, ministral3_with_images) else AutoModelForCausalLM


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
