"""Notebooks 01 and 03 as talks: which cells are slides, and what nbconvert makes of them."""
import html.parser
import json
import math
import re
import unicodedata
import unittest

from notebooks import NOTEBOOKS, ROOT, code_cells, read
from slides import exporter
from test_notebooks_form import headings, markdown, of_each, words

TALKS = sorted(path for name in ("01-openvino-chat", "03-inside-generation") for path in NOTEBOOKS.glob(f"{name}*.ipynb"))
CONFIG = json.loads((ROOT / "environment/jupyter-nbconvert.json").read_text(encoding="utf-8"))
# A slide's height, in units that reveal.js scales to the window. Those of cells are estimates. In Chromium, with reveal.js
# 4.0.2 at 1280 × 720, the slides of 600 and more were between 0.9 and 1.2 times as high as the estimate, and none above 750.
HIGH = int(CONFIG["SlidesExporter"]["reveal_height"])


class Slides(html.parser.HTMLParser):
    """The slides of a page: of each the text that is seen, and the speaker's notes."""

    def __init__(self, page):
        super().__init__()
        self.depth = self.columns = 0
        self.in_notes = False
        self.seen, self.notes, self.pictures = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "section":
            self.depth += 1
            self.columns += self.depth == 1
            if self.depth == 2:
                for texts in (self.seen, self.notes, self.pictures):
                    texts.append("")
        elif tag == "aside":
            self.in_notes = True
        elif tag == "img" and self.depth == 2:
            self.pictures[-1] += dict(attributes).get("alt") or "?"

    def handle_endtag(self, tag):
        self.depth -= tag == "section"
        self.in_notes = self.in_notes and tag != "aside"

    def handle_data(self, data):
        if self.depth == 2:
            (self.notes if self.in_notes else self.seen)[-1] += data


def kind(cell):
    return cell.metadata["slideshow"]["slide_type"]


def sections(notebook):
    """The cells of each section of the second level, with the title's first."""
    found = [[]]
    for cell in notebook.cells:
        if any(level == 2 for level, _ in headings(cell)):
            found.append([])
        found[-1].append(cell)
    return found


def lines(text, letters):
    """How many lines the text takes where one has so many letters; one of Chinese or Korean is as wide as two."""
    wide = (sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line) for line in text.rstrip("\n").split("\n"))
    return sum(max(1, math.ceil(each / letters)) for each in wide)


def height_of_prose(cell):
    high = 20
    for token in markdown(cell):
        if token["type"] == "heading":
            high += 70 + 50 * lines(words(token), 70)
        elif token["type"] == "image":
            high += 90 + float(re.search(r' height="(\d+)"', (NOTEBOOKS / token["attrs"]["url"]).read_text(encoding="utf-8"))[1])
        elif token["type"] in ("paragraph", "block_text") and token["children"][0]["type"] != "image":
            high += 26 * (1 + lines(words(token), 125))
    return high


def height_of_code(cell):
    high = 65 + 25 * len(cell.source.splitlines())
    for output in cell.outputs:
        if output.output_type == "stream":
            high += 10 + 25 * lines(output.text, 100)
        elif "image/png" in output.data:
            high += 30 + output.metadata["image/png"]["height"]
        elif "<table" in output.data.get("text/html", ""):
            high += 50 + 36 * output.data["text/html"].count("<tr")
        else:
            high += 30 + 26 * lines(output.data["text/plain"], 125)
    return high


class Talks(unittest.TestCase):
    @of_each(TALKS)
    def test_each_section_is_a_column_of_slides(self, path, notebook):
        title, settings, *middle, exercises = sections(notebook)
        self.assertEqual("slide", kind(title[0]))
        self.assertEqual({"skip"}, {kind(cell) for cell in [*settings, *exercises]})
        for cells in middle:
            self.assertEqual("slide", kind(cells[0]))
            for cell in cells[1:]:
                self.assertIn(kind(cell), ("subslide", "skip") if cell.cell_type == "code" else ("subslide", "notes"))

    @of_each(TALKS)
    def test_no_slide_is_longer_than_a_screen(self, path, notebook):
        for cell in notebook.cells:
            if kind(cell) in ("slide", "subslide"):
                high = height_of_code(cell) if cell.cell_type == "code" else height_of_prose(cell)
                self.assertLessEqual(high, HIGH, cell.source)

    @of_each(TALKS)
    def test_what_is_left_out_is_longer_than_a_screen(self, path, notebook):
        title, settings, *middle, exercises = sections(notebook)
        for cell in [cell for cells in middle for cell in cells if kind(cell) == "skip"]:
            self.assertGreater(height_of_code(cell), HIGH, cell.source)

    @of_each(TALKS)
    def test_nbconvert_makes_the_talk(self, path, notebook):
        page, _ = exporter().from_filename(str(path))
        self.assertEqual([], re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="(?:https?:)?//[^"]*"|import [^;]*https?://[^;]*', page), "loaded from the network")
        slides = Slides(page)
        kinds = [kind(cell) for cell in notebook.cells]
        self.assertEqual(kinds.count("slide"), slides.columns)
        self.assertEqual(kinds.count("slide") + kinds.count("subslide"), len(slides.seen))
        self.assertEqual([], [text for text, picture in zip(slides.seen, slides.pictures) if not text.strip() and not picture])
        self.assertNotIn('src="images/', page, "a picture that does not travel with the page")
        seen, notes = "".join(slides.seen), "".join(slides.notes)
        for cell in code_cells(notebook):
            first = re.sub(r"\s", "", cell.source.splitlines()[0])
            self.assertEqual(kind(cell) == "subslide", first in re.sub(r"\s", "", seen), cell.source)
            for text in [output.text.splitlines()[-1] for output in cell.outputs if output.output_type == "stream"]:
                self.assertEqual(kind(cell) == "subslide", text in seen, text)
        for cell in notebook.cells:
            if kind(cell) == "notes":
                self.assertIn(words(markdown(cell)[0])[:30], notes)


if __name__ == "__main__":
    unittest.main()
