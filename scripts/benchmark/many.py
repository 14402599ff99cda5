"""Complete many prompts with ovchat, all by a queue and one by one, and with openvino-genai, in turn, and print a table.

The prompts have 10 to 700 tokens, each other ids, and the answers 5 to 200, whatever tokens come. tokens/s are new tokens
over the time from the first prompt to the last token, in a process that completed half as many others before: a JVM
compiles its code meanwhile, which in the first seconds takes a sixth of the processor's time. A value in the table is the
median of all rounds; a ratio is the median over the rounds, in each of which every program ran once; above 1, ovchat's queue is the
better one.
"""
import argparse
import pathlib
import random
import statistics

import models
import peers
from machine import machine, read, run
from workload import ordinary_ids

QUEUE = peers.OVCHAT_PAGED
# What it is compared with, and the ratio that it has to reach.
BARS = {peers.OVCHAT: 3.0, peers.GENAI_MANY: 1.0}
NAMES = {QUEUE: "ovchat, a queue", peers.OVCHAT: "ovchat, one by one", peers.GENAI_MANY: "genai, continuous batching"}


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench --many", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="model directory (the demo model)")
    parser.add_argument("--prompts", type=int, default=100, help="how many (100)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each program runs (3)")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.shape, options.peers = None, [peers.GENAI_MANY]
    if options.prompts < 1 or options.rounds < 1:
        parser.error("--prompts and --rounds have to be 1 or more.")
    return options


def mix(vocabulary, count):
    """Prompts with the lengths of their answers, as a request takes them."""
    chance = random.Random("many prompts")
    return ";".join(
        " ".join(map(str, [chance.randint(5, 200), *chance.choices(vocabulary, k=chance.randint(10, 700))]))
        for _ in range(count))


def measure(name, model, options, vocabulary):
    with peers.Program(peers.command(name, options.java, model)) as program:
        program.ask("many", mix(vocabulary[::-1], max(4, options.prompts // 2)))  # warm-up, of other ids
        answer = program.ask("many", mix(vocabulary, options.prompts))
    print(f"{NAMES[name]:28} {answer['tokens'] / answer['seconds']:8.1f} tokens/s", flush=True)
    return answer


def table(rounds):
    yield "{:28} {:>10} {:>8} {:>10}".format("", "tokens/s", "ratio", "at least")
    for name in NAMES:
        rates = [answers[name]["tokens"] / answers[name]["seconds"] for answers in rounds]
        ratio = statistics.median(answers[name]["seconds"] / answers[QUEUE]["seconds"] for answers in rounds)
        line = f"{NAMES[name]:28} {statistics.median(rates):10.1f}"
        if name in BARS:
            line += f" {ratio:8.2f} {BARS[name]:10.2f}  {'met' if ratio >= BARS[name] else 'MISSED'}"
        yield line


def main():
    options = parse()
    run(models.ROOT / "scripts/setup", "genai")
    model, _ = models.find_model(options)
    vocabulary, rounds = ordinary_ids(model), []
    read(models.weights(model))
    for _ in range(options.rounds):
        rounds.append({name: measure(name, model, options, vocabulary) for name in NAMES})
    print("\n{cpu}, {cores} cores, load {load:.1f} now".format(**machine()))
    print(f"{options.prompts} prompts on {model}\n")
    print(*table(rounds), sep="\n")


if __name__ == "__main__":
    main()
