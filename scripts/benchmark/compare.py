"""Run ovchat and optimum-intel in turn on the same model, and print medians and ratios.

Each is a whole process: it says "first token" when it has it, and "tokens/s X" for each repetition after that.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "environment/demo-model/int4"
PROMPT = "<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|><|assistant|>"


def parse():
    parser = argparse.ArgumentParser(prog="./scripts/bench", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--model", default=DEMO, help="model directory")
    parser.add_argument("--new-tokens", type=int, default=256, help="length of each answer")
    parser.add_argument("--repetitions", type=int, default=5, help="answers of each process on the warm model")
    parser.add_argument("--processes", type=int, default=5, help="processes of each program")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--python", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def programs(options):
    cache = pathlib.Path(os.environ["OVCHAT_CACHE"]) / "javacpp"
    return {
        "ovchat": [options.java, "--enable-native-access=ALL-UNNAMED", f"-Dorg.bytedeco.javacpp.cachedir={cache}", "Ovchat"],
        "optimum-intel": [options.python, str(HERE / "optimum_intel.py")],
    }


def measure(command, options):
    """Seconds from process start to the first token, and the median tokens/s of the repetitions."""
    arguments = [str(options.model), str(options.new_tokens), str(options.repetitions), PROMPT]
    start, first, rates = time.perf_counter(), None, []
    errors = tempfile.TemporaryFile("w+")
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        for line in process.stdout:
            if line.startswith("first token"):
                first = time.perf_counter() - start
            elif line.startswith("tokens/s"):
                rates.append(float(line.split()[1]))
    if process.returncode or first is None or len(rates) != options.repetitions:
        errors.seek(0)
        raise SystemExit(f"{errors.read()}\n{' '.join(command)} failed with exit code {process.returncode}.")
    return first, statistics.median(rates)


def main():
    options = parse()
    results = {name: [] for name in programs(options)}
    for number in range(options.processes):
        for name, command in programs(options).items():  # in turn, so that the machine's moods meet both
            results[name].append(measure(command, options))
            first, rate = results[name][-1]
            print(f"process {number + 1}  {name:14} first token {first:6.2f} s  {rate:8.1f} tokens/s", flush=True)
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
    print(f"\n{'medians':14} {'process start to first token':>30} {'tokens/s, warm':>16}")
    for name, (first, rate) in medians.items():
        print(f"{name:14} {first:28.2f} s {rate:16.1f}")
    (our_first, our_rate), (peer_first, peer_rate) = medians["ovchat"], medians["optimum-intel"]
    print(f"{'ovchat is':14} {peer_first / our_first:22.1f} x sooner {our_rate / peer_rate:9.2f} x faster")


main()
