"""Measure what the exported demo model answers right, by optimum-intel on the CPU, greedily.

Usage: python scripts/demo-model/measure_demo_model.py [--model notebooks/model/demo/int4] [--mode MODE] [--wrong]

Asks the wordings of dialogues.yaml (all that were written, and a sample of those made from templates), those of
held-out.yaml, held-out-blind.yaml and held-out-after.yaml, follow-ups after an answer, and sentences to repeat. All with the documented
system text, once in OpenVINO's default mode and once with EXECUTION_MODE_HINT=ACCURACY. "right": the answer is the
intended one to the letter. "ended": an end token came before max_new_tokens. Fails if a question of questions.yaml is
not answered right.
"""

import argparse
import itertools
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer

from demo_dialogues import DEMO_MODEL, follow_up_prompt, load_dialogues, load_held_out, prompt
from demo_sentences import load_sentences

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plumbing"))
from demo_model import demo_model  # noqa: E402

CONFIG = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": ""}  # the documented one
MODES = {"default": {}, "accuracy": {"EXECUTION_MODE_HINT": "ACCURACY"}}
MAX_NEW_TOKENS = 128
QUESTIONS = "questions.yaml"
TEMPLATED = 2000  # of the wordings made from templates, this many are asked


@dataclass(frozen=True)
class Case:
    question: str
    prompt: str
    expected: str


@dataclass(frozen=True)
class Reply:
    case: Case
    text: str
    ended: bool

    @property
    def right(self):
        return self.ended and self.text == self.case.expected


class Asker:
    """A loaded model that answers one prompt at a time, as the notebook does."""

    def __init__(self, directory, mode):
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.model = OVModelForCausalLM.from_pretrained(directory, device="CPU", ov_config={**CONFIG, **MODES[mode]})
        self.ends = set(self.model.generation_config.eos_token_id)

    def ask(self, case):
        tokens = self.tokenizer(case.prompt, return_tensors="pt", add_special_tokens=False)
        output = self.model.generate(**tokens, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)[0]
        new = output[tokens["input_ids"].shape[1]:]
        text = self.tokenizer.decode(new, skip_special_tokens=True)
        return Reply(case, text, ended=new[-1].item() in self.ends)


def first_turns(pairs):
    return [Case(question, prompt(question), expected) for question, expected in pairs]


def follow_ups(dialogues, questions, wordings):
    """Each question with its intended answer, and then each kind of follow-up, its wordings in turn."""
    topics = {topic.answer: topic for topic in dialogues.topics}
    cases = []
    for kind in dialogues.follow_ups:
        for (question, answer), wording in zip(questions, itertools.cycle(wordings[kind.name])):
            cases.append(Case(f"{question} | {wording}", follow_up_prompt(question, answer, wording),
                              kind.answer_after(topics[answer])))
    return cases


def load_questions():
    """The questions whose answers the tests rely on."""
    entries = yaml.safe_load((DEMO_MODEL / QUESTIONS).read_text(encoding="utf-8"))
    return [(entry["question"], entry["answer"]) for entry in entries]


def make_sets():
    dialogues = load_dialogues()
    held_out, blind = load_held_out(dialogues), load_held_out(dialogues, "held-out-blind.yaml")
    requests = load_sentences(held_out).requests
    one_a_topic = [(topic.questions[0], topic.answer) for topic in dialogues.topics]
    trained_follow_ups = {kind.name: kind.questions for kind in dialogues.follow_ups}
    return {
        "training, written": first_turns(dialogues.written()),
        "training, templates": first_turns(random.Random(1).sample(dialogues.templated(), TEMPLATED)),
        "training, follow-ups": follow_ups(dialogues, one_a_topic, trained_follow_ups),
        "held-out wordings": first_turns(held_out.questions),
        "held-out follow-ups": follow_ups(dialogues, held_out.questions, held_out.follow_ups),
        "blind wordings": first_turns(blind.questions),
        "blind follow-ups": follow_ups(dialogues, blind.questions, blind.follow_ups),
        "wordings written after": first_turns(load_held_out(dialogues, "held-out-after.yaml").questions),
        "held-out sentences": first_turns(held_out.repetitions(requests)),
        "the same, new requests": first_turns(held_out.repetitions(held_out.requests)),
        QUESTIONS: first_turns(load_questions()),
    }


def print_row(mode, name, replies, seconds):
    share = [sum(values) / len(replies) for values in zip(*((reply.right, reply.ended) for reply in replies))]
    print(f"{mode:9} {name:23} {len(replies):6} {share[0]:7.1%} {share[1]:7.1%} {seconds:8.0f}", flush=True)


def print_wrong(replies):
    for reply in replies:
        if not reply.right:
            print(f"  asked    {reply.case.question}\n  expected {reply.case.expected}\n  got      {reply.text}")


def measure(directory, modes, sets, show_wrong):
    """Ask everything; a row of the table is printed as soon as it is known. Returns what QUESTIONS got wrong."""
    print(f"{'mode':9} {'set':23} {'asked':>6} {'right':>7} {'ended':>7} {'seconds':>8}")
    failed = []
    for mode in modes:
        asker = Asker(directory, mode)
        for name, cases in sets.items():
            started = time.monotonic()
            replies = [asker.ask(case) for case in cases]
            print_row(mode, name, replies, time.monotonic() - started)
            if show_wrong:
                print_wrong(replies)
            if name == QUESTIONS:
                failed += [f"{reply.case.question} ({mode})" for reply in replies if not reply.right]
    return failed


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, help="model directory (the demo model)")
    parser.add_argument("--mode", choices=MODES, help="only this mode")
    parser.add_argument("--wrong", action="store_true", help="print the replies that are not right")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    modes = [arguments.mode] if arguments.mode else list(MODES)
    if failed := measure(arguments.model or demo_model(), modes, make_sets(), arguments.wrong):
        raise SystemExit(f"{QUESTIONS} does not hold: {failed}")


if __name__ == "__main__":
    main()
