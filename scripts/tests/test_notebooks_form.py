"""What every notebook looks like: its order, its links, its pictures, and what is committed of its outputs."""
import functools
import html.parser
import re
import unittest
from urllib.parse import unquote

import mistune

from lessons import cell_with, solutions
from notebooks import NOTEBOOKS, ROOT, code_cells, read, shown, streams

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
ENGLISH = [path for path in FILES if "." not in path.stem]
TRANSLATED = [path for path in FILES if "." in path.stem]
# Its exercises are told in "What to try now", and it explains some results in the section's first words.
TEN_STEPS = "01-openvino-chat"
LESSONS = [path for path in ENGLISH if path.stem != TEN_STEPS]
# The document's, in the order in which notebooks name them, each by its own name; English stands first.
LANGUAGES = {"id": "Bahasa Indonesia", "zh-TW": "繁體中文", "sw": "Kiswahili", "pt-BR": "Português (Brasil)", "ko": "한국어"}
IN_ALL_LANGUAGES = [TEN_STEPS, "03-inside-generation"]
MARKDOWN = mistune.create_markdown(renderer=None, plugins=["table"])
MACHINE_PATH = re.compile(r"(?<![\w.<])/(home|root|tmp|work|Users|mnt|var)/")
# What JupyterLab shows of a code cell in a window of 1,280 pixels, beside its file browser.
LONGEST_LINE = 105
IMPORT = re.compile(r"import\s+(?:static\s+)?[\w.]+(\.\*)?;")
DECLARATION = re.compile(r"(?:var|int|double|float|String|[A-Z]\w*(?:<.*>)?)(?:\[\])* \w+( =|\()|void \w+\(|(?:class|record|enum) ")
WARNING = re.compile(r"\bWARN(ING)?\b|SLF4J|Exception in thread")


class Tags(html.parser.HTMLParser):
    """The tags of a piece of HTML, each with its attributes and the text up to the next one."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        self.found.append(["/" + tag, {}, ""])

    def handle_data(self, data):
        if self.found:
            self.found[-1][2] += data


def tokens(node):
    """Every token of the text, outer ones first."""
    for each in node:
        yield each
        yield from tokens(each.get("children", []))


def markdown(cell):
    return list(tokens(MARKDOWN(cell.source)))


def words(token):
    """What a reader sees of it."""
    if "children" in token:
        return "".join(words(child) for child in token["children"])
    return {"softbreak": " ", "linebreak": " "}.get(token["type"], token.get("raw", ""))


def prose(notebook):
    return [token for cell in notebook.cells if cell.cell_type == "markdown" for token in markdown(cell)]


def headings(*cells):
    """Each as its level and its words."""
    return [(token["attrs"]["level"], words(token)) for cell in cells if cell.cell_type == "markdown"
            for token in markdown(cell) if token["type"] == "heading"]


def anchor(heading):
    """As JupyterLab makes it."""
    return heading.replace(" ", "-")


def links(cell):
    return [html.unescape(unquote(token["attrs"]["url"])) for token in markdown(cell) if token["type"] == "link"]


def html_of(notebook):
    return "".join(token["raw"] for token in prose(notebook) if token["type"] in ("block_html", "inline_html"))


def values(notebook):
    """Each form of each value that is shown, with the output's metadata."""
    return [(kind, value, output.metadata) for cell in code_cells(notebook) for output in cell.outputs
            if "data" in output for kind, value in output.data.items()]


def starts_with_heading(cell):
    return MARKDOWN(cell.source)[0]["type"] == "heading"


def has_text(cell):
    return cell.cell_type == "markdown" and any(
        token["type"] not in ("heading", "blank_line", "thematic_break") for token in MARKDOWN(cell.source))


def of_each(paths):
    """A rule for one notebook becomes a test of these."""
    paths = list(paths)

    def test_of(rule):
        @functools.wraps(rule)
        def test(self):
            for path in paths:
                with self.subTest(path.name):
                    rule(self, path, read(path))
        return test
    return test_of


class Rules(unittest.TestCase):
    @of_each(FILES)
    def test_one_title_and_no_gaps_between_headings(self, path, notebook):
        levels = [level for level, _ in headings(*notebook.cells)]
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(notebook.cells[0].source.startswith("# "))
        for above, level in zip(levels, levels[1:]):
            self.assertLessEqual(level, above + 1, headings(*notebook.cells))

    @of_each(FILES)
    def test_contents_lead_to_all_sections(self, path, notebook):
        places = [anchor(words) for _, words in headings(*notebook.cells)]
        self.assertEqual(len(places), len({*places}), "two headings of the same words are one place")
        inner = [link[1:] for cell in notebook.cells if cell.cell_type == "markdown"
                 for link in links(cell) if link.startswith("#")]
        self.assertEqual([], [link for link in inner if link not in places])
        contents = [link[1:] for link in links(notebook.cells[0]) if link.startswith("#")]
        self.assertEqual([anchor(words) for level, words in headings(*notebook.cells) if level == 2], contents)

    @of_each(FILES)
    def test_files_that_are_named_are_there(self, path, notebook):
        for token in prose(notebook):
            place = unquote(token.get("attrs", {}).get("url", "#"))
            if not re.match(r"#|[a-z]+:", place):
                self.assertTrue((path.parent / place.split("#")[0]).exists(), place)

    @of_each(FILES)
    def test_a_reason_before_each_cell_and_a_reading_after_it(self, path, notebook):
        cells = notebook.cells
        for before, cell, after in zip(cells, cells[1:], [*cells[2:], None]):
            if cell.cell_type == "code":
                self.assertTrue(has_text(before), f"no reason before: {cell.source}")
                self.assertTrue(after and has_text(after), f"no reading after: {cell.source}")
                if cell.outputs and not path.stem.startswith(TEN_STEPS):
                    self.assertFalse(starts_with_heading(after), f"no reading after: {cell.source}")

    @of_each(FILES)
    def test_cells_are_short_and_tied_to_no_machine(self, path, notebook):
        for cell in code_cells(notebook):
            self.assertLessEqual(len(cell.source.splitlines()), 15, cell.source)
            for line in cell.source.splitlines():
                self.assertLessEqual(len(line), LONGEST_LINE, line)
            self.assertNotRegex(cell.source, r"%(classpath|jars|maven)|\.jar\"")
        text = "\n".join([*(cell.source for cell in notebook.cells), *(
            str(part) for cell in code_cells(notebook) for part in shown(cell))])
        text = re.sub(r"'image/\w+': '.*?'", "", text)
        self.assertNotRegex(text, MACHINE_PATH)
        self.assertNotIn(str(ROOT), text)

    @of_each(FILES)
    def test_no_import_empties_a_variable(self, path, notebook):
        """At an import with a star, JShell compiles anew what was declared before. Where imports since then have moved it to
        another line, it becomes another class, which IJava cannot exchange: its variables are null from then on."""
        declared = None
        for line in "\n".join(cell.source for cell in code_cells(notebook)).splitlines():
            found = IMPORT.match(line)
            if found and found[1]:
                self.assertIsNone(declared, f"{line} has to stand before the first declaration")
            elif DECLARATION.match(line):
                declared = declared or line
        self.assertIsNotNone(declared)

    @of_each(FILES)
    def test_outputs_are_those_of_one_run_without_warnings(self, path, notebook):
        cells = code_cells(notebook)
        self.assertEqual([*range(1, len(cells) + 1)], [cell.execution_count for cell in cells])
        for cell in cells:
            self.assertNotIn("error", [output.output_type for output in cell.outputs], cell.source)
            self.assertEqual("", streams(cell, "stderr"), cell.source)
            self.assertNotRegex(streams(cell, "stdout"), WARNING)
        self.assertNotIn("version", notebook.metadata.language_info)
        self.assertEqual([], [cell.source for cell in cells if "execution" in cell.metadata])

    @of_each(FILES)
    def test_pictures_have_alternative_text(self, path, notebook):
        for token in prose(notebook):
            if token["type"] == "image":
                self.assertNotEqual("", words(token).strip(), token["attrs"]["url"])
        shown_values = values(notebook)
        texts = [html_of(notebook), *(value for kind, value, _ in shown_values if kind == "text/html")]
        for tag, attributes, _ in [found for text in texts for found in Tags(text).found]:
            if tag == "img":
                self.assertNotEqual("", (attributes.get("alt") or "").strip(), attributes.get("src"))
        for kind, value, metadata in shown_values:
            if kind.startswith("image/"):  # where nbconvert looks for it
                self.assertTrue(metadata.get(kind, {}).get("alt") or metadata.get("alt"), "a picture without alt")
            if kind.startswith("application/vnd.vegalite"):
                self.assertTrue(value.get("description"), "a chart without description")

    @of_each(LESSONS)
    def test_takeaways_and_exercises_end_it(self, path, notebook):
        sections = [words for level, words in headings(*notebook.cells) if level == 2]
        self.assertEqual(["Settings", "Takeaways", "Exercises"], [sections[0], *sections[-2:]])
        exercises = re.findall(r"^\*\*\d+\.", notebook.cells[-1].source, re.MULTILINE)
        self.assertGreaterEqual(len(exercises), 3)
        self.assertEqual(len(exercises), len(solutions(path)))

    def test_lessons_choose_model_and_device_alike(self):
        self.assertEqual(1, len({cell_with(code_cells(read(path)), "Settings.firstOf(").source for path in LESSONS}))

    def test_the_doctor_looks_at_the_same_models(self):
        doctor = (ROOT / "lib/ovchat-notebook/src/main/java/dev/ovchat/cli/Doctor.java").read_text(encoding="utf-8")
        places = re.findall(r'"\.\.?/[^"]+"', cell_with(code_cells(read(LESSONS[0])), "Settings.firstOf(").source)
        self.assertEqual(5, len(places))
        for place in places:
            self.assertIn(place, doctor)

    @of_each(FILES)
    def test_solutions_are_folded_away(self, path, notebook):
        found = Tags(html_of(notebook)).found
        folded = [attributes for tag, attributes, _ in found if tag == "details"]
        self.assertEqual(len(folded), len([tag for tag, *_ in found if tag == "/details"]))
        self.assertEqual([], [attributes for attributes in folded if "open" in attributes])
        titles = [text.strip() for tag, _, text in found if tag == "summary"]
        self.assertEqual(len(folded), len([title for title in titles if title]))
        if not path.stem.startswith(TEN_STEPS):
            self.assertGreater(len(folded), 0, "exercises without solutions")


class Languages(unittest.TestCase):
    def test_what_is_translated_is_there_in_the_documents_languages(self):
        found = [tuple(path.name.split(".")[:2]) for path in TRANSLATED]
        self.assertEqual([], [each for each in found if each[1] not in LANGUAGES])
        self.assertEqual([], [(name, language) for name in IN_ALL_LANGUAGES for language in LANGUAGES if (name, language) not in found])

    @of_each(TRANSLATED)
    def test_only_the_prose_differs(self, path, notebook):
        original = read(path.with_name(path.name.split(".")[0] + ".ipynb"))
        self.assertEqual([cell.cell_type for cell in original.cells], [cell.cell_type for cell in notebook.cells])
        self.assertEqual(original.metadata, notebook.metadata)
        for one, other in zip(original.cells, notebook.cells):
            self.assertEqual((one.id, one.metadata), (other.id, other.metadata))
            if one.cell_type == "code":
                for part in ("source", "outputs", "execution_count"):
                    self.assertEqual(one[part], other[part])
            else:
                self.assertNotEqual(one.source, other.source, "not translated")
                self.assertEqual(self.numbered(one), self.numbered(other))
                self.assertEqual(self.code_in(one), self.code_in(other), other.source)

    @of_each(FILES)
    def test_each_language_leads_to_the_others(self, path, notebook):
        name, *language = path.name.removesuffix(".ipynb").split(".")
        versions = {f"{name}.ipynb": "English", **{f"{name}.{key}.ipynb": own for key, own in LANGUAGES.items()}}
        there = [file for file in versions if (NOTEBOOKS / file).exists()]
        if len(there) > 1:
            self.assertEqual(" · ".join(
                versions[file] if file == path.name else f"[{versions[file]}]({file})" for file in there),
                notebook.cells[0].source.splitlines()[2])
        for link in [link for cell in notebook.cells[1:] if cell.cell_type == "markdown" for link in links(cell)]:
            other = ".".join([link.split(".")[0], *language, "ipynb"])
            if (NOTEBOOKS / other).exists():
                self.assertEqual(other, link, "it is there in this language")

    def code_in(self, cell):
        """What is code in the prose: a solution as it is, and the words that are marked as code, in any order."""
        found = markdown(cell)
        return ([token["raw"] for token in found if token["type"] == "block_code"],
                {token["raw"] for token in found if token["type"] == "codespan"})

    def numbered(self, cell):
        """The level of each heading, and its number where it has one."""
        return [(level, re.match(r"(\d+\.)?", words)[0]) for level, words in headings(cell)]


class LessonPlan(unittest.TestCase):
    """notebooks/README.md."""

    def test_it_names_every_notebook_and_only_what_is_there(self):
        self.assertEqual([path.name for path in ENGLISH], [*self.minutes()])
        for token in tokens(MARKDOWN(self.text())):
            place = token.get("attrs", {}).get("url", "")
            self.assertTrue((NOTEBOOKS / place).exists(), place)
            if token["type"] == "image":
                self.assertNotEqual("", words(token).strip(), place)

    def test_minutes_to_read_are_those_that_it_reckons(self):
        for name, minutes in self.minutes().items():
            notebook = read(NOTEBOOKS / name)
            text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
            read_words = len(re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL).split())
            lines = sum(len(cell.source.splitlines()) for cell in code_cells(notebook))
            self.assertAlmostEqual(read_words / 150 + lines * 5 / 60, minutes, delta=3, msg=name)

    def text(self):
        return (NOTEBOOKS / "README.md").read_text(encoding="utf-8")

    def minutes(self):
        rows = re.findall(r"^\| \[[\w-]+]\(([\w.-]+)\) \| (\d+) min \|", self.text(), re.MULTILINE)
        return {name: int(minutes) for name, minutes in rows}


if __name__ == "__main__":
    unittest.main()
