"""Draw the notebooks' pictures anew, in every language that words.json has: python3 scripts/pictures/draw.py [FOLDER]

The pictures are SVG, drawn here and not by hand, since each is there in six languages and all have to stay alike.
"""
import json
import pathlib
import sys

from drawing import Drawing, FAINT, LEAST

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORDS = json.loads((pathlib.Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
# What the cell of each step makes, under its name in notebook 01.
VARIABLES = ["modelDir", "import", "ovConfig", "model", "tokenizer", "options", "prompt", "input", "output", "text"]


def ten_steps(words, language):
    """The steps of notebook 01, by how often each is done."""
    drawing = Drawing(446, words["title"], language)

    def step(number, x, y, wide):
        drawing.rect(x, y, wide, 80, "step")
        drawing.circle(x + wide / 2, y + 18, str(number))
        drawing.text(x + wide / 2, y + 52, words["steps"][number - 1], wide - 6)
        drawing.text(x + wide / 2, y + 71, VARIABLES[number - 1], wide - 6, LEAST, font="code", colour=FAINT)

    drawing.band(10, 10, 700, 130, words["once"])
    drawing.box(32, 48, 200, 80, "data", *words["checkpoint"])
    drawing.path("M232 88H282")
    step(1, 286, 48, 148)
    drawing.path("M434 88H484")
    drawing.box(488, 48, 200, 80, "data", *words["directory"])
    drawing.band(10, 150, 700, 130, words["start"])
    for place in range(5):
        step(2 + place, 24 + place * 136, 188, 128)
    drawing.band(10, 290, 700, 146, words["question"])
    for place in range(4):
        step(7 + place, 24 + place * 172, 328, 148)
        if place:
            drawing.path(f"M{place * 172} 368H{20 + place * 172}")
    drawing.path("M490 408V420H400V410")
    drawing.text(500, 425, words["loop"], 206, 15, anchor="start", colour=FAINT)
    return drawing


def decoder_layer(words, language):
    """The way of a token through the model, and through one of its layers."""
    drawing = Drawing(418, words["title"], language)
    row = [("data", 64, words["ids"]), ("step", 118, "embedding"), ("step", 104, words["layer"].format(1)), ("", 30, "…"),
           ("step", 104, words["layer"].format("N")), ("step", 96, "RMSNorm", "lm_head"), ("data", 80, "logits")]
    x = 14
    for place, (kind, wide, *names) in enumerate(row):
        if kind:
            drawing.box(x, 14, wide, 52, kind, *names)
        else:
            drawing.text(x + wide / 2, 44, *names, wide)
        if place < len(row) - 1:
            drawing.path(f"M{x + wide} 40H{x + wide + 14}")
        x += wide + 16
    drawing.path("M228 66L14 102", head=False, dashed=True)
    drawing.path("M332 66L706 102", head=False, dashed=True)
    drawing.band(10, 102, 700, 306, words["inside"])
    # What comes in goes on past each part, and what the part makes is added to it.
    drawing.path("M18 216H58")
    drawing.path("M34 216V160H354V200")
    drawing.path("M386 216V160H640V200")
    drawing.text(194, 154, words["added"], 300, 15, colour=FAINT)
    drawing.text(513, 154, words["added"], 250, 15, colour=FAINT)
    for x, wide, name in ((60, 96, "RMSNorm"), (176, 144, words["attention"]), (410, 96, "RMSNorm"), (524, 84, "MLP")):
        drawing.box(x, 188, wide, 56, "step", name)
    for begin, end in ((156, 174), (320, 338), (368, 408), (506, 522), (608, 624), (654, 698)):
        drawing.path(f"M{begin} 216H{end}")
    drawing.circle(354, 216, "+")
    drawing.circle(640, 216, "+")
    drawing.lines(566, 284, words["mlp"], 250, 15, colour=FAINT)
    drawing.path("M212 244V318")
    drawing.path("M284 320V248")
    drawing.lines(204, 282, words["writes"], 180, 15, anchor="end", colour=FAINT)
    drawing.lines(292, 282, words["reads"], 150, 15, anchor="start", colour=FAINT)
    drawing.box(106, 322, 284, 66, "cache", words["cache"], words["vectors"])
    return drawing


def kv_cache(words, language):
    """What the cache holds, pass by pass, and how a token is taken back."""
    drawing = Drawing(424, words["title"], language)
    tokens = ["the", "small", "dog", "sees", "the", "moon", "owl"]
    passes = [["read"] * 4, ["cache"] * 4 + ["read"], ["cache"] * 5 + ["read"], ["cache"] * 5 + ["masked"],
              ["cache"] * 5 + ["masked", "read"]]
    left, wide, high = 246, 66, 44
    drawing.text(left - 12, 30, words["position"], left - 24, 15, anchor="end", colour=FAINT)
    for place in range(len(tokens)):
        drawing.text(left + place * wide + wide / 2 - 3, 30, str(place), wide, 15, colour=FAINT)
    for row, kinds in enumerate(passes):
        y = 44 + row * 62
        drawing.lines(left - 12, y + high / 2, words["passes"][row], left - 22, 15, anchor="end")
        for place, kind in enumerate(kinds):
            x = left + place * wide
            drawing.box(x, y, wide - 6, high, kind, tokens[place], bold=kind == "read")
            if kind == "masked":
                drawing.strike(x, y, wide - 6, high)
    x = 16
    for kind in ("read", "cache", "masked"):
        drawing.rect(x, 376, 26, 22, kind)
        drawing.text(x + 34, 393, words[kind], 200, 15, anchor="start", colour=FAINT)
        x += 234
    return drawing


PICTURES = {"ten-steps": ten_steps, "decoder-layer": decoder_layer, "kv-cache": kv_cache}


def drawn():
    """Each picture in each language, by its file's name."""
    for language, pictures in WORDS.items():
        for name, draw in PICTURES.items():
            ending = "" if language == "en" else f".{language}"
            yield f"{name}{ending}.svg", draw(pictures[name], language).svg()


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1]) if sys.argv[1:] else ROOT / "notebooks/images"
    for name, svg in drawn():
        (folder / name).write_text(svg, encoding="utf-8")
