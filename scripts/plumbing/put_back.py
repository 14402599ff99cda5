"""Put an executed notebook in the place of the one that was run: put_back.py EXECUTED NOTEBOOK

What tells of the machine is left out. Versions in other languages, NAME.LANGUAGE.ipynb, take over
code cells, outputs and what cells say of themselves, such as their place in a talk, so that they cannot drift apart.
"""
import os
import pathlib
import re
import sys

import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The folders of this machine, and what a reader is told instead; the inner ones first.
FOLDERS = sorted(
    {str(ROOT): ".", os.environ["OVCHAT_HOME"]: ".ovchat", os.environ["OVCHAT_WORK"]: ".ovchat",
     os.path.expanduser("~"): "~"}.items(), key=lambda folder: -len(folder[0]))


def without_folders(node, kind=""):
    """The same output without this machine's folders; pictures are as they are."""
    if isinstance(node, dict):
        return type(node)({key: without_folders(value, key) for key, value in node.items()})
    if isinstance(node, list):
        return [without_folders(value, kind) for value in node]
    if isinstance(node, str) and not kind.startswith("image/"):
        for folder, name in FOLDERS:
            if len(folder) > 1:
                node = re.sub(rf"{re.escape(folder)}(?![\w.-])", name, node)
    return node


def in_one_piece(outputs):
    """Printed text comes in many pieces, which some viewers show as many lines."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def take_over(translated, notebook, name):
    kinds = [[cell.cell_type for cell in each.cells] for each in (translated, notebook)]
    if kinds[0] != kinds[1]:
        sys.exit(f"{name} does not have the cells of the notebook in English: {len(kinds[0])} instead of "
                 f"{len(kinds[1])}, or in another order. Give it a cell for each.")
    for cell, original in zip(translated.cells, notebook.cells):
        for part in ("source", "outputs", "execution_count") if cell.cell_type == "code" else ():
            cell[part] = original[part]
        cell.metadata = original.metadata
    translated.metadata = notebook.metadata


executed, target = map(pathlib.Path, sys.argv[1:3])
notebook = nbformat.read(executed, as_version=4)
notebook.metadata.language_info.pop("version", None)
for cell in notebook.cells:
    cell.metadata.pop("execution", None)
    if cell.cell_type == "code":
        cell.outputs = without_folders(in_one_piece(cell.outputs))
results = {target: notebook}
for path in sorted(target.parent.glob(f"{target.stem}.*.ipynb")):
    results[path] = nbformat.read(path, as_version=4)
    take_over(results[path], notebook, path.name)
for path, result in results.items():
    nbformat.write(result, path)
    print(f"{path} has the new outputs.", file=sys.stderr)
