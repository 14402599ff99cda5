"""Make the golden files of merged LoRA adapters with PEFT 0.21.2, in the export's environment and with PEFT beside it:

    .ovchat/venv-export/bin/python -m pip install --no-deps --target FOLDER peft==0.21.2
    PYTHONPATH=FOLDER .ovchat/venv-export/bin/python scripts/golden/golden_lora.py

Adapters of random weights for some of the tiny checkpoints that golden_logits.py makes; the weights that PEFT merges, in
f32; and the logits of some tokens of a text with them. Several adapters with weights of their own are put together by
PEFT's add_weighted_adapter, in the one of its ways that is exact: but it takes use_rslora of the first adapter for the
sum, which has a scale of 1 without alone. So the first one is without.
"""
import json
import os
import pathlib
import shutil

os.environ["HF_HUB_OFFLINE"] = "1"  # PEFT would look for the checkpoints' names on the hub

import torch  # noqa: E402
from peft import LoraConfig, PeftModel, get_peft_model  # noqa: E402
from transformers import AutoModelForCausalLM  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden"
CHECKPOINTS, FOLDER = GOLDEN / "architectures", GOLDEN / "lora"
TOKENS, SHOWN, VOCABULARY = 24, [0, 5, 15, 23], 96
ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]
# name: values of its config, and the type of its weights
ADAPTERS = {
    "patterns": ({
        "r": 4, "lora_alpha": 8, "target_modules": [*ATTENTION, "gate_proj", "up_proj", "down_proj"],
        "rank_pattern": {"q_proj": 2, "layers.1.mlp.(gate|up)_proj": 6, "up_proj": 1},
        "alpha_pattern": {"^model.layers.0.self_attn.o_proj": 3, "down_proj": 16}}, torch.float32),
    "rslora": ({
        "r": 5, "lora_alpha": 4, "use_rslora": True, "target_modules": ["qkv_proj", "gate_up_proj", "lm_head"],
        "rank_pattern": {"gate_up_proj": 2}}, torch.bfloat16),
    "embedding": ({"r": 2, "lora_alpha": 3, "target_modules": ["embed_tokens", "qkv_proj", "o_proj"]}, torch.float16),
    "one-layer": ({"r": 3, "lora_alpha": 6, "target_modules": ["k_proj", "o_proj"], "layers_to_transform": [1]},
                  torch.float32),
}
# checkpoint, and its adapters with their weights
CASES = [
    ("llama3", {"patterns": 1.0}),
    ("phi3", {"embedding": -0.5, "rslora": 0.75}),
    ("qwen3", {"one-layer": 1.5}),
]


def base(name):
    return AutoModelForCausalLM.from_pretrained(CHECKPOINTS / name, dtype=torch.float32, attn_implementation="eager")


def make_adapter(name, checkpoint):
    values, dtype = ADAPTERS[name]
    model = get_peft_model(base(checkpoint), LoraConfig(task_type="CAUSAL_LM", **values))
    generator = torch.Generator().manual_seed(sum(name.encode()))
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "lora_" in parameter_name:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) / 4)
                parameter.data = parameter.data.to(dtype)
    model.peft_config["default"].base_model_name_or_path = checkpoint
    model.save_pretrained(FOLDER / name)
    (FOLDER / name / "README.md").unlink()
    (FOLDER / name / "adapter_model.safetensors").chmod(0o644)


def merged(checkpoint, adapters):
    first, *others = adapters
    model = PeftModel.from_pretrained(base(checkpoint), FOLDER / first, adapter_name=first)
    for name in others:
        model.load_adapter(FOLDER / name, adapter_name=name)
    if list(adapters.values()) != [1.0]:
        model.add_weighted_adapter([*adapters], [*adapters.values()], "sum", combination_type="cat")
        model.set_adapter("sum")
    return model.merge_and_unload()


def golden(number, checkpoint, adapters):
    for name in adapters:
        make_adapter(name, checkpoint)
    model = merged(checkpoint, adapters)
    folder = FOLDER / f"merged-{checkpoint}"
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink()
    (folder / "model.safetensors").chmod(0o644)
    shutil.copy(CHECKPOINTS / checkpoint / "config.json", folder)
    ids = torch.randint(3, VOCABULARY, (TOKENS,), generator=torch.Generator().manual_seed(number))
    with torch.no_grad():
        logits = model(ids[None]).logits[0]
    return {"checkpoint": checkpoint, "adapters": adapters, "ids": ids.tolist(),
            "logits": {token: logits[token].tolist() for token in SHOWN}}


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    cases = [json.dumps(golden(number, *case)) for number, case in enumerate(CASES)]
    (FOLDER / "logits.json").write_text("\n".join(["[", ",\n".join(cases), "]"]) + "\n", encoding="utf-8")
