"""Run notebook 01 and the document's ten steps as a Python notebook, in turn, on the demo model, and print a table.

Both are whole processes: for Java ./scripts/run, and for Python nbclient with a kernel of optimum-intel's environment.
A kernel is ready when it answers its first message. A value in the table is the median of all rounds; the ratio is the
median over the rounds; below 1, ovchat is the better one.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import nbformat
from jupyter_client.manager import KernelManager

import models
import peers
from machine import machine, run

# At most so much of Python's time, and at most so many seconds.
MOST = {"ratio": 0.45, "run": 6.0, "kernel ready": 2.5}
CELLS = (
    "from transformers import AutoConfig, AutoTokenizer\nfrom optimum.intel.openvino import OVModelForCausalLM",
    'ov_config = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "CACHE_DIR": ""}',
    'ov_model = OVModelForCausalLM.from_pretrained(\n    model_dir, device="CPU", ov_config=ov_config,\n'
    "    config=AutoConfig.from_pretrained(model_dir, trust_remote_code=True), trust_remote_code=True)",
    "tok = AutoTokenizer.from_pretrained(model_dir, trust_remote_code=True)",
    'tokenizer_kwargs = {"add_special_tokens": False}',
    'prompt = "<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|><|assistant|>"',
    'input_tokens = tok(prompt, return_tensors="pt", **tokenizer_kwargs)',
    "answer = ov_model.generate(**input_tokens, max_new_tokens=1024)",
    "decoded_answer = tok.batch_decode(answer, skip_special_tokens=True)[0]\nprint(decoded_answer)",
)
# optimum-intel's environment has no kernel: that of the notebooks' environment is found after its own packages.
KERNEL = "import sys; sys.path.append({packages!r}); from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/bench --notebook", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each runs (3)")
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds has to be 1 or more.")
    return options


def python_notebook(folder, model):
    """Writes the notebook and a kernel spec named python-original; gives the notebook's path."""
    cells = [f"model_dir = {str(model)!r}", *CELLS]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    path = folder / "original.ipynb"
    nbformat.write(notebook, path)
    packages = next(pathlib.Path(sys.prefix, "lib").glob("python3*/site-packages"))
    spec = folder / "kernels/python-original"
    spec.mkdir(parents=True)
    argv = [str(peers.HOME / "venv-export/bin/python"), "-c", KERNEL.format(packages=str(packages)), "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python", "language": "python"}))
    return path


def seconds(*command, **environment):
    """The time of a command, which has to succeed, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\n{command[0]} failed.")
    return taken, done.stdout


def ready(kernel, **environment):
    """Seconds until a kernel answers."""
    manager = KernelManager(kernel_name=kernel)
    start = time.perf_counter()
    manager.start_kernel(env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        return time.perf_counter() - start
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def measure(notebook, model):
    path = f"{notebook.parent}{os.pathsep}{os.environ['JUPYTER_PATH']}"
    os.environ["JUPYTER_PATH"] = path
    java, said = seconds(models.ROOT / "scripts/run", MODEL_DIR=str(model))
    assert "ended by END_TOKEN" in said, said
    execute = "import sys, nbformat, nbclient; n = nbformat.read(sys.argv[1], 4); " \
        "nbclient.NotebookClient(n, kernel_name='python-original', timeout=None).execute(); print(n.cells[-1].outputs[0].text)"
    python, _ = seconds(sys.executable, "-c", execute, notebook)
    return {"run": (java, python), "kernel ready": (ready("java"), ready("python-original"))}


def table(rounds):
    yield "{:22} {:>10} {:>10} {:>8}   {}".format("", "ovchat", "Python", "ratio", "at most")
    for name in ("run", "kernel ready"):
        java, python = (statistics.median(pair[i] for pair in (answers[name] for answers in rounds)) for i in (0, 1))
        ratio = statistics.median(ours / theirs for ours, theirs in (answers[name] for answers in rounds))
        bars = [(f"{MOST[name]:.1f} s", java <= MOST[name])]
        if name == "run":
            bars.append((f"{MOST['ratio']:.2f}", ratio <= MOST["ratio"]))
        said = ", ".join(f"{bar} {'met' if met else 'MISSED'}" for bar, met in bars)
        yield f"{name:22} {java:8.2f} s {python:8.2f} s {ratio:8.2f}   {said}"


def main():
    options = parse()
    run(models.ROOT / "scripts/setup", "export")
    model = models.demo_model().resolve()
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        notebook = python_notebook(pathlib.Path(folder), model)
        for number in range(options.rounds):
            rounds.append(measure(notebook, model))
            print(f"round {number + 1}:", ", ".join(
                f"{name} {ours:.2f} and {theirs:.2f} s" for name, (ours, theirs) in rounds[-1].items()), flush=True)
    print("\n{cpu}, {cores} cores, load {load:.1f} now\n".format(**machine()))
    print(*table(rounds), sep="\n")


if __name__ == "__main__":
    main()
