"""What the tests of the teaching notebooks share: their solutions, and the tables in their outputs."""
import os
import re
import unittest

import nbformat

from notebooks import IS_REAL, code_cells, execute, read

# SOLUTIONS=no leaves the solutions of the exercises out.
WITH_SOLUTIONS = os.environ.get("SOLUTIONS") != "no"
with_solutions = unittest.skipUnless(WITH_SOLUTIONS, "SOLUTIONS=no")


def solutions(path):
    """The code of the solutions that are folded away in the last cell."""
    return re.findall(
        r"<details>\n<summary>Solution</summary>\n\n```java\n(.+?)\n```\n\n.+?\n\n</details>",
        read(path).cells[-1].source, re.DOTALL)


def run(path, *further, smaller=None):
    """The notebook with its solutions and further cells behind it, executed. On a real model, whose tokens take their time,
    values that only say how much is measured are replaced by smaller ones."""
    notebook = read(path)
    count = len(code_cells(notebook))
    solved = solutions(path) if WITH_SOLUTIONS else []
    sources = [*solved, *further]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in sources]
    if IS_REAL and smaller:
        for value, less in smaller.items():
            cells = [cell for cell in code_cells(notebook) if value in cell.source]
            assert cells or not WITH_SOLUTIONS, f"no cell has {value}"
            for cell in cells:
                cell.source = cell.source.replace(value, less)
    execute(notebook)
    cells = code_cells(notebook)
    return cells[:count], cells[count:count + len(solved)], cells[count + len(solved):]


def cell_with(cells, part):
    """The one cell whose source has this part."""
    [found] = [cell for cell in cells if part in cell.source]
    return found


def last_shown(cell):
    """The text form of what the cell shows last."""
    return cell.outputs[-1].data["text/plain"]


def rows(cell):
    """The rows of the table that the cell shows, as texts by column. A cell may hold a |, a name does not."""
    lines = last_shown(cell).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("-----"))
    header = lines[start - 1]
    ends = [place for place, letter in enumerate(header) if letter == "|"]
    columns = list(zip([0, *(end + 1 for end in ends)], ends))
    return [{header[begin:end].strip(): line[begin:end].strip() for begin, end in columns}
            for line in lines[start + 1:] if len(line) == len(header)]


def numbers(table, column):
    return [float(row[column]) for row in table]
