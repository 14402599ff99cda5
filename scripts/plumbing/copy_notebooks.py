"""Copy notebooks and their pictures: copy_notebooks.py [--without-outputs] [--without-solutions] FROM TO"""
import argparse
import pathlib
import re
import shutil

import nbformat

# Solutions, and what notebook 01 says of what is to be seen, are folded away in all notebooks: the form's tests see to it.
FOLDED = re.compile(r"\n*^<details>$.*?^</details>$", re.DOTALL | re.MULTILINE)


def without_outputs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)


def without_solutions(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = FOLDED.sub("", cell.source)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--without-outputs", action="append_const", dest="changes", const=without_outputs, default=[])
parser.add_argument("--without-solutions", action="append_const", dest="changes", const=without_solutions)
parser.add_argument("source", type=pathlib.Path)
parser.add_argument("target", type=pathlib.Path)
arguments = parser.parse_args()
for path in sorted(arguments.source.glob("*.ipynb")):
    copied = nbformat.read(path, as_version=4)
    for change in arguments.changes:
        change(copied)
    nbformat.write(copied, arguments.target / path.name)
if (arguments.source / "images").is_dir():
    shutil.copytree(arguments.source / "images", arguments.target / "images", dirs_exist_ok=True)
