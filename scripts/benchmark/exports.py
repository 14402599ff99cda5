"""Export a checkpoint by ./scripts/export and by the documented command in turn, and run ovchat on both results.

  time                  of the whole process. ovchat's holds all of ./scripts/export; of the documented command only
                        optimum-cli is measured. The input is in the page cache, or was evicted by posix_fadvise.
  peak memory           what is resident at most of all processes of the command, mapped files included: the largest of
                        samples, 50 a second (VmRSS; Pss while there are several, which may share pages).
  of that in no file    the same without mapped files (RssAnon and RssShmem, or their shares).
  tokens/s, first token as of ./scripts/bench. Both results are loaded by an ovchat each, and answer in turn: the speed of
                        a shared machine changes within seconds.

A value is the median of the rounds or answers, a ratio the median of their ratios, pair by pair; above 1, ovchat is the
better one. The bars are those of the shape phi3-mini.
"""
import argparse
import contextlib
import datetime
import json
import pathlib
import shutil
import statistics
import sys
import tempfile

import figures
import peers
from machine import cached, evict, machine, read, run
from process_tree import measure
from workload import Workload

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from export_model import command as documented  # noqa: E402
from temporary import temporary_folder  # noqa: E402

DEMO = ROOT / "environment/demo-model/checkpoint"
OVCHAT, OPTIMUM = peers.OVCHAT, "optimum-cli"
IN_CACHE, EVICTED = "input cached", "input evicted"
MOST_IN_NO_FILE = 1e9


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench --export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="checkpoint (the demo model's)")
    parser.add_argument("--shape", choices=["phi3-mini"], help="a checkpoint as large as this one, with random weights; made "
                        "in the directory of --model, or in OVCHAT_HOME, where it is not there: 8 GB of disk and of memory")
    parser.add_argument("--rounds", type=int, default=3, help="how often each command runs (3)")
    parser.add_argument("--repetitions", type=int, default=9, help="answers to prompts of each length from each result (9)")
    parser.add_argument("--new-tokens", type=int, default=32, help="length of each answer, 2 or more (32)")
    parser.add_argument("--prompts", nargs="+", type=int, default=[16, 256, 1024], help="tokens of the prompts (16 256 1024)")
    parser.add_argument("--work", type=pathlib.Path, help="where the results go until the end (the system's folder)")
    parser.add_argument("--json", type=pathlib.Path, help="file for all that was measured")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.context = []
    if options.new_tokens < 2 or min(options.rounds, options.repetitions) < 1:
        parser.error("--new-tokens has to be 2 or more, --rounds and --repetitions 1 or more.")
    return options


def find_checkpoint(options):
    checkpoint = options.model or (peers.HOME / "models/phi3-mini-checkpoint" if options.shape else DEMO)
    if options.shape and not checkpoint.exists():
        print(f"Making a checkpoint of the shape {options.shape} in {checkpoint} …", flush=True)
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(checkpoint.parent, "checkpoint") as work:
            made = work / "checkpoint"
            run(peers.HOME / "venv-export/bin/python", ROOT / "scripts/benchmark/phi3_shape.py", made)
            made.rename(checkpoint)
    if not weights(checkpoint):
        sys.exit(f"The directory {checkpoint} has no safetensors files: it is no checkpoint.")
    return checkpoint


def weights(checkpoint):
    return sorted(checkpoint.glob("*.safetensors"))


def commands(checkpoint, target):
    return {
        OVCHAT: [ROOT / "scripts/export", "--model", checkpoint, target],
        OPTIMUM: [peers.HOME / "venv-export/bin/optimum-cli", *documented(["--model", str(checkpoint), str(target)])]}


def export(name, state, checkpoint, target):
    """Runs one command; its result is at the target."""
    files = weights(checkpoint)
    (read if state == IN_CACHE else evict)(*files)
    before = cached(*files)
    with tempfile.TemporaryFile("w+") as log:
        return {**measure(commands(checkpoint, target)[name], log), "cached_bytes": before}


def in_turn(number):
    """Each comes first as often as the other."""
    return (OVCHAT, OPTIMUM) if number % 2 == 0 else (OPTIMUM, OVCHAT)


def export_round(number, state, checkpoint, work):
    """Leaves the results in the work directory, by name."""
    measured = {}
    for name in in_turn(number):
        target = work / "new"
        each = measured[name] = export(name, state, checkpoint, target)
        print("round {}  {:13} {:12} {:7.1f} s   peak {:6.0f} MB, in no file {:6.0f} MB".format(
            number + 1, state, name, each["seconds"], each["peak_bytes"] / 1e6, each["peak_in_no_file_bytes"] / 1e6),
            flush=True)
        shutil.rmtree(work / name, ignore_errors=True)
        target.rename(work / name)
    return measured


def generations(workload, java, work):
    """Pairs of answers to each length of prompts."""
    with contextlib.ExitStack() as both:
        programs = {
            name: both.enter_context(peers.Program(peers.command(OVCHAT, java, work / name))) for name in (OVCHAT, OPTIMUM)}
        for number in range(workload.repetitions + 1):
            measured = {name: {"prompts": {}} for name in programs}
            for length in workload.prompts:
                for name in in_turn(number):
                    measured[name]["prompts"][str(length)] = [workload.answer(programs[name], length, number)]
            if number > 0:  # the first one is warm-up
                print_pair(number, measured, workload.prompts)
                yield measured


def print_pair(number, measured, lengths):
    rates = [" ".join(f"{figures.rate(each, length):7.1f}" for length in lengths) for each in measured.values()]
    print(f"pair {number}  tokens/s {rates[0]}, on the result of {OPTIMUM} {rates[1]}", flush=True)


def measure_all(options, checkpoint, work):
    """All that is known after each round, as it goes into the file of --json."""
    files = weights(checkpoint)
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "machine": machine(),
        "shape": options.shape, "checkpoint": str(checkpoint), "checkpoint_bytes": sum(file.stat().st_size for file in files),
        "prompts": [], "new_tokens": options.new_tokens, "repetitions": options.repetitions,
        "exports": {IN_CACHE: [], EVICTED: []}, "generations": []}
    for number in range(options.rounds):
        for state, rounds in result["exports"].items():
            rounds.append(export_round(number, state, checkpoint, work))
            yield result
    result["weights_bytes"] = {name: (work / name / "openvino_model.bin").stat().st_size for name in (OVCHAT, OPTIMUM)}
    workload = Workload(work / OVCHAT, options)
    result["prompts"] = workload.prompts
    for pair in generations(workload, options.java, work):
        result["generations"].append(pair)
        yield result


def row(name, form, rounds, value, more_is_better=False, least=None):
    theirs, ratio = figures.compare({"rounds": rounds}, OPTIMUM, more_is_better, value)
    ours = statistics.median(value(each[OVCHAT]) for each in rounds)
    bar = ("", "") if least is None else (f"{least:.2f}", figures.verdict(ratio >= least))
    return figures.COLUMNS.format(name, form.format(ours), OPTIMUM, form.format(theirs), f"{ratio:.2f}", *bar).rstrip()


def table(result):
    """The lines of the table."""
    time_bar, speed_bar = (4.0, 0.97) if result["shape"] else (None, None)
    yield figures.COLUMNS.format("figure", "ovchat", "against", "its figure", "ratio", "at least", "").rstrip()
    for state, rounds in result["exports"].items():
        yield row(f"time, {state}", "{:.1f} s", rounds, lambda run: run["seconds"], least=time_bar)
    for state, rounds in result["exports"].items():
        yield row(f"peak memory, {state}", "{:.0f} MB", rounds, lambda run: run["peak_bytes"] / 1e6)
        yield row("  of that in no file", "{:.0f} MB", rounds, lambda run: run["peak_in_no_file_bytes"] / 1e6)
    most = max(each[OVCHAT]["peak_in_no_file_bytes"] for rounds in result["exports"].values() for each in rounds)
    yield figures.COLUMNS.format(
        "  the most of all rounds", f"{most / 1e6:.0f} MB", "", "", "", "< 1000", figures.verdict(most < MOST_IN_NO_FILE))
    for length in result["prompts"]:
        yield row(f"tokens/s, prompt of {length}", "{:.1f}", result["generations"],
                  lambda run: figures.rate(run, length), more_is_better=True, least=speed_bar)
    for length in result["prompts"]:
        yield row(f"first token, prompt of {length}", "{:.1f} ms", result["generations"],
                  lambda run: figures.first_token(run, length) * 1000, least=speed_bar)


def main():
    options = parse()
    run(ROOT / "scripts/setup", "export")
    checkpoint = find_checkpoint(options)
    with temporary_folder(options.work or tempfile.gettempdir(), "ovchat-bench") as work:
        for result in measure_all(options, checkpoint, work):
            if options.json:
                options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print("\n{cpu}, {cores} cores, load {load:.1f} before".format(**result["machine"]))
    print(f"{checkpoint}: {result['checkpoint_bytes'] / 1e6:.0f} MB, exported to", ", ".join(
        f"{size / 1e6:.1f} MB ({name})" for name, size in result["weights_bytes"].items()))
    left = max(each["cached_bytes"] for rounds in result["exports"][EVICTED] for each in rounds.values())
    print(f"{IN_CACHE}: read into the page cache before; {EVICTED}: posix_fadvise, at most {left / 1e6:.0f} MB stayed (fincore)")
    print(f"Medians of {options.rounds} rounds and {options.repetitions} pairs of answers; {options.new_tokens} new tokens\n")
    print(*table(result), sep="\n")


if __name__ == "__main__":
    main()
