"""Every notebook, run whole on the kernel. What comes out is looked at by the tests of each notebook."""
import unittest

from notebooks import IS_IJAVA, NAMES, SHOWS_HTML, code_cells, executed, streams


def shows_table(cell):
    return cell.source.splitlines()[-1].lstrip().startswith("Tables.")


class Run(unittest.TestCase):
    def runs(self, name):
        notebook, _ = executed(name)  # a cell that fails raises
        told = any("Display.install()" in cell.source for cell in code_cells(notebook))
        for cell in code_cells(notebook):
            self.assertEqual("", streams(cell, "stderr"), cell.source)
            if shows_table(cell):
                kinds = {*cell.outputs[-1].data}
                self.assertIn("text/plain", kinds)
                self.assertEqual(SHOWS_HTML and (told or not IS_IJAVA), "text/html" in kinds, cell.source)


for each in NAMES:
    setattr(Run, "test_" + each.replace("-", "_"), lambda self, name=each: self.runs(name))


if __name__ == "__main__":
    unittest.main()
