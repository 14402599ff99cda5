"""What the tests in a browser share: JupyterLab, Chromium, and that no request leaves this machine."""
import contextlib
import copy
import json
import os
import pathlib
import shutil
import unittest
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from lab import ROOT, Lab
from notebook_page import NotebookPage

CHAT = "01-openvino-chat"
CHARTS = ".vega-embed .marks"
PICTURES = pathlib.Path(os.environ["OVCHAT_WORK"], "browser")
THEMES = {"JupyterLab Light": "", "JupyterLab Dark": "-dark"}


def is_local(address):
    place = urlsplit(address)
    return place.scheme in ("data", "blob", "about", "file") or place.hostname in ("127.0.0.1", "localhost")


class InBrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        opened = contextlib.ExitStack()
        cls.addClassCleanup(opened.close)
        cls.lab = opened.enter_context(Lab())
        chromium = opened.enter_context(sync_playwright()).chromium
        cls.browser = opened.enter_context(chromium.launch(executable_path=os.environ["CHROMIUM"]))

    def setUp(self):
        self.away = []
        context = self.browser.new_context(viewport={"width": 1280, "height": 1120})
        context.set_default_timeout(300_000)
        context.route("**/*", self.keep_here)
        self.page = context.new_page()
        self.page.on("websocket", lambda socket: is_local(socket.url) or self.away.append(socket.url))
        self.addCleanup(context.close)

    def opened(self, name, sources):
        """A notebook of these code cells."""
        cells = json.loads((ROOT / f"notebooks/{CHAT}.ipynb").read_text(encoding="utf-8"))
        like = next(cell for cell in cells["cells"] if cell["cell_type"] == "code")
        cells["cells"] = [
            {**copy.deepcopy(like), "id": f"cell-{number}", "source": source, "outputs": [], "execution_count": None}
            for number, source in enumerate(sources)]
        (self.lab.notebooks / f"{name}.ipynb").write_text(json.dumps(cells), encoding="utf-8")
        return NotebookPage(self.page, self.lab, name)

    def run_all(self, name, *sources):
        """The same, run without an error."""
        notebook = self.opened(name, sources)
        notebook.start()
        notebook.wait_until_run()
        self.assertEqual([], notebook.errors())
        return notebook

    def keep_here(self, route):
        if is_local(route.request.url):
            route.continue_()
        else:
            self.away.append(route.request.url)
            route.abort()

    def tearDown(self):
        self.page.screenshot(path=PICTURES / f"{self._testMethodName}.png")  # what a failure looked like
        shutil.copy(self.lab.log, PICTURES)
        self.assertEqual([], self.away, "requests that leave this machine")
