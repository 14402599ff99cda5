"""Measure what the exported demo model answers right, by optimum-intel on the CPU, greedily.

Usage: python scripts/measure_demo_model.py [--model environment/demo-model/int4] [--wrong] [--questions FILE]

Asks every wording of dialogues.yaml and of held-out.yaml, with the documented system text, once in OpenVINO's default
mode and once with EXECUTION_MODE_HINT=ACCURACY. "right": the answer is its topic's to the letter. "ended": an end
token came before max_new_tokens.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer

from demo_dialogues import DEMO_MODEL, load_dialogues, load_held_out, prompt

CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": ""}  # the documented one
MODES = {"default": {}, "accuracy": {"EXECUTION_MODE_HINT": "ACCURACY"}}
MAX_NEW_TOKENS = 128


@dataclass(frozen=True)
class Reply:
    question: str
    expected: str
    text: str
    ended: bool

    @property
    def right(self):
        return self.ended and self.text == self.expected


class Asker:
    """A loaded model that answers one question at a time, as the notebook does."""

    def __init__(self, directory, mode):
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.model = OVModelForCausalLM.from_pretrained(directory, device="CPU", ov_config={**CONFIG, **MODES[mode]})
        self.ends = set(self.model.generation_config.eos_token_id)

    def ask(self, question, expected):
        tokens = self.tokenizer(prompt(question), return_tensors="pt", add_special_tokens=False)
        output = self.model.generate(**tokens, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)[0]
        new = output[tokens["input_ids"].shape[1]:]
        text = self.tokenizer.decode(new, skip_special_tokens=True)
        return Reply(question, expected, text, ended=new[-1].item() in self.ends)


def print_row(mode, name, replies, seconds):
    share = [sum(values) / len(replies) for values in zip(*((reply.right, reply.ended) for reply in replies))]
    print(f"{mode:9} {name:9} {len(replies):6} {share[0]:7.1%} {share[1]:7.1%} {seconds:8.0f}", flush=True)


def print_wrong(replies):
    for reply in replies:
        if not reply.right:
            print(f"  asked    {reply.question}\n  expected {reply.expected}\n  got      {reply.text}")


def measure(directory, sets, show_wrong):
    """All replies by mode; a row of the table is printed as soon as it is known."""
    print(f"{'mode':9} {'set':9} {'asked':>6} {'right':>7} {'ended':>7} {'seconds':>8}")
    by_mode = {}
    for mode in MODES:
        asker, by_mode[mode] = Asker(directory, mode), []
        for name, pairs in sets.items():
            started = time.monotonic()
            replies = [asker.ask(question, expected) for question, expected in pairs]
            print_row(mode, name, replies, time.monotonic() - started)
            by_mode[mode] += replies
            if show_wrong:
                print_wrong(replies)
    return by_mode


def check_questions(by_mode, path):
    """Fail unless every entry of the file is answered as it says, in every mode."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    for mode, replies in by_mode.items():
        got = {reply.question: reply.text for reply in replies if reply.ended}
        wrong = [entry["question"] for entry in entries if got.get(entry["question"]) != entry["answer"]]
        print(f"{path.name}: {len(entries) - len(wrong)} of {len(entries)} right in mode {mode}")
        if wrong:
            raise SystemExit(f"wrong in mode {mode}: {wrong}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=DEMO_MODEL / "int4")
    parser.add_argument("--wrong", action="store_true", help="print the replies that are not right")
    parser.add_argument("--questions", type=Path, default=DEMO_MODEL / "questions.yaml")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    dialogues = load_dialogues()
    sets = {"training": dialogues.pairs(), "held-out": load_held_out(dialogues)}
    by_mode = measure(arguments.model, sets, arguments.wrong)
    if arguments.questions.exists():
        check_questions(by_mode, arguments.questions)


if __name__ == "__main__":
    main()
