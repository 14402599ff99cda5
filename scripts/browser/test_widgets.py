"""Widgets as a person uses them: in two windows, after a restart, by the keyboard, and by a screen reader."""
from in_browser import PICTURES, THEMES, InBrowser
from notebook_page import NotebookPage

SLIDER = """import dev.ovchat.widget.*;
var heard = new Label("nothing yet");
var slider = FloatSlider.of(0, 2, 0.1, 0.7).description("Temperature");
slider.onChange(value -> heard.value("heard " + value));
VBox.of(slider, heard)"""
# One of each kind, and every text of it that a page shows. `name` is a method of texts.
EACH = """import dev.ovchat.widget.*;
%s
var each = VBox.of(
    IntSlider.of(0, 10, 1, 3).description(name("Whole number")), FloatSlider.of(0, 1, 0.1, 0.5).description(name("Number")),
    Dropdown.of(List.of(name("one"), "two"), "two").description(name("List")).tooltip(name("tip")),
    ToggleButtons.of(List.of(name("left"), "right"), "right").description(name("Side")),
    new Checkbox(true).description(name("Check")), new Text(name("text")).description(name("Line")).placeholder(name("hint")),
    new Textarea(name("text")).description(name("Lines")), new Button(name("Press")).tooltip(name("tip")),
    new Label(name("A label")), new Progress(10).value(4).description(name("Part")), new HTML(HTML.escape(name("piece")), ""),
    new Output().print(name("printed")), new Accordion().add(name("Fold"), new Label("folded")),
    new Tab().add(name("First"), new Label("shown")));
each"""
PLAIN = 'String name(String text) { return text; }'
EVIL = """String name(String text) {
    return text + " <img src=x onerror='window.hacked = 1'><script>window.hacked = 1</script>";
}"""
MODEL = """import dev.ovchat.chat.*;
import dev.ovchat.generate.*;
import dev.ovchat.live.*;
import dev.ovchat.openvino.*;
import dev.ovchat.settings.*;
import dev.ovchat.text.*;
var demo = ModelChoice.of("the demo model", "./model/demo/int4", "../environment/demo-model/checkpoint");
var model = CausalLM.load(Settings.firstOf(demo).exportedModelDir(), Device.of("CPU"), Map.of());
var template = ChatTemplate.load(Settings.firstOf(demo).exportedModelDir());"""
CHAT_BOX = "ChatBox.of(model, template).widget()"
# Each kind that can be moved, and a label that says what Java heard of it.
MOVED = """import dev.ovchat.widget.*;
var heard = new Label("nothing yet");
var whole = IntSlider.of(0, 10, 1, 3).description("Whole number");
whole.onChange(value -> heard.value("whole " + value));
var number = FloatSlider.of(0, 1, 0.1, 0.5).description("Number");
number.onChange(value -> heard.value("number " + value));
var list = Dropdown.of(List.of("one", "two"), "two").description("List");
list.onChange(value -> heard.value("list " + value));
var side = ToggleButtons.of(List.of("left", "right"), "right").description("Side");
side.onChange(value -> heard.value("side " + value));
var check = new Checkbox(false).description("Check");
check.onChange(value -> heard.value("check " + value));
var line = new Text("").description("Line");
line.onChange(value -> heard.value("line " + value));
var lines = new Textarea("").description("Paragraph");
lines.onChange(value -> heard.value(value.lines().count() + " lines"));
var press = new Button("Press");
press.onClick(() -> heard.value("pressed"));
VBox.of(whole, number, list, side, check, line, lines, press, heard, new Accordion().add("Fold", new Label("folded")),
    new Tab().add("First", new Label("shown")).add("Second", new Label("hidden")))"""
# What has to have a name, by ARIA's roles.
NAMED = {"button", "checkbox", "combobox", "listbox", "progressbar", "radio", "slider", "spinbutton", "tab", "textbox"}


class WidgetsTest(InBrowser):
    maxDiff = None

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def wait_until_enabled(self, name):
        """Until a button of the chat box can be pressed, and Tab leads to it: what is said of an answer comes before."""
        button = self.page.get_by_role("button", name=name, exact=True)
        self.page.wait_for_function("button => !button.disabled", arg=button.element_handle())

    def test_two_windows_show_the_same(self):
        first = self.run_all("windows", SLIDER)
        first.choose("File", "Save Notebook")
        window = self.page.context.new_page()
        second = NotebookPage(window, self.lab, "windows")
        for mover, watcher, moves, value in ((second, first, 1, "0.80"), (first, second, 2, "1.00")):
            mover.notebook.get_by_role("slider").focus()
            for _ in range(moves):
                mover.page.keyboard.press("ArrowRight")
            for notebook in (mover, watcher):
                notebook.notebook.get_by_text(f"heard {float(value)}").wait_for()
                notebook.notebook.get_by_text(value, exact=True).wait_for()
        window.close()

    def test_each_is_moved(self):
        notebook = self.run_all("moved", MOVED)
        sliders = self.page.get_by_role("slider")
        for move, heard in (
                (lambda: sliders.nth(0).press("ArrowRight"), "whole 4"),
                (lambda: sliders.nth(1).press("ArrowRight"), "number 0.6"),
                (lambda: self.page.get_by_label("List", exact=True).select_option("one"), "list one"),
                (lambda: self.page.get_by_role("button", name="left").click(), "side left"),
                (lambda: self.page.get_by_label("Check", exact=True).check(), "check true"),
                (lambda: self.page.get_by_label("Line", exact=True).fill("a line"), "line a line"),
                (lambda: self.page.get_by_label("Paragraph").fill("one\ntwo"), "2 lines"),
                (lambda: self.page.get_by_role("button", name="Press").click(), "pressed"),
                (lambda: self.page.get_by_text("Fold", exact=True).click(), "folded"),
                (lambda: self.page.get_by_role("tab", name="Second").click(), "hidden")):
            with self.subTest(heard):
                self.page.get_by_text(heard, exact=True).wait_for(state="hidden")
                move()
                self.page.get_by_text(heard, exact=True).wait_for()
        self.assertEqual([], notebook.errors())

    def test_a_turn_is_edited(self):
        """What came after it goes."""
        notebook = self.run_all("edited", MODEL, CHAT_BOX)
        edit = self.page.get_by_role("button", name="Edit", exact=True)

        def said(question):
            return self.page.get_by_text(f"user {question}")

        for question in ("What is a token?", "Who are you?"):
            self.page.get_by_label("Question").fill(question)
            self.press("Enter")
            said(question).wait_for()
            self.wait_until_enabled("Edit")
        self.page.get_by_label("Turn").select_option("0")
        self.page.get_by_label("Question").fill("What is OpenVINO?")
        edit.click()
        said("What is OpenVINO?").wait_for()
        for gone in ("What is a token?", "Who are you?"):
            said(gone).wait_for(state="detached")
        self.wait_until_enabled("Edit")
        self.assertEqual([], notebook.errors())

    def test_the_kernel_is_restarted(self):
        """What was there stays to be seen, and does nothing; run again, it lives."""
        notebook = self.run_all("restart", SLIDER)
        self.page.get_by_role("slider").focus()
        self.press("ArrowRight")
        self.page.get_by_text("heard 0.8").wait_for()
        notebook.choose("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.get_by_text("Java (ovchat) | Idle").wait_for()
        self.page.get_by_text("heard 0.8").wait_for()
        notebook.start()
        self.page.get_by_text("nothing yet").wait_for()
        self.page.get_by_role("slider").focus()
        self.press("ArrowLeft")
        self.page.get_by_text("heard 0.6").wait_for()
        self.assertEqual([], notebook.errors())

    def test_by_the_keyboard_alone(self):
        """Tab leads from one part to the next, each shows that it has the focus, and Enter, space and arrows do what they say."""
        notebook = self.run_all("keyboard", MODEL, CHAT_BOX)
        self.page.get_by_label("Question").focus()
        self.page.keyboard.type("can you introduce yourself?")
        self.press("Enter")
        self.page.get_by_text("ended by END_TOKEN").wait_for()
        for name in ("Ask", "Ask anew", "Edit", "Clear"):
            self.wait_until_enabled(name)
        reached = []
        while len(reached) < 40 and (not reached or reached[-1] != "Show the prompt as the model reads it"):
            self.press("Tab")
            focused = self.page.locator("*:focus")
            reached.append(self.name_of(focused))
            with self.subTest(reached[-1]):
                self.check_focus_is_seen(focused)
        for name in ("Ask", "Ask anew", "Turn", "Edit", "Clear", "Temperature", "Top-p", "Longest answer", "System message"):
            self.assertIn(name, reached)
        self.press("Space")
        self.page.get_by_text("<|user|>").first.wait_for()
        facts = self.page.get_by_text("ended by END_TOKEN").text_content()
        self.page.get_by_role("button", name="Ask anew").focus()
        self.press("Enter")
        self.page.get_by_text(facts, exact=True).wait_for(state="detached")  # another answer takes another time
        self.wait_until_enabled("Clear")
        self.page.get_by_role("button", name="Clear").focus()
        self.press("Space")
        self.page.get_by_text("ended by END_TOKEN").wait_for(state="detached")
        self.assertEqual([], notebook.errors())

    def name_of(self, focused):
        """Its words, or those of the row that it is in."""
        return focused.evaluate("""part => part.labels?.[0]?.textContent || part.textContent.trim().length > 4 && part.textContent
            || part.closest(".jupyter-widgets")?.querySelector("label")?.textContent || part.textContent""").strip()

    def check_focus_is_seen(self, focused):
        """It looks otherwise than without the focus."""
        box = focused.bounding_box()
        around = {"x": box["x"] - 6, "y": box["y"] - 6, "width": box["width"] + 12, "height": box["height"] + 12}
        style = "part => { const {outline, boxShadow, borderColor, backgroundColor} = getComputedStyle(part);" \
                " return [outline, boxShadow, borderColor, backgroundColor].join(); }"
        seen, looks = self.page.screenshot(clip=around), focused.evaluate(style)
        handle = focused.element_handle()
        handle.evaluate("part => part.blur()")
        self.page.wait_for_timeout(50)
        self.assertTrue(self.page.screenshot(clip=around) != seen or handle.evaluate(style) != looks, "the focus cannot be seen")
        handle.evaluate("part => part.focus({focusVisible: true})")

    def test_a_screen_reader_finds_a_name_for_each(self):
        notebook = self.run_all("names", EACH % PLAIN, MODEL, CHAT_BOX)
        found = self.parts_for_screen_readers()
        self.assertGreater(len(found), 20)
        # ipywidgets gives a slider's handle no name, and none can be given from here: its description stands before it.
        self.assertEqual({"slider"}, {role for role, name in found if not name.strip()}, found)
        for width in (900, 1280):
            self.page.set_viewport_size({"width": width, "height": 1120})
            for theme, ending in THEMES.items():
                with self.subTest(theme, width=width):
                    notebook.theme(theme)
                    # The title of a fold is the front end's own: 4.4 in light, 4.2 in dark.
                    self.assertEqual({"Fold"}, {text for ratio, text, *_ in notebook.contrasts() if ratio < 4.5})
                    notebook.picture(notebook.cells.first, PICTURES / f"widgets-{width}{ending}.png")

    def parts_for_screen_readers(self):
        """Role and name of each part of the outputs that is there to be used, as Chromium hands them to a screen reader."""
        session = self.page.context.new_cdp_session(self.page)
        found = []
        for number in range(self.page.locator(".jp-Cell-outputArea").count()):
            area = session.send("Runtime.evaluate", {
                "expression": f"document.querySelectorAll('.jp-Cell-outputArea')[{number}]"})["result"]["objectId"]
            nodes = session.send("Accessibility.queryAXTree", {"objectId": area})["nodes"]
            found += [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes
                      if node.get("role", {}).get("value") in NAMED]
        session.detach()
        return found

    def test_html_is_text(self):
        notebook = self.run_all("html", EACH % EVIL, MODEL,
                                'ChatBox.of(model, template).ask("<img src=x onerror=\'window.hacked = 1\'>").widget()')
        shown = notebook.cells.first.locator(".jp-Cell-outputArea")
        for text in ("Whole number", "Side", "Check", "A label", "Part", "piece", "printed", "Fold", "First"):
            shown.get_by_text(f"{text} <img src=x").first.wait_for()
        self.page.wait_for_timeout(500)
        self.assertIsNone(self.page.evaluate("window.hacked ?? null"))
        self.assertEqual(0, self.page.locator(".jp-Cell-outputArea img, .jp-Cell-outputArea script").count())
