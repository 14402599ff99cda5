"""Make the class-data archive of the Java kernel: kernel_archive.py SPEC PROJECT WORK ARCHIVE

A JVM that maps this file at its start need not read and check the classes in it one by one. It is made by running notebook
01 with a small model on the kernel whose spec lies in the folder SPEC: as that JVM ends, it writes down the classes that it
has loaded. What goes wrong in a cell does not matter.
"""
import json
import pathlib
import signal
import sys

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec

from temporary import temporary_folder

# The first of these that is there: a bundle may have been made without the demo model.
CHECKPOINTS = ("demo-model/checkpoint", "smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
SECONDS = 120  # for the kernel's start, for each cell, and for writing the archive


class Training(KernelManager):
    shutdown_wait_time = SECONDS

    @property
    def kernel_spec(self):
        return spec


def run(cells, folder, messages):
    kernel = Training()
    try:
        kernel.start_kernel(cwd=folder, stdout=messages, stderr=messages)
        client = kernel.client()
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        for cell in cells:
            if stopped:
                break
            client.execute_interactive(cell, timeout=SECONDS, output_hook=lambda message: None)
        client.stop_channels()
    finally:
        if kernel.has_kernel:
            process = kernel.provisioner.process
            kernel.shutdown_kernel(now=bool(stopped))
            process.wait(SECONDS)  # it may still write into the folder: jupyter_client waits for a killed one for 5 s at most


def stop(number, _):
    """Ends the run after the cell that is running: an exception would break jupyter_client's loop, and leave the kernel, which
    is in a session of its own. The second time it ends at once."""
    stopped.append(number)
    signal.signal(number, signal.SIG_DFL)


stopped = []
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, stop)
spec_folder, project, work, archive = map(pathlib.Path, sys.argv[1:])
notebook = json.loads((project / "notebooks/01-openvino-chat.ipynb").read_text(encoding="utf-8"))
checkpoint = next(filter(pathlib.Path.exists, (project / "environment" / name for name in CHECKPOINTS)), "")
with temporary_folder(work, "kernel") as folder:
    aside, log = folder / archive.name, folder / "log"
    spec = KernelSpec.from_resource_dir(str(spec_folder))
    spec.argv.insert(spec.argv.index("-cp"), f"-XX:ArchiveClassesAtExit={aside}")
    spec.env |= {"MODEL_DIR": f"{folder}/model", "CHECKPOINT": str(checkpoint)}
    try:
        with log.open("wb") as messages:
            run(["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"], folder, messages)
        if not stopped:
            aside.replace(archive)
    except (RuntimeError, OSError) as error:  # it does not start, does not answer in time, or wrote nothing
        if not stopped:
            reason = "its JVM has written none" if isinstance(error, FileNotFoundError) else str(error)
            said = log.read_text(errors="replace").strip()
            sys.exit(f"The Java kernel goes without an archive of its classes: {reason}. It said: {said}\n"
                     f"To try it again: rm '{archive}.stamp'")
if stopped:
    sys.exit(128 + stopped[0])
