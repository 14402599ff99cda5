"""The two exports of a checkpoint: by the documented command, and by ours."""
import contextlib
import gc
import io
import pathlib
import re
import shutil
import subprocess
import sys

from directories import NOT_OURS
from folders import WORK, made_once
from weights import Row

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMATS = {
    "int4": "--weight-format int4 --group-size 128 --ratio 0.6 --sym",
    "int4-asym": "--weight-format int4 --group-size 64 --ratio 0.8",
    "int4-rows": "--weight-format int4 --group-size -1 --ratio 0.6 --sym",
    "int4-rows-asym": "--weight-format int4 --group-size -1 --ratio 0.5",
    "int4-all": "--weight-format int4 --group-size 128 --ratio 0.7 --sym --all-layers",
    "int4-alone": "--weight-format int4 --group-size 32 --ratio 1.0 --sym",
    "int4-none": "--weight-format int4 --group-size 128 --ratio 0.6 --sym --backup-precision none",
    "int4-int8-sym": "--weight-format int4 --group-size 128 --ratio 0.6 --sym --backup-precision int8_sym",
    "int4-ignore": "--weight-format int4 --group-size 64 --ratio 0.6 --sym --group-size-fallback ignore",
    "int4-adjust": "--weight-format int4 --group-size 64 --ratio 0.7 --group-size-fallback adjust",
    "int4-adjust-all": "--weight-format int4 --group-size 64 --ratio 1.0 --sym --all-layers --group-size-fallback adjust",
    "int4-awq": "--weight-format int4 --group-size 128 --ratio 0.6 --sym --awq",
    "int4-awq-asym": "--weight-format int4 --group-size 32 --ratio 1.0 --awq",
    "int4-awq-none": "--weight-format int4 --group-size 128 --ratio 0.8 --sym --backup-precision none --awq",
    "nf4-awq": "--weight-format nf4 --ratio 0.9 --awq",
    "cb4-awq": "--weight-format cb4 --ratio 0.9 --awq",
    "nf4": "--weight-format nf4",
    "nf4-rows": "--weight-format nf4 --group-size -1 --ratio 0.7 --all-layers",
    "mxfp4": "--weight-format mxfp4",
    "mxfp4-int8": "--weight-format mxfp4 --ratio 0.6 --backup-precision int8_asym",
    "mxfp4-mixed": "--weight-format mxfp4 --ratio 0.6 --all-layers",
    "cb4": "--weight-format cb4",
    "cb4-groups": "--weight-format cb4 --group-size 64 --ratio 0.8 --backup-precision int8_sym",
    "int8-sym": "--weight-format int8 --sym",
    "int8-asym": "--weight-format int8",
    "fp16": "--weight-format fp16",
    "fp32": "--weight-format fp32",
}


def documented(checkpoint, weight_format):
    """The directory that the documented command makes of a checkpoint. It runs in this process, which saves its start."""
    name = f"{checkpoint.name}-{weight_format}"
    return made_once("documented", name, [checkpoint, FORMATS[weight_format]], lambda folder: run_documented(
        ["export", "openvino", "--model", str(checkpoint), "--task", "text-generation-with-past",
         *FORMATS[weight_format].split(), str(folder)]))


def run_documented(arguments):
    from optimum.commands.optimum_cli import main
    if not gc.get_freeze_count():
        gc.freeze()  # optimum-intel has garbage looked for three times an export: what is imported by now is none
    argv, said = sys.argv, io.StringIO()
    try:
        sys.argv = ["optimum-cli", *arguments]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main()
    except BaseException:
        print(said.getvalue(), file=sys.stderr)
        raise
    finally:
        sys.argv = argv


def documented_command(checkpoint, weight_format):
    """The same by the command itself, in a process of its own and never kept."""
    folder = WORK / "command"
    shutil.rmtree(folder, ignore_errors=True)
    run([pathlib.Path(sys.executable).with_name("optimum-cli"), "export", "openvino", "--model", checkpoint,
         "--task", "text-generation-with-past", *FORMATS[weight_format].split(), folder])
    return folder


def same_as_the_command(checkpoint, weight_format):
    """A row: the documented command in a process of its own writes the same, but for the numbers in names of nodes."""
    here, there = documented(checkpoint, weight_format), documented_command(checkpoint, weight_format)
    names = sorted({path.name for folder in (here, there) for path in folder.iterdir()} - NOT_OURS)
    other = [name for name in names if unnamed(here / name) != unnamed(there / name)]
    return Row("the command itself", f"{len(names) - len(other)} of {len(names)} files {' '.join(other)}".rstrip(), not other)


def unnamed(path):
    content = path.read_bytes() if path.exists() else None
    return re.sub(rb' names?="[^"]*"', b"", content) if content and path.suffix == ".xml" else content


def ours(name, weight_format):
    """Where our export of a checkpoint lies."""
    return WORK / "ours" / f"{name}-{weight_format}"


def make_ours(java, wanted):
    """Our exports of (checkpoint, weight format), made anew each time, all in one JVM. What ours takes for granted is the
    documented command's --sym, which optimum-cli does not."""
    lines = []
    for checkpoint, weight_format in wanted:
        options = FORMATS[weight_format].split()
        symmetry = [] if "--sym" in options else ["--no-sym"]
        lines.append("\t".join(["--model", str(checkpoint), *options, *symmetry, str(ours(checkpoint.name, weight_format))]))
    shutil.rmtree(WORK / "ours", ignore_errors=True)
    (WORK / "ours").mkdir(parents=True)
    run([java, "dev.ovchat.cli.Exports"], "\n".join(lines))


def run(command, said=""):
    command = [str(part) for part in command]
    done = subprocess.run(command, input=said, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{' '.join(command)} failed with exit code {done.returncode}.")
