"""Generate with and without a response format, by ovchat and by openvino-genai (XGrammar), in turn, and print a table.

Each program answers a question freely, by a schema that names its fields, and as any JSON, on the same ids, greedily. The
processes are warm, and so are the formats: the first round is not counted. A value is the median of all rounds. kept is
what a format leaves of the program's own tokens/s, later how much later its first token comes; ratio is ovchat's tokens/s
over that of the program with the same format and the same kind of attention: above 1, ovchat is faster. CPU is the time of
all threads, with the prompt's.
Tokens that a schema forces are read at once, so that a schema can save time. It is no way of ./scripts/bench ways, where
ovchat is measured against itself alone: what a format costs has to be seen beside another program, in the same run.
"""
import argparse
import contextlib
import json
import os
import pathlib
import statistics
import tempfile

import models
import peers
from machine import machine, read, run

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 30},
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
        "married": {"type": "boolean"},
        "hobbies": {"type": "array", "items": {"type": "string"}, "maxItems": 4},
    },
    "required": ["name", "age", "married", "hobbies"],
    "additionalProperties": False,
}
QUESTION = "Make up a list of twenty people: name, age, whether they are married, hobbies. Answer with JSON."
FREE, SCHEMA, JSON = "no format", "a schema", "any JSON"
FORMATS = {
    FREE: "none",
    SCHEMA: json.dumps({"type": "array", "items": PERSON, "minItems": 20}, separators=(",", ":")),
    JSON: json.dumps({"type": "object"}, separators=(",", ":")),
}
# openvino-genai's attention backends, each beside the layout of ovchat's cache that has the same kind of attention.
AGAINST = {peers.GENAI_SDPA: peers.OVCHAT, peers.GENAI_PA: peers.OVCHAT_PAGED}
PROGRAMS = [name for other, ours in AGAINST.items() for name in (ours, other)]
# The least of its own tokens/s that ovchat keeps, how much later its first token comes, and the ratio to openvino-genai.
KEPT, LATER, RATIO = 0.95, 0.05, 1.0


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench --structured", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="model directory (the demo model)")
    parser.add_argument("--new-tokens", type=int, default=128, help="length of each answer, 2 or more (128)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each program answers (5)")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.shape = None
    if options.new_tokens < 2 or options.rounds < 1:
        parser.error("--new-tokens has to be 2 or more, --rounds 1 or more.")
    return options


def measure(programs, options, rounds):
    """The answers to each format of each program, in turn, so that the machine's moods meet all of them."""
    ids = programs[peers.OVCHAT].ask("ids", QUESTION)["ids"]
    for number in range(options.rounds + 1):
        answers = {
            (name, kind): answer(program, options.new_tokens, text, ids)
            for kind, text in FORMATS.items() for name, program in programs.items()}
        if number > 0:  # the first one is warm-up
            rounds.append(answers)
        print(f"round {number} of {options.rounds}", flush=True)


def answer(program, new_tokens, format, ids):
    before = program.processor_seconds()
    answer = program.ask("structured", new_tokens, format, *ids)
    return {**answer, "processor_s": program.processor_seconds() - before}


def rate(answer):
    return (answer["tokens"] - 1) / answer["rest_s"] if answer["tokens"] > 1 else float("nan")


def table(rounds):
    def median(value):
        return statistics.median(map(value, rounds))

    yield "{:12} {:10} {:>9} {:>6} {:>6} {:>10} {:>6} {:>14}".format(
        "", "", "tokens/s", "kept", "ratio", "first, ms", "later", "CPU, ms/token")
    for name, kind in rounds[0]:
        this, free, ours = (name, kind), (name, FREE), (AGAINST.get(name, name), kind)
        kept = median(lambda answers: rate(answers[this]) / rate(answers[free]))
        ratio = median(lambda answers: rate(answers[ours]) / rate(answers[this]))
        later = median(lambda answers: answers[this]["first_s"] - answers[free]["first_s"])
        met = kept >= KEPT and later <= LATER if name not in AGAINST else ratio >= RATIO
        line = "{:12} {:10} {:9.1f} {:6.2f} {:6.2f} {:10.0f} {:6.0f} {:14.1f}".format(
            name, kind, median(lambda answers: rate(answers[this])), kept, ratio,
            median(lambda answers: answers[this]["first_s"]) * 1000, later * 1000,
            median(lambda answers: answers[this]["processor_s"] / answers[this]["tokens"]) * 1000)
        yield line if kind == FREE else f"{line}  {'met' if met else 'MISSED'}"


def main():
    options = parse()
    run(models.ROOT / "scripts/setup", "genai")
    model, _ = models.find_model(options)
    read(models.weights(model))
    rounds = []
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ["OVCHAT_WORK"]))
        whole = models.with_tokenizer(model, pathlib.Path(folder, "whole"))
        programs = {}
        for name in PROGRAMS:
            command = peers.command(name, options.java, whole if name in AGAINST else model)
            programs[name] = stack.enter_context(peers.Program(command))
        measure(programs, options, rounds)
    print("\n{cpu}, {cores} cores, load {load:.1f} now".format(**machine()))
    print(f"up to {options.new_tokens} new tokens, medians of {options.rounds} rounds, on {model}\n")
    print(*table(rounds), sep="\n")


if __name__ == "__main__":
    main()
