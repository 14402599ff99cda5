"""The demo model, exported from its checkpoint when it is asked for and is not there.

Usage: python scripts/plumbing/demo_model.py      prints the directory in which the notebooks have it
"""
import os
import pathlib
import shutil
import subprocess
import sys

from temporary import temporary_folder

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKPOINT = ROOT / "environment/demo-model/checkpoint"
DEMO = ROOT / "notebooks/model/demo/int4"


def export(directory, *options):
    subprocess.run([ROOT / "scripts/export", *options, "--model", CHECKPOINT, directory], stdout=sys.stderr, check=True)


def is_of_this_checkpoint(directory):
    weights = directory / "openvino_model.bin"
    return weights.exists() and weights.stat().st_mtime >= (CHECKPOINT / "model.safetensors").stat().st_mtime


def demo_model():
    """As the notebooks make it, and where they do."""
    if not is_of_this_checkpoint(DEMO):
        export(DEMO)  # set-up, which it calls, drops an older one
    return DEMO


def documented_demo_model():
    """By the documented command: golden data come from the Python originals alone."""
    directory = pathlib.Path(os.environ.get("OVCHAT_HOME", ROOT / ".ovchat"), "demo-model/int4")
    if not is_of_this_checkpoint(directory):
        directory.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(directory.parent, "export") as work:  # optimum-cli writes in place, and may be killed
            export(work / "int4", "--engine", "optimum")
            shutil.rmtree(directory, ignore_errors=True)
            (work / "int4").rename(directory)
    return directory


if __name__ == "__main__":
    print(demo_model())
