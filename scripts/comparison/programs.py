"""Other programs that load exported models: transformers their tokenizers, optimum-intel, openvino-genai with both backends."""
import os
import pathlib
import subprocess

import torch
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoConfig, AutoTokenizer, GenerationConfig

from directories import same
from runs import CONFIG, same_ids

HERE = pathlib.Path(__file__).resolve().parent
PROMPTS = 3


def compare(documented, ours, prompts, new_tokens):
    """Rows: the same program gives the same answers from both directories."""
    prompts = prompts[:PROMPTS]
    yield same_ids("optimum-intel's answers", zip(*(ask_optimum(each, prompts, new_tokens) for each in (documented, ours))))
    for backend in ("SDPA", "PA"):
        yield same_ids(f"genai's answers, {backend}", zip(*(ask_genai(each, backend, prompts, new_tokens) for each in (documented, ours))))


def compare_configs(documented, ours):
    """A row: transformers reads the same configs. Their files may be of several of its versions."""
    return same("configs", configs(documented), configs(ours))


def configs(directory):
    """The fields of both configs, but for where they were read and who wrote them."""
    both = {**AutoConfig.from_pretrained(directory).to_dict(), **{
        f"generation {name}": value for name, value in GenerationConfig.from_pretrained(directory).to_dict().items()}}
    return {name: value for name, value in both.items() if not name.endswith(("_name_or_path", "transformers_version", "_from_model_config"))}


def compare_tokenizers(documented, ours, dialogues):
    """A row: transformers' AutoTokenizer makes the same ids of the same dialogues, by either directory's chat template."""
    sides = [AutoTokenizer.from_pretrained(each) for each in (documented, ours)]
    answers = [[side.apply_chat_template(each, return_dict=False) for each in dialogues]
               + [side(turn["content"])["input_ids"] for each in dialogues for turn in each] for side in sides]
    return same_ids("AutoTokenizer's ids", zip(*answers))


def ask_optimum(directory, prompts, new_tokens):
    model = OVModelForCausalLM.from_pretrained(directory, device="CPU", ov_config=CONFIG)
    # Past that length, where the rotary factors change, its generate() fails on transformers 5: it asks for cache_position.
    longest = getattr(model.config, "original_max_position_embeddings", len(prompts[0]) + new_tokens)
    new_tokens = min(new_tokens, longest - len(prompts[0]))
    answers = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        output = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, min_new_tokens=new_tokens,
            max_new_tokens=new_tokens)
        answers.append(output[0, len(prompt):].tolist())
    return answers


def ask_genai(directory, backend, prompts, new_tokens):
    lines = "".join(" ".join(map(str, prompt)) + "\n" for prompt in prompts)
    python = pathlib.Path(os.environ["OVCHAT_HOME"]) / "venv-genai/bin/python"
    done = subprocess.run([python, HERE / "genai_ids.py", directory, backend, str(new_tokens)], input=lines, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise SystemExit(f"{done.stderr}\nopenvino-genai failed on {directory} with exit code {done.returncode}.")
    return [[int(token) for token in line.split()] for line in done.stdout.splitlines()]
