"""Make a talk of a notebook: slides.py NOTEBOOK REVEAL FOLDER

FOLDER gets NAME.slides.html and, beside it, what the page needs of REVEAL, reveal.js as set-up brings it.
"""
import json
import pathlib
import re
import shutil
import sys

from nbconvert import SlidesExporter
from traitlets.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
REVEAL = "reveal.js"  # the folder beside the page


def exporter():
    config = Config(json.loads((ROOT / "environment/jupyter-nbconvert.json").read_text(encoding="utf-8")))
    return SlidesExporter(
        config=config, template_name="talk", extra_template_basedirs=[str(ROOT / "environment")], reveal_url_prefix=REVEAL)


def make_talk(notebook, reveal, folder):
    page, _ = exporter().from_filename(str(notebook))
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("dist", "plugin/notes", "LICENSE"):
        copy = shutil.copytree if (reveal / part).is_dir() else shutil.copy
        shutil.rmtree(folder / REVEAL / part, ignore_errors=True)
        (folder / REVEAL / part).parent.mkdir(parents=True, exist_ok=True)
        copy(reveal / part, folder / REVEAL / part)
    for theme in (folder / REVEAL / "dist/theme").glob("*.css"):  # some ask for fonts: without them it is the browser's own
        theme.write_text(re.sub(r"@import url\(['\"]?https?:.*?\);", "", theme.read_text(encoding="utf-8")), encoding="utf-8")
    talk = folder / f"{notebook.stem}.slides.html"
    talk.write_text(page, encoding="utf-8")
    return talk


if __name__ == "__main__":
    print(make_talk(*map(pathlib.Path, sys.argv[1:4])))
