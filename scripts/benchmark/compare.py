"""Run ovchat and its peers in turn on the same model, and print one table with their ratios and what they have to be."""
import argparse
import datetime
import json
import pathlib
import shutil
import sys

import figures
import peers
from machine import machine, read, run
from workload import Workload

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from demo_model import DEMO, demo_model  # noqa: E402
from temporary import temporary_folder  # noqa: E402

SHAPES = {"phi3-mini": "phi3_shape.py"}


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench", description=__doc__, epilog=figures.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="model directory (the demo model)")
    parser.add_argument("--shape", choices=SHAPES, help="a model as large as this one, with random weights; made in the "
                        "directory of --model, or in OVCHAT_HOME, where it is not there: 11 GB of disk and of memory")
    parser.add_argument("--peers", nargs="*", choices=peers.PEERS, default=peers.PEERS, help="what to compare with (all)")
    parser.add_argument("--processes", type=int, default=5, help="processes of each program (5)")
    parser.add_argument("--repetitions", type=int, help="generations of each length in a process (5; with --shape 2)")
    parser.add_argument("--new-tokens", type=int, help="length of each answer, 2 or more (256; with --shape 32)")
    parser.add_argument("--prompts", nargs="+", type=int, default=[16, 256, 1024], help="tokens of the prompts (16 256 1024)")
    parser.add_argument("--context", nargs="*", type=int, default=[64, 2048],
                        help="tokens of a short and a long prompt, to see what the context costs (64 2048); none: left out")
    parser.add_argument("--json", type=pathlib.Path, help="file for all that was measured")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.repetitions = options.repetitions or (2 if options.shape else 5)
    options.new_tokens = options.new_tokens or (32 if options.shape else 256)
    if options.new_tokens < 2 or options.processes < 1 or len(options.context) not in (0, 2):
        parser.error("--new-tokens has to be 2 or more, --processes 1 or more, and --context takes two lengths or none.")
    return options


def make_shape(name, directory):
    """Export a random checkpoint, unless that was done before."""
    if (directory / "openvino_model.bin").exists():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    run(ROOT / "scripts/setup", "export")
    with temporary_folder(directory.parent, "shape") as work:
        checkpoint, exported = work / "checkpoint", work / "int4"
        print(f"Making a model of the shape {name} in {directory} …", flush=True)
        run(peers.HOME / "venv-export/bin/python", ROOT / "scripts/benchmark" / SHAPES[name], checkpoint)
        run(ROOT / "scripts/export", "--model", checkpoint, exported)
        shutil.move(exported, directory)


def find_model(options):
    if options.shape:
        directory = options.model or peers.HOME / "models" / f"{options.shape}-shape"
        make_shape(options.shape, directory)
        return directory, options.shape
    directory = options.model or demo_model()
    if not (directory / "openvino_model.bin").is_file():
        sys.exit(f"The directory {directory} has no openvino_model.bin: it is no exported model. Export one with ./scripts/export.")
    return directory, "demo" if directory.resolve() == DEMO else "other"


def measure(options, model, kind):
    """All that is known after each round, as it goes into the file of --json."""
    workload = Workload(model, options)
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "machine": machine(),
        "model": kind, "directory": str(model), "weights_bytes": (model / "openvino_model.bin").stat().st_size,
        "new_tokens": options.new_tokens, "repetitions": options.repetitions, "prompts": workload.prompts,
        "context": workload.context, "peers": [*options.peers], "rounds": [],
    }
    for number in range(options.processes):
        result["rounds"].append({})
        for name in (peers.OVCHAT, *options.peers):  # in turn, so that the machine's moods meet all of them
            read(model / "openvino_model.bin")  # brings the weights into the page cache
            measured = result["rounds"][-1][name] = workload.run(name, peers.command(name, options.java, model))
            rates = " ".join(f"{figures.rate(measured, length):8.1f}" for length in workload.prompts)
            print(f"process {number + 1}  {name:14} first token {measured['start_s']:6.2f} s   tokens/s {rates}", flush=True)
        yield result


def main():
    options = parse()
    for part in sorted({peers.SETUP[peer] for peer in options.peers}):
        run(ROOT / "scripts/setup", part)
    for result in measure(options, *find_model(options)):
        if options.json:
            options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print("\n{cpu}, {cores} cores, load {load:.1f} before".format(**result["machine"]))
    for name, measured in result["rounds"][0].items():
        print(f"{name}:", ", ".join(f"{part} {version}" for part, version in measured["versions"].items()))
    print("{directory}: {new_tokens} new tokens, medians of".format(**result), options.processes, "processes\n")
    print(*figures.table(result), sep="\n")


main()
