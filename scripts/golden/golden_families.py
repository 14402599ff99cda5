"""Make the golden files of model families that the documented command alone exports, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_families.py            makes all of them
    .ovchat/venv-export/bin/python scripts/golden/golden_families.py NAME…      makes these alone

Tiny random models, each exported by optimum-intel as `--task text-generation-with-past --weight-format fp32` does it,
and what transformers computes of the same model: the logits of a text, and greedy ids, each from a pass over the
whole text, without a cache. Graphs are packed, since their XML is four times as large as all else.
"""
import gzip
import json
import os
import pathlib
import shutil
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1")

import torch  # noqa: E402
from optimum.exporters.openvino import main_export  # noqa: E402
from optimum.intel import OVConfig  # noqa: E402
from transformers import AutoConfig, AutoModelForCausalLM  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "lib/ovchat/src/test/resources/golden/families"
GRAPH = "openvino_model.xml"
TASK = "text-generation-with-past"
VOCABULARY, NEW_TOKENS = 64, 12
PROMPTS = [[5, 17, 42, 9, 33, 60], [5, 17, 50]]
FEW = {"vocab_size": VOCABULARY, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "tie_word_embeddings": False}
SIZE = {
    "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 4,
    "max_position_embeddings": 64}
GROUPED = {**SIZE, "num_key_value_heads": 2}
GPT = {"n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 64, "n_inner": 16}
FALCON = {"hidden_size": 16, "ffn_hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 4}
EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2}
LOCAL_EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2}
WINDOW = {"sliding_window": 4, "layer_types": ["sliding_attention"]}
# name: model_type, its values
RECIPES = {
    "gpt2": ("gpt2", GPT),
    "gpt_neox": ("gpt_neox", SIZE),
    "opt": ("opt", {
        "hidden_size": 16, "ffn_dim": 16, "num_hidden_layers": 1, "num_attention_heads": 4,
        "max_position_embeddings": 64, "word_embed_proj_dim": 16}),
    "bloom": ("bloom", {"hidden_size": 16, "n_layer": 1, "n_head": 4}),
    "mpt": ("mpt", {"d_model": 16, "n_layers": 1, "n_heads": 4, "max_seq_len": 64, "expansion_ratio": 1}),
    "falcon": ("falcon", {**FALCON, "max_position_embeddings": 64}),
    "falcon-alibi": ("falcon", {**FALCON, "alibi": True, "multi_query": False, "parallel_attn": False, "bias": True}),
    "granitemoehybrid": ("granitemoehybrid", {
        **GROUPED, **LOCAL_EXPERTS, "num_hidden_layers": 2, "shared_intermediate_size": 16, "mamba_n_heads": 4,
        "mamba_d_head": 8, "mamba_d_state": 4, "mamba_n_groups": 1, "mamba_d_conv": 4, "mamba_expand": 2,
        "mamba_chunk_size": 8, "layer_types": ["mamba", "attention"]}),
    "phi": ("phi", {**SIZE, "partial_rotary_factor": 0.5}),
    "gpt_bigcode": ("gpt_bigcode", GPT),
    "codegen": ("codegen", {**GPT, "n_head": 4, "n_ctx": 64, "rotary_dim": 4}),
    "gpt_oss": ("gpt_oss", {
        **GROUPED, **LOCAL_EXPERTS, **WINDOW, "head_dim": 8,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}}),
    "qwen3_moe": ("qwen3_moe", {**GROUPED, **EXPERTS, "moe_intermediate_size": 16, "head_dim": 8}),
    "xglm": ("xglm", {
        "d_model": 16, "ffn_dim": 16, "num_layers": 1, "attention_heads": 4, "max_position_embeddings": 64}),
    "gpt_neo": ("gpt_neo", {
        "hidden_size": 16, "intermediate_size": 16, "num_layers": 2, "num_heads": 4, "max_position_embeddings": 64,
        "attention_types": [[["global", "local"], 1]], "window_size": 4}),
    "stablelm": ("stablelm", {**GROUPED, "partial_rotary_factor": 0.5}),
    "cohere2": ("cohere2", {**GROUPED, **WINDOW, "logit_scale": 0.25}),
    "glm4": ("glm4", {**GROUPED, "head_dim": 8}),
    "biogpt": ("biogpt", SIZE),
    "blenderbot": ("blenderbot", {
        "d_model": 16, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "encoder_layers": 1, "decoder_layers": 1,
        "encoder_attention_heads": 4, "decoder_attention_heads": 4, "max_position_embeddings": 64}),
}


def weights(model, seed):
    """Larger ones than a fresh model's, which prefers no token."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            normal = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1 and "A_log" not in name:
                parameter.copy_(normal * 0.2)
            elif name.endswith("weight"):
                parameter.copy_(normal * 0.2 + 1)
            elif name.endswith("bias"):
                parameter.copy_(normal * 0.1)


def greedy(model, prompt):
    ids, gaps = list(prompt), []
    for _ in range(NEW_TOKENS):
        best = logits(model, ids)[-1].topk(2)
        gaps.append(float(best.values[0] - best.values[1]))
        ids.append(int(best.indices[0]))
    return ids[len(prompt):], min(gaps)


def beams(model, prompt):
    """The better of two, by transformers' own search."""
    model.generation_config.eos_token_id = model.generation_config.forced_eos_token_id = None
    with torch.no_grad():
        ids = model.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), num_beams=2,
            do_sample=False, max_new_tokens=NEW_TOKENS, use_cache=False)
    return ids[0, len(prompt):].tolist()


def logits(model, ids):
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]


def export(model, name):
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as checkpoint:
        model.save_pretrained(checkpoint)
        main_export(
            checkpoint, folder, task=TASK, ov_config=OVConfig(dtype="fp32"), convert_tokenizer=False,
            library_name="transformers")
    for file in folder.iterdir():
        if file.name not in ("config.json", GRAPH, "openvino_model.bin"):
            file.unlink()
    graph = folder / GRAPH
    (folder / f"{GRAPH}.gz").write_bytes(gzip.compress(graph.read_bytes(), mtime=0))
    graph.unlink()


def golden(name):
    kind, values = RECIPES[name]
    model = AutoModelForCausalLM.from_config(
        AutoConfig.for_model(kind, **{**FEW, **values}), dtype=torch.float32).eval()
    weights(model, sum(name.encode()))
    answers = [greedy(model, prompt) for prompt in PROMPTS]
    case = {
        "family": name, "prompts": PROMPTS, "completions": [ids for ids, _ in answers],
        "beams": beams(model, PROMPTS[0]), "smallestGap": round(min(gap for _, gap in answers), 5),
        "logits": [[round(logit, 5) for logit in row] for row in logits(model, PROMPTS[0]).tolist()]}
    export(model, name)
    size = sum(file.stat().st_size for file in (FOLDER / name).iterdir())
    print(f"{name}: {size:,} bytes, smallest gap {case['smallestGap']}", flush=True)
    return case


if __name__ == "__main__":
    for name in sys.argv[1:] or RECIPES:
        case = json.dumps(golden(name))
        (FOLDER / name / "golden.json").write_text(case + "\n", encoding="utf-8")
