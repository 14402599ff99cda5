"""Folders that are made once from what they depend on, and found again by it."""
import hashlib
import importlib.metadata
import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from temporary import temporary_folder  # noqa: E402

WORK = pathlib.Path(os.environ.get("OVCHAT_WORK", ROOT / ".ovchat"), "comparison")
PACKAGES = ("nncf", "openvino", "optimum-intel", "torch", "transformers")


def made_once(kind, name, sources, make):
    """The folder of that name, which make(folder) fills if it was not made from these sources yet.

    Sources are files, folders and strings; the versions of the Python packages count as well.
    """
    folder = WORK / kind / f"{name}-{digest(sources)}"
    if not folder.exists():
        for old in folder.parent.glob(f"{name}-{'[0-9a-f]' * 12}"):
            shutil.rmtree(old)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(WORK, "unfinished") as work:
            made = work / name
            made.mkdir()
            make(made)
            made.rename(folder)
    return folder


def digest(sources):
    state = hashlib.sha256(repr([importlib.metadata.version(package) for package in PACKAGES]).encode())
    for source in sources:
        for part in sorted(source.iterdir()) if isinstance(source, pathlib.Path) and source.is_dir() else [source]:
            data = part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode()
            state.update(hashlib.sha256(data).digest())
    return state.hexdigest()[:12]
