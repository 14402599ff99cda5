"""The programs that are compared, each a process that answers requests.

A request is one line on its input, the answer to it one line of JSON on its output:

    generate NEW_TOKENS ID ID …     {"tokens": n, "first_s": s, "rest_s": s}
    heap NEW_TOKENS ID ID …         {"tokens": n, "bytes": n}
    heap-text NEW_TOKENS ID ID …    {"tokens": n, "bytes": n}
    versions                        {"name": "version", …}

Generation is greedy, and goes on to NEW_TOKENS whatever tokens come. first_s is the time to the first token, rest_s the
time from it to the last. The heap is what the generating thread allocated; heap-text also streams the answer as text.
Only ovchat is asked for it.
"""
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HOME = pathlib.Path(os.environ["OVCHAT_HOME"])
OVCHAT, OPTIMUM, GENAI_SDPA, GENAI_PA = "ovchat", "optimum-intel", "genai-sdpa", "genai-pa"
PEERS = (OPTIMUM, GENAI_SDPA, GENAI_PA)
# The part of set-up that a peer runs on.
SETUP = {OPTIMUM: "export", GENAI_SDPA: "genai", GENAI_PA: "genai"}


def command(name, java, model):
    cache = pathlib.Path(os.environ["OVCHAT_CACHE"]) / "javacpp"
    genai = [HOME / "venv-genai/bin/python", HERE / "genai.py", model]
    return [str(part) for part in {
        # As in the kernel spec. The serial collector has no threads that compete with OpenVINO's for the cores.
        OVCHAT: [java, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
                 f"-Dorg.bytedeco.javacpp.cachedir={cache}", "Ovchat", model],
        OPTIMUM: [HOME / "venv-export/bin/python", HERE / "optimum_intel.py", model],
        GENAI_SDPA: [*genai, "SDPA"],
        GENAI_PA: [*genai, "PA"],
    }[name]]


class Program:
    """A running program; leaving the block ends it."""

    def __init__(self, command):
        self.command = command
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def ask(self, kind, *numbers):
        try:
            print(kind, *numbers, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            self.fail()
        return json.loads(self.process.stdout.readline() or self.fail())

    def memory(self):
        """Bytes that are resident now (VmRSS, of it RssAnon in no file), and were at most (VmHWM)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return {name: int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon", "VmHWM")}

    def fail(self):
        code = self.process.wait()
        self.errors.seek(0)
        raise SystemExit(f"{self.errors.read()}\n{' '.join(self.command)} failed with exit code {code}.")

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind is not None:
            self.process.kill()
        self.process.communicate()
        if kind is None and self.process.returncode:
            self.fail()
        self.errors.close()
