"""The programs that are compared, each a process that answers requests.

A request is one line on its input, the answer to it one line of JSON on its output:

    generate NEW_TOKENS ID ID …     {"tokens": n, "first_s": s, "rest_s": s}
    heap NEW_TOKENS ID ID …         {"tokens": n, "bytes": n}
    heap-text NEW_TOKENS ID ID …    {"tokens": n, "bytes": n}
    many NEW_TOKENS ID ID …;…       {"tokens": n, "seconds": s}
    structured NEW_TOKENS SCHEMA ID ID …   {"tokens": n, "first_s": s, "rest_s": s}
    ids QUESTION                    {"ids": [id, …]}
    versions                        {"name": "version", …}

Generation is greedy, and goes on to NEW_TOKENS whatever tokens come. first_s is the time to the first token, rest_s the
time from it to the last. The heap is what the generating thread allocated; heap-text also streams the answer as text.
Only ovchat is asked for it. many.py asks for many prompts at once, and no other program does. structured.py asks for
answers by a JSON schema without blanks, or by "none"; those by a schema may end sooner, and ovchat's first_s includes
what the schema takes. It is ovchat that gives the ids of a question in the model's chat template.

OpenVINO's CACHE_DIR is $BENCH_CACHE_DIR, or empty.
"""
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HOME = pathlib.Path(os.environ["OVCHAT_HOME"])
OVCHAT, OPTIMUM, GENAI_SDPA, GENAI_PA = "ovchat", "optimum-intel", "genai-sdpa", "genai-pa"
OVCHAT_INT4, GENAI_GGUF, LLAMA_CPP = "ovchat-int4", "genai-gguf", "llama-cpp"
OVCHAT_PAGED, GENAI_MANY = "ovchat-paged", "genai-many"
# What runs on a model directory, what needs a GGUF file: another export of it, or the file itself.
OF_DIRECTORIES = (OVCHAT_PAGED, OPTIMUM, GENAI_SDPA, GENAI_PA)
OF_FILES = (OVCHAT_INT4, GENAI_GGUF, LLAMA_CPP)
PEERS = (OVCHAT_INT4, *OF_DIRECTORIES, GENAI_GGUF, LLAMA_CPP)
# The part of set-up that a peer runs on.
SETUP = {OPTIMUM: "export", GENAI_SDPA: "genai", GENAI_PA: "genai", GENAI_GGUF: "genai", GENAI_MANY: "genai", LLAMA_CPP: "llama-cpp"}


def command(name, java, model, context=0):
    """The model is a directory or a file, the context the number of tokens to make room for; 0 is all that the model knows."""
    cache = pathlib.Path(os.environ["OVCHAT_CACHE"]) / "javacpp"
    # A program of its own, not a kernel: it has all of the JVM's compilers. The serial collector has no threads that compete
    # with OpenVINO's for the cores. Its heap begins small: else Java takes a 64th of the machine's memory for objects that
    # are garbage by then before it looks for any.
    ovchat = [java, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms16m",
              f"-Dorg.bytedeco.javacpp.cachedir={cache}", "Ovchat", model]
    genai = [HOME / "venv-genai/bin/python", HERE / "genai.py", model]
    return [str(part) for part in {
        OVCHAT: ovchat,
        OVCHAT_INT4: ovchat,
        OVCHAT_PAGED: [*ovchat, "PAGED"],
        OPTIMUM: [HOME / "venv-export/bin/python", HERE / "optimum_intel.py", model],
        GENAI_SDPA: [*genai, "SDPA"],
        GENAI_PA: [*genai, "PA"],
        GENAI_GGUF: [*genai, "PA"],
        GENAI_MANY: [*genai, "MANY"],
        LLAMA_CPP: [HOME / "venv-llama-cpp/bin/python", HERE / "llama_cpp_python.py", model, context],
    }[name]]


def with_options(command, *options):
    """A command of Java's with further options of the JVM, which says what it has to say of them beside the answers."""
    return [command[0], "-Xlog:disable", "-Xlog:all=warning:stderr", *options, *command[1:]]


class Failed(SystemExit):
    """A program that cannot do what it is asked. It ends the run where nobody goes on without it."""

    def __init__(self, said, reason):
        super().__init__(said)
        self.reason = reason


def last_line(said, otherwise):
    """The line that says most of an error: the last one, but for Java's list of calls."""
    lines = [line.strip() for line in said.splitlines()]
    return next((line for line in reversed(lines) if line and not line.startswith(("at ", "... "))), otherwise)


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

    def processor_seconds(self):
        """What all of its threads have taken so far. A busy machine changes less of it than of the time that passes."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def fail(self):
        code = self.process.wait()
        self.errors.seek(0)
        said, ended = self.errors.read(), f"failed with exit code {code}"
        raise Failed(f"{said}\n{' '.join(self.command)} {ended}.", last_line(said, ended))

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind is not None:
            self.process.kill()
        self.process.communicate()
        if kind is None and self.process.returncode:
            self.fail()
        self.errors.close()
