"""Running notebooks on the real Java kernel, and reading what is in them."""
import asyncio
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from demo_model import CHECKPOINT, demo_model  # noqa: E402, F401


# The model that notebooks run on here, unless a test names another one: the demo model, or with ./scripts/test --real-model
# the real one that set-up brings. A test of what one of them answers is for that one.
IS_REAL = os.environ.get("OVCHAT_TEST_MODEL") == "smollm2"
MODEL = {"MODEL_DIR": "./model/smollm2/original" if IS_REAL else "./model/demo/int4"}
on_the_demo_model = unittest.skipIf(IS_REAL, "is about what the demo model answers")
on_the_real_model = unittest.skipUnless(IS_REAL, "is about what SmolLM2 answers")


def read(path):
    return nbformat.read(path, as_version=4)


@contextlib.contextmanager
def folder_of_its_own():
    """A folder for notebooks to run in, where nothing was exported or measured yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name, "notebooks")
        folder.mkdir()
        pathlib.Path(name, "environment").symlink_to(ROOT / "environment")
        with mock.patch("notebooks.NOTEBOOKS", folder):
            yield folder


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def streams(cell, name):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == name)


def shown(cell):
    """What a reader sees below a cell: printed text in one piece, and values in each form that they have."""
    return [streams(cell, "stdout"), streams(cell, "stderr"), *(
        output.get("data", output) for output in cell.outputs if output.output_type != "stream")]


def texts(cell):
    """What a cell shows as text that is not printed, such as an answer."""
    return [output.data["text/plain"] for output in cell.outputs if output.output_type == "display_data"]


def told(cell):
    """All text that a cell prints or shows as such, in its order."""
    return "".join(
        output.text if output.output_type == "stream" else output.data["text/plain"] + "\n" for output in cell.outputs
        if output.get("name") == "stdout" or output.output_type == "display_data" and "<table" not in str(output.data))


class CountingClient(NotebookClient):
    """Counts how many pieces a cell's text comes in, printed or shown in a place where it grows."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.pieces = {}

    def process_message(self, message, cell, cell_index):
        if message["msg_type"] in ("stream", "display_data", "update_display_data"):
            self.pieces[cell_index] = self.pieces.get(cell_index, 0) + 1
        return super().process_message(message, cell, cell_index)


class InterruptingClient(CountingClient):
    """Presses the stop button as soon as the last cell but one shows something."""

    def process_message(self, message, cell, cell_index):
        if message["msg_type"] in ("stream", "display_data") and cell is self.nb.cells[-2] and cell_index not in self.pieces:
            asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, cell_index)


@contextlib.contextmanager
def started(name="java"):
    """A kernel of that name and a client of it."""
    kernel, client = start_new_kernel(kernel_name=name, startup_timeout=300, cwd=str(NOTEBOOKS), stderr=subprocess.DEVNULL)
    try:
        yield kernel, client
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)


def execute(notebook, kernel="java", client_class=CountingClient, **variables):
    """Run it on an installed kernel spec, with these environment variables set for the kernel. MODEL_DIR="" lets the
    notebook choose."""
    client = client_class(
        notebook, kernel_name=kernel, timeout=1800, startup_timeout=300,
        resources={"metadata": {"path": str(NOTEBOOKS)}})
    unset = {name: os.environ[name] for name in os.environ if name not in ("MODEL_DIR", "CHECKPOINT", "DEVICE")}
    with mock.patch.dict(os.environ, {**unset, **MODEL, **variables}, clear=True):
        client.execute(stderr=subprocess.DEVNULL)
    return client


def execute_with_spec(notebook, change, **variables):
    """The same on a copy of the installed spec that `change` has edited."""
    installed = pathlib.Path(KernelSpecManager().get_kernel_spec("java").resource_dir)
    spec = json.loads((installed / "kernel.json").read_text(encoding="utf-8"))
    change(spec)
    with tempfile.TemporaryDirectory() as folder:
        kernel = pathlib.Path(folder, "kernels/changed")
        kernel.mkdir(parents=True)
        (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        return execute(notebook, kernel="changed", JUPYTER_PATH=folder, **variables)
