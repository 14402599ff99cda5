"""The pictures that scripts/pictures draws: as they are committed, in every language, and readable."""
import json
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree

from notebooks import NOTEBOOKS, ROOT, read
from test_notebooks_form import LANGUAGES, prose

sys.path.insert(0, str(ROOT / "scripts/pictures"))

import draw  # noqa: E402
import drawing  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour):
    values = (int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5))
    return sum(weight * (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
               for weight, value in zip((0.2126, 0.7152, 0.0722), values))


def contrast(one, other):
    """As WCAG 2 computes it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


class Pictures(unittest.TestCase):
    def test_the_committed_pictures_are_those_that_are_drawn(self):
        for name, svg in draw.drawn():
            self.assertEqual(svg, (NOTEBOOKS / "images" / name).read_text(encoding="utf-8"),
                             f"{name} is not as python3 scripts/pictures/draw.py draws it")
        self.assertEqual({name for name, _ in draw.drawn()}, {path.name for path in (NOTEBOOKS / "images").glob("*.svg")})

    def test_every_language_has_its_own_words_for_everything(self):
        self.assertEqual({"en", *LANGUAGES}, {*draw.WORDS})
        for language, pictures in draw.WORDS.items():
            self.assertEqual(self.shape(draw.WORDS["en"]), self.shape(pictures), language)
            if language != "en":
                for name, words in pictures.items():
                    self.assertNotEqual(draw.WORDS["en"][name]["title"], words["title"])

    def shape(self, words):
        """The keys, and how many lines each text has."""
        if isinstance(words, dict):
            return {key: self.shape(value) for key, value in words.items()}
        return [self.shape(each) for each in words] if isinstance(words, list) else "words"

    def test_letters_stand_out_in_both_themes(self):
        """Every picture lies on its own ground, whatever the theme's is."""
        grounds = [drawing.GROUND, drawing.BAND, *(ground for ground, *_ in drawing.KINDS.values())]
        for ground in grounds:
            for ink in (drawing.INK, drawing.FAINT):
                self.assertGreaterEqual(contrast(ink, ground), 4.5, (ink, ground))
        for _, svg in draw.drawn():
            root = ElementTree.fromstring(svg)
            ground = root.find(f"{SVG}rect")
            self.assertEqual(root.get("viewBox").split()[2:], [ground.get("width"), ground.get("height")])
            self.assertLessEqual({text.get("fill") for text in root.iter(f"{SVG}text")}, {drawing.INK, drawing.FAINT})
            self.assertGreaterEqual(min(int(text.get("font-size")) for text in root.iter(f"{SVG}text")), drawing.LEAST)
            self.assertTrue(root.find(f"{SVG}title").text)

    def test_words_that_have_no_room_are_refused(self):
        picture = drawing.Drawing(100, "A title", "en")
        with self.assertRaisesRegex(ValueError, '"These words" needs 111 of 50: find shorter words'):
            picture.box(0, 0, 56, 40, "step", "These words")
        with self.assertRaisesRegex(ValueError, "letters of 12, and 15 is the least"):
            picture.text(0, 0, "small", 100, size=12)

    def test_notebooks_show_those_of_their_language(self):
        shown = {}
        for path in NOTEBOOKS.glob("*.ipynb"):
            language = path.stem.partition(".")[2]
            for token in prose(read(path)):
                place = token.get("attrs", {}).get("url", "") if token["type"] == "image" else ""
                found = re.fullmatch(r"images/([\w-]+?)(?:\.([\w-]+))?\.svg", place)
                if found:
                    self.assertEqual(language, found[2] or "", f"{path.name} shows {place}")
                    shown.setdefault(found[1], set()).add(path.name)
        self.assertEqual({*draw.PICTURES}, {*shown}, "pictures that no notebook shows")
        self.assertEqual(len(LANGUAGES) + 1, len(shown["ten-steps"]), json.dumps(sorted(shown["ten-steps"])))


if __name__ == "__main__":
    unittest.main()
