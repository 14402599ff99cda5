"""Run a notebook on its kernel and print what happens as it comes: run_notebook.py NOTEBOOK FOLDER TARGET

The kernel runs in FOLDER. Prints each heading, then each output piece by piece; saves the executed copy in TARGET.
Exits with 1 if a cell fails, with 130 if it is stopped.
"""
import errno
import pathlib
import sys
import tempfile

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

# Unicode has pictures of those below the space; what turns the direction of writing is no less a trick.
SIGNS = {code: chr(0x2400 + code) for code in range(32)} | {0x7F: "\u2421"}
SIGNS |= {code: f"[U+{code:04X}]" for code in (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def visible(text):
    """With a sign for each control character but line breaks and tabs: a model may write what moves a terminal's
    cursor, or worse."""
    return "".join(one if one in "\n\t" else SIGNS.get(ord(one), one) for one in text)


class PrintingClient(NotebookClient):
    """Prints each output at the moment the kernel sends it. A text that grows is printed as it grows. A line that is written
    anew, such as one of progress, stays in its place on a terminal; elsewhere its first and its last text are printed."""

    display = None  # that may be written anew: its id
    printed = latest = ""  # of its text

    def was_stopped(self):
        """Whether nbclient has ended the kernel for Ctrl-C or SIGTERM."""
        return hasattr(self, "_async_cleanup_kernel_future")

    async def _async_cleanup_kernel(self):
        if self.km is not None:  # else the kernel has been ended already
            await super()._async_cleanup_kernel()

    def show(self, content):
        display = content.get("transient", {}).get("display_id")
        if self.display is None or display != self.display:
            self.end_display()
            self.display, self.printed = display or "", ""
        self.latest = visible(content["data"].get("text/plain", ""))
        if self.latest.startswith(self.printed):
            print(self.latest[len(self.printed):], end="", flush=True)
        elif sys.stdout.isatty():
            print(f"\r{self.latest}\x1b[K", end="", flush=True)
        else:
            return
        self.printed = self.latest

    def end_display(self):
        if self.display is not None:
            print("" if self.printed == self.latest else f"\n{self.latest}", flush=True)
        self.display = None

    def process_message(self, message, cell, cell_index):
        kind, content = message["msg_type"], message["content"]
        if kind in ("display_data", "execute_result", "update_display_data"):
            self.show(content)
        elif kind in ("stream", "error", "status"):
            self.end_display()
        if kind == "stream":
            target = sys.stderr if content["name"] == "stderr" else sys.stdout
            print(visible(content["text"]), end="", file=target, flush=True)
        return super().process_message(message, cell, cell_index)


def reason(error):
    if error.errno == errno.ENOSPC:
        return "the disk is full; free space there, or set OVCHAT_WORK to a folder on another disk"
    return error.strerror or str(error)


def save(executed, path):
    """Whole or not at all. Where it cannot be written, it goes to the folder for temporary files."""
    aside = path.with_name(path.name + ".new")
    try:
        nbformat.write(executed, aside)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        return f"The executed copy cannot be written to {path}: {reason(error)}. {save_elsewhere(executed, path.name)}"


def save_elsewhere(executed, name):
    try:
        path = pathlib.Path(tempfile.mkdtemp(prefix="ovchat-executed-"), name)
        nbformat.write(executed, path)
        return f"It is {path} instead."
    except OSError:
        return "It is lost; what the cells printed stands above."


def print_headings(cell, cell_index):
    """Before a code cell: the headings of the prose right above it."""
    above = client.nb.cells[cell_index - 1] if cell_index else None
    if above is not None and above.cell_type == "markdown":
        for line in above.source.splitlines():
            if line.startswith("#"):
                print(f"\n{line.lstrip('# ')}\n{'-' * len(line.lstrip('# '))}", flush=True)


path, folder, target = map(pathlib.Path, sys.argv[1:4])
if not path.is_file():
    sys.exit(f"There is no notebook {path}.")
try:
    notebook = nbformat.read(path, as_version=4)
except (nbformat.reader.NotJSONError, nbformat.ValidationError):
    sys.exit(f"{path} is no notebook.")
client = PrintingClient(
    notebook,
    kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "java"),
    resources={"metadata": {"path": str(folder.resolve())}},
    on_cell_start=lambda cell, cell_index: cell.cell_type == "code" and print_headings(cell, cell_index),
    timeout=None,
    record_timing=False,
    shutdown_kernel="immediate",  # an idle JVM takes seconds to end in its own way
    startup_timeout=120,
)
sys.stdout.reconfigure(errors="replace")  # a terminal may not know all letters
log = target / "kernel.log"
failures = []
try:
    target.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as kernel_messages:
        client.execute(stderr=kernel_messages)
except CellExecutionError as error:
    failures.append(f"A cell of {path} failed. {error.ename}: {error.evalue}")
except RuntimeError as error:
    if client.was_stopped():
        failures.append("Stopped.")
    elif isinstance(error, DeadKernelError):
        failures.append(f"The Java kernel died. Its last words are in {log}.")
    else:
        raise
except OSError as error:
    sys.exit(f"The kernel cannot be started: {error.filename or target}: {reason(error)}.")
lost = save(notebook, target / path.name)
if lost:
    failures.append(lost)
elif client.was_stopped():
    failures.append(f"What has run until then is in {target / path.name}.")
print()
if failures:
    print("\n".join(map(visible, failures)), file=sys.stderr)
    sys.exit(130 if client.was_stopped() else 1)
