"""Compare GGUF's own formats of four bits, made of SmolLM2's file.

llama.cpp makes a file of each format, ovchat exports it as it is and measures the perplexity of notebook 02's pages, as a
multiple of that of the file that was given. Where rows are not made of whole blocks of 256 weights, llama.cpp takes another
format for them: the table says which formats a file has, by their share of the weights.
"""
import argparse
import collections
import math
import os
import pathlib
import subprocess
import sys

import gguf

from folders import ROOT, WORK
from temporary import temporary_folder

HERE = pathlib.Path(__file__).resolve().parent
SMOLLM2 = ROOT / "environment/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
FORMATS = ("Q4_0", "Q4_1", "Q4_K_S", "Q4_K_M")


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/compare --quantized", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=pathlib.Path, default=SMOLLM2, help="a GGUF file of yours in its place")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--python", required=True, help=argparse.SUPPRESS)  # the one that has llama-cpp-python
    return parser.parse_args()


def made(python, source, folder):
    """The file itself and those of the formats."""
    files = {"as it is": folder / source.name}
    files["as it is"].symlink_to(source)
    for kind in FORMATS:
        files[kind] = folder / f"{kind}.gguf"
        command = [python, HERE / "llama_cpp_quantize.py", source, files[kind], kind]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace")
        if done.returncode:
            sys.exit(f"{done.stderr}llama.cpp cannot make {kind} of {source}; it says why above.")
    return files


def formats(file):
    """The formats of a file's matrices, with their shares of the weights."""
    counts = collections.Counter()
    for tensor in gguf.GGUFReader(file).tensors:
        if len(tensor.shape) > 1:
            counts[tensor.tensor_type.name] += int(tensor.n_elements)
    return ", ".join(f"{100 * count / counts.total():.0f} % {name}" for name, count in counts.most_common())


def perplexities(java, files):
    """Those of the pages, for each file."""
    cache = f"-Dorg.bytedeco.javacpp.cachedir={os.environ['OVCHAT_CACHE']}/javacpp"
    done = subprocess.run([java, "--enable-native-access=ALL-UNNAMED", cache, "Perplexities", *map(str, files)], check=True,
                          stdout=subprocess.PIPE, text=True)
    return [[float(number) for number in line.split("\t")] for line in done.stdout.splitlines()]


def main():
    options = parse()
    WORK.mkdir(parents=True, exist_ok=True)
    with temporary_folder(WORK, "quantized") as folder:
        files = made(options.python, options.file.resolve(), pathlib.Path(folder))
        measured = perplexities(options.java, files.values())
        print("| file | formats of its matrices | MB | English | all pages |\n|---|---|---|---|---|")
        for (name, file), found in zip(files.items(), measured):
            ratios = [one / other for one, other in zip(found, measured[0])]
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            print(f"| {name} | {formats(file)} | {file.stat().st_size / 1e6:.1f} | {ratios[0]:.3f} | {mean:.3f} |")


if __name__ == "__main__":
    main()
