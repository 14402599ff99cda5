"""What each program reads: a model directory, or a GGUF file and the exports of it."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

import peers
from machine import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from demo_model import DEMO, demo_model  # noqa: E402
from temporary import temporary_folder  # noqa: E402

SHAPES = {"phi3-mini": "phi3_shape.py"}
INT4 = ("--weight-format", "int4", "--group-size", "64")
JAR = ROOT / "lib/ovchat-notebook/target/ovchat-notebook.jar"


def choose_peers(options):
    """What is compared with where nobody says it: all that can run on such a model."""
    is_file = options.model is not None and options.model.is_file()
    if options.peers is None:
        return [*(peers.PEERS if is_file else peers.OF_DIRECTORIES)]
    if not is_file and (need_file := [peer for peer in options.peers if peer in peers.OF_FILES]):
        sys.exit(f"For {', '.join(need_file)} --model has to be a GGUF file.")
    return options.peers


def find_models(options):
    """What each program reads, why it cannot where it cannot, and what kind of model it is."""
    model, kind, failed = *find_model(options), {}
    if model.is_file():
        models, failed = exports_of(model, options.peers)
    else:
        models = {name: model for name in (peers.OVCHAT, *options.peers)}
    return models, failed, kind


def find_model(options):
    if options.shape:
        directory = options.model or peers.HOME / "models" / f"{options.shape}-shape"
        make_shape(options.shape, directory)
        return directory, options.shape
    model = options.model or demo_model()
    if not model.exists():
        sys.exit(f"There is no model at {model}.")
    if not weights(model).is_file():
        sys.exit(f"The directory {model} has no openvino_model.bin: it is no exported model. Export one with ./scripts/export.")
    return model, "demo" if model.resolve() == DEMO else "other"


def weights(model):
    """The file with the weights of what a program reads."""
    return model if model.is_file() else model / "openvino_model.bin"


def with_tokenizer(model, folder):
    """The model directory as openvino-genai loads it whole, in a folder: the documented command exports a tokenizer for it,
    ovchat does not."""
    if (model / "openvino_tokenizer.xml").exists():
        return model
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).symlink_to(file.resolve())
    run(peers.HOME / "venv-genai/bin/convert_tokenizer", model, "--with-detokenizer", "--output", folder)
    return folder


def make_shape(name, directory):
    """Export a random checkpoint, unless that was done before."""
    if weights(directory).exists():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    run(ROOT / "scripts/setup", "export")
    with temporary_folder(directory.parent, "shape") as work:
        checkpoint, exported = work / "checkpoint", work / "int4"
        print(f"Making a model of the shape {name} in {directory} …", flush=True)
        run(peers.HOME / "venv-export/bin/python", ROOT / "scripts/benchmark" / SHAPES[name], checkpoint)
        run(ROOT / "scripts/export", "--model", checkpoint, exported)
        shutil.move(exported, directory)


def exports_of(file, names):
    """What each program reads where the model is a GGUF file, and why one cannot. ovchat itself has to."""
    original = export_once(file, "original")
    models, failed = {peers.OVCHAT: original}, {}
    for name in names:
        try:
            models[name] = (
                export_once(file, "int4", *INT4) if name == peers.OVCHAT_INT4 else file if name in peers.OF_FILES else original)
        except peers.Failed as why:
            failed[name] = why.reason
    return models, failed


def export_once(file, name, *options):
    """An export in the work directory, made again only when the file or ovchat has changed."""
    place = hashlib.sha256(os.fsencode(file.resolve())).hexdigest()[:8]
    directory = pathlib.Path(os.environ["OVCHAT_WORK"], "bench", f"{file.stem}-{place}", name)
    if is_newer(weights(directory), file, JAR):
        return directory
    shutil.rmtree(directory, ignore_errors=True)
    print(f"Exporting {file} to {directory} …", flush=True)
    command = [ROOT / "scripts/export", "--model", file, *options, directory]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise peers.Failed(done.stderr.strip(), peers.last_line(done.stderr, "its export failed"))
    return directory


def is_newer(made, *sources):
    return made.exists() and all(made.stat().st_mtime >= source.stat().st_mtime for source in sources)
