"""Make what the export has to know of configs with a text model in them, and the golden file of its test, in the export's
environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_text_configs.py

Published configs of models that take images leave out sizes of their text model for which transformers has a default. The
list has those that the export asks for; the golden file has configs as they are published, and what transformers makes of
their text models.
"""
import json
import pathlib

import transformers
from transformers import CONFIG_MAPPING
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = ROOT / "lib/ovchat-export/src/main/resources/dev/ovchat/checkpoint/text-configs.json"
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden/text-configs.json"
ARCHITECTURES = ("gemma3_text", "mistral", "ministral3")
SIZES = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings")
TOKENS = ("bos_token_id", "eos_token_id", "pad_token_id")
COMPARED = (*SIZES, "num_key_value_heads", "head_dim", "rms_norm_eps", "sliding_window", "eos_token_id")
YARN = {
    "rope_type": "yarn", "rope_theta": 1e6, "factor": 16.0, "original_max_position_embeddings": 16384, "beta_fast": 32.0,
    "beta_slow": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.1}
# As on the hub, but for what says nothing about the text model. The first names no more of it, nor does it say its end tokens.
CONFIGS = {
    "Gemma 3 4B": {"model_type": "gemma3", "eos_token_id": [1, 106], "text_config": {
        "hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34,
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"}, "sliding_window": 1024}},
    "Gemma 3 27B": {"model_type": "gemma3", "eos_token_id": [1, 106], "text_config": {
        "head_dim": 128, "hidden_size": 5376, "intermediate_size": 21504, "model_type": "gemma3_text",
        "num_attention_heads": 32, "num_hidden_layers": 62, "num_key_value_heads": 16, "query_pre_attn_scalar": 168,
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"}, "sliding_window": 1024}},
    "Ministral 3 3B": {"model_type": "mistral3", "text_config": {
        "head_dim": 128, "hidden_size": 3072, "intermediate_size": 9216, "max_position_embeddings": 262144,
        "model_type": "ministral3", "num_attention_heads": 32, "num_hidden_layers": 26, "num_key_value_heads": 8,
        "rms_norm_eps": 1e-05, "rope_parameters": YARN, "sliding_window": None, "tie_word_embeddings": True,
        "vocab_size": 131072}},
    "Mistral 3 without a name for its text model": {"model_type": "mistral3", "tie_word_embeddings": False, "text_config": {
        "head_dim": 128, "hidden_size": 5120, "rope_theta": 1e9, "sliding_window": None, "vocab_size": 131072}},
    "Ministral 3 with nothing said": {"model_type": "mistral3", "text_config": {"model_type": "ministral3"}},
}


def default(architecture):
    config = CONFIG_MAPPING[architecture]()
    return {"architectures": [MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[architecture]],
            **{size: getattr(config, size) for size in (*SIZES, *TOKENS)}}


def case(name, config):
    whole = CONFIG_MAPPING[config["model_type"]].from_dict(json.loads(json.dumps(config)))  # which changes what it gets
    text = whole.text_config
    values = {field: getattr(text, field) for field in COMPARED} | {
        "model_type": text.model_type, "tie_word_embeddings": whole.tie_word_embeddings}
    if "eos_token_id" in config:
        values["eos_token_id"] = config["eos_token_id"]  # that of the whole counts, where it names one
    return {"name": name, "config": config, "text": values}


if __name__ == "__main__":
    LIST.parent.mkdir(parents=True, exist_ok=True)
    made = {"transformers": transformers.__version__, "architectures": {name: default(name) for name in ARCHITECTURES}}
    LIST.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    cases = [json.dumps(case(name, config)) for name, config in CONFIGS.items()]
    GOLDEN.write_text("\n".join(["[", ",\n".join(cases), "]"]) + "\n", encoding="utf-8")
