"""The two exports of a checkpoint: by the documented command, and by ours."""
import contextlib
import functools
import gc
import io
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import openvino

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
    main = prepared_command()
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


@functools.cache
def prepared_command():
    """optimum-cli, which does not do again what it has done for another export. --thorough compares with the command itself."""
    import optimum.exporters.openvino.__main__ as optimum
    from nncf.openvino.optimized_functions import models
    from optimum.commands.optimum_cli import main
    models._compile_ov_model = compiled_once(models._compile_ov_model)
    optimum.main_export = converted_once(optimum.main_export)
    gc.freeze()  # optimum-intel has garbage looked for three times an export: what is imported by now is none
    return main


def compiled_once(compile_model):
    """NNCF compiles a small model for each weight, of which few differ by more than the names of their nodes."""
    compiled, folder = {}, tempfile.TemporaryDirectory()
    xml, weights = pathlib.Path(folder.name, "model.xml"), pathlib.Path(folder.name, "model.bin")

    def compile_or_find(model, **options):
        openvino.serialize(model, xml, weights)
        key = re.sub(rb' name="[^"]*"|Result_\d+', b"", xml.read_bytes()), weights.read_bytes(), str(options)
        if key not in compiled:
            compiled[key] = compile_model(model, **options)
        return openvino.CompiledModel(compiled[key])  # with requests of its own: their tensors are kept

    return compile_or_find


def converted_once(convert):
    """Whatever its weights are compressed to, a checkpoint is first converted without: to a folder that NNCF then reads."""
    latest, kept = None, tempfile.TemporaryDirectory()

    def convert_or_copy(model_name_or_path, output, ov_config, **options):
        nonlocal latest
        if not ov_config.quantization_config:
            convert(model_name_or_path=model_name_or_path, output=output, ov_config=ov_config, **options)
            return
        wanted = model_name_or_path, str(options)
        if wanted != latest:
            shutil.rmtree(kept.name)
            convert(model_name_or_path=model_name_or_path, output=pathlib.Path(kept.name), ov_config=ov_config, **options)
            latest = wanted
        shutil.copytree(kept.name, output, dirs_exist_ok=True)

    return convert_or_copy


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
