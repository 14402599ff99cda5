"""A notebook in JupyterLab, as a person uses it: by its menus and buttons, and by what is to be seen."""
import pathlib
import re
import time

CONTRAST = (pathlib.Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
# Keeps how long the text below the cell is, each time that it changes.
OBSERVE = """cell => {
    const lengths = window.lengths = [];
    const see = () => {
        const length = cell.querySelector(".jp-Cell-outputArea")?.textContent.length ?? 0;
        if (length !== lengths.at(-1)) lengths.push(length);
    };
    new MutationObserver(see).observe(cell, {childList: true, subtree: true, characterData: true});
}"""


class NotebookPage:
    def __init__(self, page, lab, name):
        self.page = page
        page.goto(f"{lab.address}/lab/tree/{name}.ipynb?reset&token={lab.token}")
        self.notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")
        self.cells = self.notebook.locator(".jp-CodeCell")
        self.cells.first.wait_for(timeout=600_000)
        # In the status bar. Until a first cell ran, JupyterLab may not know what the kernel does.
        page.get_by_text(re.compile(r"Java \(ovchat\) \| (Idle|Unknown)")).wait_for(timeout=600_000)

    def choose(self, menu, *items):
        """Menu > Item, as it is written there."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=menu).first.click()
        for item in items:
            choice = self.page.locator(".lm-Menu-item:visible:not(.lm-mod-disabled)").filter(
                has=self.page.get_by_text(item, exact=True)).last
            choice.hover()
            self.page.locator(".lm-Menu-item.lm-mod-active", has_text=item).last.wait_for()
            choice.click()

    def cell(self, part):
        """The code cell that holds this piece of code."""
        return self.cells.filter(has_text=part).first

    def output(self, part):
        return "".join(self.cell(part).locator(".jp-OutputArea-output").all_text_contents())

    def wait_for_output(self, part, text, timeout_s=600):
        """Until this is to be seen below the cell."""
        end = time.monotonic() + timeout_s
        while text not in self.output(part):
            if time.monotonic() > end:
                raise AssertionError(f"No {text} below {part}, but: {self.output(part)}")
            self.page.wait_for_timeout(100)

    def start(self, observed=None):
        """Runs all cells, from no outputs on, and notes how the text below one of them grows."""
        self.choose("Edit", "Clear Outputs of All Cells")
        if observed:
            self.cell(observed).evaluate(OBSERVE)
        self.choose("Run", "Run All Cells")

    def lengths(self):
        return self.page.evaluate("window.lengths")

    def wait_until_run(self, timeout_s=1800):
        """Until every cell has a number, and none a star. Folded cells have neither: with such, until the last cell shows
        something."""
        end = time.monotonic() + timeout_s
        while True:
            prompts = self.prompts()
            is_folded = len(prompts) < self.cells.count()
            if all(prompt.strip("[]: ").isdigit() for prompt in prompts) and (not is_folded or self.shows_something()):
                return
            if time.monotonic() > end or self.errors():
                raise AssertionError(f"Not all cells ran: {prompts} {self.errors()}")
            self.page.wait_for_timeout(100)

    def shows_something(self):
        return self.cells.last.locator(".jp-OutputArea-output").count() > 0

    def prompts(self):
        return [text.strip() for text in self.cells.locator(".jp-InputArea-prompt").all_text_contents()]

    def errors(self):
        """What cells say on stderr, and why they failed: JupyterLab shows both alike."""
        return self.notebook.locator("[data-mime-type$='jupyter.stderr']").all_text_contents()

    def press_stop(self):
        self.page.locator(".jp-NotebookPanel-toolbar [data-command='notebook:interrupt-kernel']").click()

    def run_each_cell(self):
        """One after the other, whether or not it fails."""
        for place in range(self.cells.count()):
            cell = self.cells.nth(place)
            cell.locator(".jp-InputArea-editor").click()
            self.choose("Run", "Run Selected Cell")
            cell.locator(".jp-OutputArea-output").first.wait_for(timeout=120_000)

    def unsaved(self):
        """The notebooks that are open and count as changed."""
        self.page.wait_for_timeout(2000)  # what would change them comes with the kernel
        return self.page.locator(".lm-TabBar-tab.jp-mod-dirty, .lm-TabBar-tab .jp-mod-dirty").all_text_contents()

    def save(self):
        """A page that is loaded anew before the file is written has lost what was shown: a person is asked first, a test is not."""
        self.choose("File", "Save Notebook")
        self.page.locator(".lm-TabBar-tab.jp-mod-dirty").wait_for(state="detached")

    def lines_cut_off(self):
        """The code lines that do not fit into their cell."""
        return self.cells.evaluate_all("""cells => cells.flatMap(cell => {
            const editor = cell.querySelector(".cm-scroller");
            return editor && editor.scrollWidth > editor.clientWidth ? [editor.textContent.slice(0, 100)] : [];
        })""")

    def words_broken_apart(self, part):
        """The words of the first text below the cell that begin on one line and end on another."""
        return self.cell(part).locator(".jp-OutputArea-output").first.evaluate("""output => {
            const broken = [];
            const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
            for (let node = texts.nextNode(); node; node = texts.nextNode()) {
                for (const word of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
                    const range = document.createRange();
                    range.setStart(node, word.index);
                    range.setEnd(node, word.index + word[0].length);
                    if (new Set([...range.getClientRects()].map(each => Math.round(each.top))).size > 1) broken.push(word[0]);
                }
            }
            return broken;
        }""")

    def theme(self, name):
        self.choose("Settings", "Theme", name)
        is_light = "true" if name.endswith("Light") else "false"
        self.page.locator(f"body[data-jp-theme-light={is_light}]").wait_for(state="attached")

    def contrasts(self, selector=".jp-NotebookPanel .jp-OutputArea-output"):
        return self.page.evaluate(CONTRAST, selector)

    def dead_links(self):
        """Links to places of this notebook that are not there."""
        return self.notebook.evaluate("""notebook => [...notebook.querySelectorAll(".jp-MarkdownOutput a[href^='#']:not(.jp-InternalAnchorLink)")]
            .map(link => decodeURIComponent(link.getAttribute("href").slice(1)))
            .filter(place => !notebook.querySelector(`[id="${CSS.escape(place)}"], [data-jupyter-id="${CSS.escape(place)}"]`))""")

    def pictures_without_text(self):
        return self.notebook.evaluate("""notebook => [...notebook.querySelectorAll("img")]
            .filter(picture => !picture.alt.trim()).map(picture => picture.src.slice(0, 100))""")

    def picture(self, place, file):
        """What is to be seen when one has scrolled there."""
        self.page.mouse.move(640, 1105)  # the status bar
        for _ in range(3):  # what comes into sight is laid out then, and moves the rest
            place.evaluate("place => place.scrollIntoView()")
            self.page.wait_for_timeout(300)
        self.page.screenshot(path=file)
