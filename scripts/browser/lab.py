"""JupyterLab on copies of the notebooks, with settings, token and work folder of its own."""
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """Runs from `with Lab() as lab` on; what it wrote is gone afterwards."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.notebooks = pathlib.Path(self.folder.name, "notebooks")
        self.token = secrets.token_hex(16)
        self.address = f"http://127.0.0.1:{free_port()}"

    def __enter__(self):
        place = pathlib.Path(self.folder.name)
        # An exported model stays behind: the test sees the notebooks export theirs.
        shutil.copytree(ROOT / "notebooks", self.notebooks, ignore=shutil.ignore_patterns("model", ".*"))
        (place / "environment").symlink_to(ROOT / "environment")
        places = {name: str(place / name.lower()) for name in (
            "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")}
        chosen = {name: os.environ[name] for name in os.environ if name not in ("MODEL_DIR", "CHECKPOINT", "DEVICE")}
        self.log = place / "lab.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [os.environ["PYTHON"], "-m", "jupyterlab", "--no-browser", "--allow-root", f"--notebook-dir={self.notebooks}",
                 "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.address.rsplit(':')[-1]}",
                 "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}"],
                env={**chosen, **places}, stdout=log, stderr=subprocess.STDOUT)
        self.wait_for_answer()
        return self

    def wait_for_answer(self):
        end = time.monotonic() + 600
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError("JupyterLab did not start. It said:\n" + self.log.read_text())
            try:
                with urllib.request.urlopen(f"{self.address}/api?token={self.token}"):
                    return
            except OSError:  # not there yet, or it hangs up while it starts
                time.sleep(0.1)
        raise RuntimeError("JupyterLab did not answer within ten minutes. It said:\n" + self.log.read_text())

    def __exit__(self, *_):
        self.process.terminate()  # it ends its kernels
        self.process.wait(600)
        self.folder.cleanup()
