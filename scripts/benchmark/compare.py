"""Run ovchat and its peers in turn on the same model, and print one table with their ratios and what they have to be."""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import tempfile

import figures
import models
import peers
from machine import machine, read, run
from workload import Workload

# What is measured where no option says it: as a rule, on a model of a given shape, and with --quick.
USUAL = {"processes": 5, "repetitions": 5, "new_tokens": 256, "prompts": [16, 256, 1024], "context": [64, 2048]}
SHAPE = {"repetitions": 2, "new_tokens": 32}
QUICK = {"processes": 2, "repetitions": 2, "new_tokens": 64, "prompts": [16, 256], "context": []}


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench", description=__doc__, epilog=figures.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="model directory, or GGUF file: then ovchat's exports of it are made, "
                        "once for each file, in OVCHAT_WORK (the demo model)")
    parser.add_argument("--shape", choices=models.SHAPES, help="a model as large as this one, with random weights; made in the "
                        "directory of --model, or in OVCHAT_HOME, where it is not there: 11 GB of disk and of memory")
    parser.add_argument("--peers", nargs="*", choices=peers.PEERS, help="what to compare with (all that can run on such a "
                        f"model); {', '.join(peers.OF_FILES)}: on a GGUF file alone")
    parser.add_argument("--processes", type=int, help="processes of each program (5)")
    parser.add_argument("--repetitions", type=int, help="generations of each length in a process (5; with --shape 2)")
    parser.add_argument("--new-tokens", type=int, help="length of each answer, 2 or more (256; with --shape 32)")
    parser.add_argument("--prompts", nargs="+", type=int, help="tokens of the prompts (16 256 1024)")
    parser.add_argument("--context", nargs="*", type=int,
                        help="tokens of a short and a long prompt, to see what the context costs (64 2048); none: left out")
    parser.add_argument("--quick", action="store_true", help="less of all: 2 processes, 2 generations, 64 new tokens, "
                        "prompts of 16 and 256, no context; some minutes")
    parser.add_argument("--cache", action="store_true", help="start with the compiled model in OpenVINO's CACHE_DIR, which a "
                        "process that is not measured fills for each program")
    parser.add_argument("--archive", action="store_true", help="start ovchat with an archive of its classes, too, which a process "
                        "that is not measured makes")
    parser.add_argument("--json", type=pathlib.Path, help="file for all that was measured")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name, value in (USUAL | (QUICK if options.quick else {}) | (SHAPE if options.shape else {})).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.new_tokens < 2 or options.processes < 1 or options.repetitions < 1 or len(options.context) not in (0, 2):
        parser.error("--new-tokens has to be 2 or more, --processes and --repetitions 1 or more, and --context takes two lengths or none.")
    return options


def measure(options, read_by, failed, kind):
    """All that is known after each round, as it goes into the file of --json. A peer that fails is left out from then on."""
    workload = Workload(read_by[peers.OVCHAT], options)
    result = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "machine": machine(),
        "model": kind, "read": {name: str(model) for name, model in read_by.items()},
        "cache": options.cache, "new_tokens": options.new_tokens, "repetitions": options.repetitions, "prompts": workload.prompts,
        "context": workload.context, "peers": [*options.peers], "failed": failed, "rounds": [],
    }
    for name, reason in failed.items():
        print(f"{'':11}{name:14} cannot run: {reason}", flush=True)
    for number in range(options.processes):
        result["rounds"].append({})
        for name, model in read_by.items():  # in turn, so that the machine's moods meet all of them
            if name not in failed:
                measure_one(number, name, model, options, workload, result)
        yield result


def class_archive(java, model, folder):
    """An archive of ovchat's classes, made as lib/samples/README.md says: for that the whole class path has to be jars."""
    classes, _, jars = os.environ["CLASSPATH"].partition(":")
    os.environ["CLASSPATH"] = f"{shutil.make_archive(f'{folder}/program', 'zip', classes)}:{jars}"
    archive = pathlib.Path(folder) / "ovchat.jsa"
    command = peers.command(peers.OVCHAT, java, model)
    with peers.Program(peers.with_options(command, f"-XX:ArchiveClassesAtExit={archive}")) as program:
        program.ask("generate", 1, 0)
    if not archive.is_file():
        raise SystemExit(f"{java} has made no archive of its classes with -XX:ArchiveClassesAtExit={archive}.")
    return archive


def with_tokenizers(read_by, folder):
    """The model directories of openvino-genai, which then loads the tokenizer with the model, as ovchat does."""
    names = [name for name in (peers.GENAI_SDPA, peers.GENAI_PA) if name in read_by]
    return dict.fromkeys(names, models.with_tokenizer(read_by[names[0]], folder)) if names else {}


def measure_one(number, name, model, options, workload, result):
    weights = models.weights(model)
    read(weights)  # brings them into the page cache
    command = peers.command(name, options.java, options.whole.get(name, model), workload.longest)
    try:
        if options.cache and number == 0:
            workload.start(command)  # fills the cache
        measured = workload.run(name, command)
        if name == peers.OVCHAT and options.class_archive:
            archived = peers.with_options(command, f"-XX:SharedArchiveFile={options.class_archive}")
            measured["archived_start_s"] = workload.start(archived)
    except peers.Failed as why:
        if name == peers.OVCHAT:
            raise
        result["failed"][name] = why.reason
        print(f"process {number + 1}  {name:14} failed: {why}", flush=True)
        return
    result["rounds"][-1][name] = {**measured, "weights_bytes": weights.stat().st_size}
    rates = " ".join(f"{figures.rate(measured, length):8.1f}" for length in workload.prompts)
    print(f"process {number + 1}  {name:14} first token {measured['start_s']:6.2f} s   tokens/s {rates}", flush=True)


def main():
    options = parse()
    options.peers = models.choose_peers(options)
    for part in sorted({peers.SETUP[peer] for peer in options.peers if peer in peers.SETUP}):
        run(models.ROOT / "scripts/setup", part)
    with tempfile.TemporaryDirectory(dir=os.environ["OVCHAT_WORK"]) as folder:
        os.environ["BENCH_CACHE_DIR"] = ""
        found = models.find_models(options)
        options.class_archive = class_archive(options.java, found[0][peers.OVCHAT], folder) if options.archive else None
        options.whole = with_tokenizers(found[0], pathlib.Path(folder, "whole"))
        os.environ["BENCH_CACHE_DIR"] = folder if options.cache else ""
        for result in measure(options, *found):
            if options.json:
                options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print("\n{cpu}, {cores} cores, load {load:.1f} before".format(**result["machine"]))
    for name, measured in result["rounds"][0].items():
        print(f"{name}:", ", ".join(f"{part} {version}" for part, version in measured["versions"].items()), "on", result["read"][name])
    start = ", compiled models in OpenVINO's cache" if options.cache else ""
    print(f"{options.new_tokens} new tokens, medians of {options.processes} processes{start}\n")
    print(*figures.table(result), sep="\n")


if __name__ == "__main__":
    main()
