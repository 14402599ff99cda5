"""Copy notebooks without outputs, and their pictures: clear_notebooks.py FROM TO"""
import pathlib
import shutil
import sys

import nbformat

source, target = map(pathlib.Path, sys.argv[1:3])
for path in sorted(source.glob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)
    nbformat.write(notebook, target / path.name)
if (source / "images").is_dir():
    shutil.copytree(source / "images", target / "images", dirs_exist_ok=True)
