"""List the values that optimum-cli takes for int4 by the model, and make the golden file of their test, in the export's
environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_int4_defaults.py

The list is optimum-intel's own. The golden file has what its own code chooses and hands on to NNCF, for each of its ids, and
for ids and directories that are like them.
"""
import importlib.metadata
import json
import pathlib
import tempfile

from optimum.intel.openvino import configuration
from optimum.intel.openvino.configuration import OVWeightQuantizationConfig, get_default_quantization_config

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = ROOT / "lib/ovchat-export/src/main/resources/dev/ovchat/export/optimum-int4.json"
GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden/int4-defaults.json"
MODELS, GENERAL = configuration._DEFAULT_4BIT_WQ_CONFIGS, configuration._DEFAULT_4BIT_WQ_CONFIG
# Beside the ids themselves: a directory's name, and what its config.json says of where it comes from.
LIKE_THEM = [
    ("Qwen3-8B", None), ("somebody/Qwen3-8B", None), ("qwen/qwen3-8b", None), ("models/phi-2", None), ("phi-2-copy", None),
    ("Qwen/Qwen3-8B-Base", None), ("checkpoint", "microsoft/phi-2"), ("checkpoint", "phi-2"), ("checkpoint", "none/of/them"),
    ("phi-2", "Qwen/Qwen3-8B"), ("unheard/of", None)]


def chosen(model):
    """What NNCF gets; nothing where parts of the model are treated differently."""
    values = get_default_quantization_config(model, "int4") or GENERAL
    if not {"bits", "group_size"} <= values.keys():
        return None
    config = OVWeightQuantizationConfig.from_dict(values)
    nncf = config.to_nncf_dict()
    advanced = nncf.get("advanced_parameters")
    return {
        "mode": nncf["mode"].value, "groupSize": nncf["group_size"], "ratio": nncf["ratio"],
        "allLayers": bool(nncf["all_layers"]), "backup": nncf["backup_mode"] and nncf["backup_mode"].value,
        "fallback": advanced and advanced.group_size_fallback_mode.value, "awq": bool(nncf["awq"]),
        "scaleEstimation": bool(nncf["scale_estimation"]), "dataset": config.dataset,
        "others": sorted(key for key in ("gptq", "lora_correction", "sensitivity_metric") if nncf[key])}


def like(model, origin):
    """In a folder where the directory is, if its config counts."""
    with tempfile.TemporaryDirectory() as folder:
        directory = pathlib.Path(folder, model)
        if origin is None:
            return {"model": model, "origin": None, "chosen": chosen(model)}
        directory.mkdir(parents=True)
        (directory / "config.json").write_text(json.dumps({"_name_or_path": origin}), encoding="utf-8")
        return {"model": model, "origin": origin, "chosen": chosen(str(directory))}


if __name__ == "__main__":
    entries = ",\n".join(f"    {json.dumps(model)}: {json.dumps(values)}" for model, values in MODELS.items())
    LIST.write_text(
        f'{{\n  "optimum-intel": {json.dumps(importlib.metadata.version("optimum-intel"))},\n'
        f'  "default": {json.dumps(GENERAL)},\n  "models": {{\n{entries}\n  }}\n}}\n', encoding="utf-8")
    cases = [json.dumps(like(model, origin)) for model, origin in [(model, None) for model in MODELS] + LIKE_THEM]
    GOLDEN.write_text("\n".join(["[", ",\n".join(cases), "]"]) + "\n", encoding="utf-8")
