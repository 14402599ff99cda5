"""Make the golden files of how checkpoints name and tie their weights, with transformers, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_weights.py           makes them
    .ovchat/venv-export/bin/python scripts/golden/golden_weights.py --check   compares them with what this transformers gives

One tiny random model of each architecture, saved under all the names that published checkpoints have for its tensors. For
each, the logits that transformers gives, and whether lm_head is the embedding's matrix; or nothing, where it would fill a
missing weight with random numbers, or refuses the checkpoint. Made with transformers 5.5.4; 5.24.0 gives the same.
"""
import json
import pathlib
import shutil
import sys

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Phi3Config, Qwen2Config, Qwen3Config

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "lib/ovchat/src/test/resources/golden/weights"
KINDS = {
    "llama": LlamaConfig, "mistral": MistralConfig, "phi3": Phi3Config, "qwen2": Qwen2Config, "qwen3": Qwen3Config,
}
VALUES = {
    "vocab_size": 20, "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
    "num_key_value_heads": 1, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2, "max_position_embeddings": 32,
}
EMBEDDING, HEAD, NORM = "model.embed_tokens.weight", "lm_head.weight", "model.norm.weight"
IDS = [3, 1, 4, 1, 5, 9, 2, 6]


def base(kind):
    """The config and the tensors of an untied model."""
    torch.manual_seed(sum(kind.encode()))
    config = KINDS[kind](**VALUES, tie_word_embeddings=False)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    return config, {name: (torch.randn(value.shape) / 2).to(torch.bfloat16) for name, value in model.state_dict().items()}


def without(tensors, *names):
    return {name: value for name, value in tensors.items() if name not in names}


def renamed(tensors, change):
    return {change(name): value for name, value in tensors.items()}


def bare(name):
    return name.removeprefix("model.")


def cases_of_all():
    for kind in KINDS:
        _, all_of_it = base(kind)
        yield f"{kind}-tied", kind, True, without(all_of_it, HEAD)
        yield f"{kind}-tied-equal", kind, True, all_of_it | {HEAD: all_of_it[EMBEDDING].clone()}
        yield f"{kind}-tied-different", kind, True, all_of_it
        yield f"{kind}-tied-head-alone", kind, True, without(all_of_it, EMBEDDING)
        yield f"{kind}-bare", kind, False, renamed(all_of_it, bare)


def cases_of_tying():
    _, all_of_it = base("llama")
    tied = without(all_of_it, HEAD)
    yield "untied", "llama", False, all_of_it
    yield "untied-equal", "llama", False, all_of_it | {HEAD: all_of_it[EMBEDDING].clone()}
    yield "tied-and-neither", "llama", True, without(tied, EMBEDDING)
    yield "untied-without-head", "llama", False, tied
    yield "untied-without-embedding", "llama", False, without(all_of_it, EMBEDDING)
    yield "tied-equal-in-another-type", "llama", True, all_of_it | {HEAD: all_of_it[EMBEDDING].float()}
    yield "tied-almost-equal", "llama", True, all_of_it | {HEAD: torch.nextafter(all_of_it[EMBEDDING].float(), torch.tensor(9.0))}
    yield "tied-of-another-shape", "llama", True, all_of_it | {HEAD: torch.ones(24, 8)}
    yield "tied-bare", "llama", True, renamed(tied, bare)
    yield "tied-bare-equal", "llama", True, renamed(all_of_it | {HEAD: all_of_it[EMBEDDING].clone()}, bare)
    yield "tied-head-inside", "llama", True, without(all_of_it, EMBEDDING, HEAD) | {"model." + HEAD: all_of_it[HEAD]}


def cases_of_names():
    _, all_of_it = base("llama")
    other, third = ({name: value + more for name, value in all_of_it.items()} for more in (1, 2))
    yield "head-inside", "llama", False, without(all_of_it, HEAD) | {"model." + HEAD: all_of_it[HEAD]}
    yield "one-more-prefix", "llama", False, renamed(all_of_it, lambda name: "model." + name)
    yield "half-bare", "llama", False, renamed(all_of_it, lambda name: bare(name) if "layers" in name else name)
    yield "twice", "llama", False, all_of_it | renamed(other, bare)
    yield "twice-with-one-more-prefix", "llama", False, all_of_it | renamed(other, lambda name: "model." + name)
    yield "thrice", "llama", False, all_of_it | renamed(other, lambda name: "model." + name) | renamed(third, bare)
    yield "another-sign", "llama", False, without(all_of_it, HEAD) | {"model_" + HEAD: all_of_it[HEAD]}
    yield "extra", "llama", False, all_of_it | {
        "model.layers.0.self_attn.rotary_emb.inv_freq": torch.ones(2), "model.rotary_emb.inv_freq": torch.ones(2),
        "model.layers.0.self_attn.q_proj.bias": torch.ones(8), "model.layers.1.mlp.up_proj.weight": torch.ones(8, 8),
        "score.weight": torch.ones(2, 8), "lm_head.bias": torch.ones(20), "vision_tower.patch.weight": torch.ones(3, 3),
        "model.position_ids": torch.arange(3)}
    for prefix in ("language_model.", "module.", "transformer.", "base_model.model.", "_orig_mod."):
        yield f"under-{prefix}", "llama", False, renamed(all_of_it, lambda name, prefix=prefix: prefix + name)
    yield "inside-language-model", "llama", False, renamed(
        all_of_it, lambda name: name.replace("model.", "model.language_model.", 1))
    yield "phi3-as-llama", "phi3", False, all_of_it
    yield "llama-as-phi3", "llama", False, base("phi3")[1]
    yield "old-norms", "llama", False, renamed(all_of_it, lambda name: name.replace("norm.weight", "norm.gamma"))
    yield "qwen2-without-bias", "qwen2", False, without(
        base("qwen2")[1], *[f"model.layers.0.self_attn.{part}_proj.bias" for part in "qkv"])


def write(name, kind, tied, tensors):
    folder = FOLDER / name
    folder.mkdir()
    config = base(kind)[0].to_dict() | {"tie_word_embeddings": tied}
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def write_shards():
    """A tensor in two shards, and one that the index names and no shard holds."""
    _, all_of_it = base("llama")
    write("shards", "llama", False, all_of_it)
    (FOLDER / "shards/model.safetensors").unlink()
    shards = {"b.safetensors": all_of_it, "a.safetensors": {NORM: all_of_it[NORM] + 1, "z": torch.ones(1)}}
    for shard, held in shards.items():
        save_file(held, FOLDER / "shards" / shard, metadata={"format": "pt"})
    index = {name: shard for shard, held in shards.items() for name in held} | {"gone": "b.safetensors"}
    (FOLDER / "shards/model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}) + "\n", encoding="utf-8")


def judged(name):
    try:
        model, report = AutoModelForCausalLM.from_pretrained(
            FOLDER / name, dtype=torch.float32, output_loading_info=True)
    except Exception as refusal:  # of several kinds
        print(f"{name}: {type(refusal).__name__}")
        return {"checkpoint": name, "logits": None, "tied": None}
    if report["missing_keys"]:
        return {"checkpoint": name, "logits": None, "tied": None}
    with torch.no_grad():
        logits = model(torch.tensor([IDS])).logits[0, -1].tolist()
    return {"checkpoint": name, "logits": logits, "tied": model.lm_head.weight is model.model.embed_tokens.weight}


def names():
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def check():
    golden = json.loads((FOLDER / "weights.json").read_text(encoding="utf-8"))
    differing = [case["checkpoint"] for case in golden if judged(case["checkpoint"]) != case]
    sys.exit(f"transformers {transformers.__version__} differs: {differing}" if differing else None)


def make():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for cases in (cases_of_all, cases_of_tying, cases_of_names):
        for case in cases():
            write(*case)
    write_shards()
    text = ",\n".join(json.dumps(judged(name)) for name in names())
    (FOLDER / "weights.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    transformers.logging.set_verbosity(transformers.logging.CRITICAL)
    transformers.logging.disable_progress_bar()
    check() if sys.argv[1:] == ["--check"] else make()
