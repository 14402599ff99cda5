"""Complete prompts on a Spark cluster of this machine, with one worker of one core, then with more, and compare.

The prompts are questions of the demo model's training texts, made from its templates. A cluster is a master and workers as
processes; the driver is ovchat/submit of an archive that ./scripts/bundle --spark makes, as on a cluster of many machines.
All runs have EXECUTION_MODE_HINT=ACCURACY, so that their answers have to be the same, and the same as those of Spark in
one process (local[1]); else this fails. Each worker is bound to a core of its own, as long as there are cores: without
that, one executor's threads of Java and Spark would use the cores of the others. tokens/s are the new tokens between the
moments when a fifth and four fifths of the rows were written: without the start of the cluster, and without its end, when
some have nothing left to do. A file of 64 rows or more is written at once, so that a rate takes a thousand prompts.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from machine import machine

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/plumbing"))
sys.path.insert(0, str(ROOT / "scripts/demo-model"))

from demo_dialogues import load_dialogues  # noqa: E402
from demo_model import demo_model  # noqa: E402
from spark_cluster import Cluster  # noqa: E402

FILES = 8  # between a fifth and four fifths of the rows; fewer give no rate


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench --spark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, help="model directory (the demo model)")
    parser.add_argument("--prompts", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--new-tokens", type=int, default=64, help="at most, for each prompt (64)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="sizes of the cluster (1 2)")
    parser.add_argument("--java", help=argparse.SUPPRESS)
    return parser.parse_args()


def submit(home, archive, output, options, *spark):
    """Run the job, and return what was written by line of the input, and when."""
    command = [archive.parent / "ovchat/submit", *spark, "--conf", "spark.executor.cores=1", "--conf", "spark.executor.memory=1g",
               "--", "--input", archive.parent / "prompts.txt", "--questions", "--output", output,
               "--ov-config=EXECUTION_MODE_HINT=ACCURACY", "--config", json.dumps({"maxNewTokens": options.new_tokens})]
    log = output.with_suffix(".log")
    with open(log, "w") as out:
        done = subprocess.run(
            list(map(str, command)), env={**os.environ, "SPARK_HOME": str(home)}, stdout=out, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"The job ended with {done.returncode}:\n{log.read_text()[-3000:]}")
    parts = sorted(output.glob("part-*.json"), key=lambda part: part.stat().st_mtime_ns)
    return [(part.stat().st_mtime_ns / 1e9, [json.loads(line) for line in part.read_text().splitlines()]) for part in parts]


def answers(parts):
    rows = [row for _, part in parts for row in part]
    found = {row["line"]: row["answer"] for row in rows}
    assert len(found) == len(rows), "a row is there twice"
    assert not [row for row in rows if row["error"]], "a row has an error"
    return found


def rate(parts):
    total, count, seen = sum(len(part) for _, part in parts), 0, []
    for moment, part in parts:
        count += len(part)
        seen.append((moment, count / total, sum(row["newTokens"] for row in part)))
    inner = [entry for entry in seen if 0.2 <= entry[1] <= 0.8]
    if len(inner) < FILES:
        sys.exit(f"{total} rows were written in {len(parts)} files, of which {len(inner)} came between the fifth and the four fifths "
                 f"of the rows: too few for a rate. Ask for more prompts; a file has 64 of them or more.")
    return sum(tokens for *_, tokens in inner[1:]) / (inner[-1][0] - inner[0][0])


def main():
    options = parse()
    home = pathlib.Path(os.environ["OVCHAT_HOME"], "spark").resolve()
    model = options.model or demo_model()
    here = machine()
    print(f"{here['cores']} cores of {here['cpu']}, load {here['load']:.1f}; {model}, {options.prompts} prompts", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        archive = folder / "ovchat.tar.gz"
        subprocess.run([ROOT / "scripts/bundle", "--spark", model, archive], check=True, stdout=sys.stderr)
        subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
        questions = [question for question, _ in load_dialogues().templated()]
        chosen = random.Random("many prompts").sample(questions, options.prompts)
        (folder / "prompts.txt").write_text("\n".join(chosen) + "\n", encoding="utf-8")
        runs = {}
        for workers in options.workers:
            with Cluster(home, folder, workers) as cluster:
                start = time.monotonic()
                parts = submit(home, archive, folder / f"out-{workers}", options, "--master", cluster.url)
                runs[workers] = rate(parts)
                print(f"{workers} workers: {runs[workers]:8.1f} tokens/s, {runs[workers] / runs[options.workers[0]]:5.2f} of the first; "
                      f"{time.monotonic() - start:.0f} s in all", flush=True)
            if workers == options.workers[0]:
                expected = answers(submit(
                    home, archive, folder / "out-local", options, "--master", "local[1]", "--driver-java-options",
                    f"-Dopenvino.libs={folder}/ovchat/openvino/libs"))
            if answers(parts) != expected:
                sys.exit(f"With {workers} workers the answers are others than in one process.")
        print(f"All {len(expected)} answers are those of one process.")


if __name__ == "__main__":
    main()
