"""Compare ovchat's greedy answers with optimum-intel's, in OpenVINO's default mode (on many CPUs bf16).

The prompts are those of the golden files. Two programs that compute the same in another order may round to other
numbers. So where an answer differs, it has to have taken the second best token, and the two best logits have to be
no further apart than neighbouring numbers of the format can be at that size.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

import torch
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from demo_model import demo_model  # noqa: E402

GOLDEN = ROOT / "lib/ovchat/src/test/resources/golden/generation.json"
CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": ""}
# Relative spacing of numbers at most, by the format that a compiled model says it computes in.
SPACING = {"bf16": 2.0**-7, "f16": 2.0**-10, "f32": 2.0**-23}


def parse():
    parser = argparse.ArgumentParser(prog="./scripts/compare", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--model", help="model directory (the demo model)")
    parser.add_argument("--new-tokens", type=int, default=256, help="longest answer")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def ask_optimum(model, prompt, new_tokens):
    """The ids of the answer, and the two best at each step: logits [steps, 2] and ids [steps, 2]."""
    ids = torch.tensor([prompt])
    output = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, do_sample=False,
        output_logits=True, return_dict_in_generate=True)
    return output.sequences[0, len(prompt):].tolist(), torch.cat(output.logits).topk(2)


def ask_ovchat(options, prompts):
    lines = "".join(" ".join(map(str, prompt)) + "\n" for prompt in prompts)
    cache = pathlib.Path(os.environ["OVCHAT_CACHE"]) / "javacpp"
    command = [options.java, "--enable-native-access=ALL-UNNAMED", f"-Dorg.bytedeco.javacpp.cachedir={cache}", "Answers"]
    done = subprocess.run(
        [*command, str(options.model), str(options.new_tokens)], input=lines, text=True, stdout=subprocess.PIPE, check=True)
    return [[int(token) for token in line.split()] for line in done.stdout.splitlines()]


def first_difference(ours, theirs):
    """The first step at which two answers differ, or None. Up to an end token or the limit they have one length."""
    return next((step for step, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), None)


def main():
    options = parse()
    options.model = options.model or demo_model()
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    texts = [case["prompt"] for case in json.loads(GOLDEN.read_text(encoding="utf-8"))]
    prompts = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    model = OVModelForCausalLM.from_pretrained(options.model, device="CPU", ov_config=CONFIG)
    theirs = [ask_optimum(model, prompt, options.new_tokens) for prompt in prompts]
    precision = model.request.get_compiled_model().get_property("INFERENCE_PRECISION_HINT").to_string()
    ours = ask_ovchat(options, prompts)
    same, excused, wrong = 0, 0, []
    for text, answer, (reference, top) in zip(texts, ours, theirs, strict=True):
        if answer == reference:
            same += 1
            continue
        step = first_difference(answer, reference)
        if step is None:
            print(f"{len(answer)} tokens instead of {len(reference)}: {text}")
            wrong.append(text)
            continue
        best, second = top.values[step].tolist()
        spacing = SPACING[precision] * abs(best)
        print(f"step {step} differs, logits {best:.4f} and {second:.4f}, spacing {spacing:.4f}: {text}")
        if answer[step] == top.indices[step, 1] and best - second <= spacing:
            excused += 1
        else:
            wrong.append(text)
    print(f"{len(texts)} prompts, {sum(map(len, ours)):,} tokens in {precision}: {same} answers the same, {excused} differ "
          f"where two logits are neighbours, {len(wrong)} are wrong")
    sys.exit(bool(wrong))


main()
