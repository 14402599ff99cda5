"""Every notebook, run whole on the real Java kernel."""
import asyncio
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
from unittest import mock

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
DEMO = ROOT / "environment/demo-model/int4"
CHAT = NOTEBOOKS / "01-openvino-chat.ipynb"
ANSWER = (
    "I am ovchat's small demo model. I was trained from nothing on dialogues written for ovchat. "
    "I run on OpenVINO, called from Java. I can talk about the ten steps of the notebook and little else."
)
STEPS = [
    "Settings", "1. Export the model", "2. Import what is needed", "3. Set the configuration", "4. Load the model",
    "5. Load the tokenizer", "6. Set the tokenizer's options", "7. Write the prompt", "8. Turn the prompt into tokens",
    "9. Generate the answer", "10. Turn the tokens back into text", "What to try now",
]


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def streams(cell, name):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == name)


class CountingClient(NotebookClient):
    """Counts how many pieces a cell's printed text comes in."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.pieces = {}

    def process_message(self, message, cell, cell_index):
        if message["msg_type"] == "stream":
            self.pieces[cell_index] = self.pieces.get(cell_index, 0) + 1
        return super().process_message(message, cell, cell_index)


class InterruptingClient(CountingClient):
    """Presses the stop button as soon as the last cell but one prints something."""

    def process_message(self, message, cell, cell_index):
        if message["msg_type"] == "stream" and cell is self.nb.cells[-2] and cell_index not in self.pieces:
            asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, cell_index)


def execute(notebook, kernel="java", client_class=CountingClient, **variables):
    """Run it on an installed kernel spec, with these environment variables set for the kernel."""
    client = client_class(
        notebook, kernel_name=kernel, timeout=300, resources={"metadata": {"path": str(NOTEBOOKS)}})
    unset = {name: os.environ[name] for name in os.environ if name not in ("MODEL_DIR", "DEVICE")}
    with mock.patch.dict(os.environ, {**unset, **variables}, clear=True):
        client.execute(stderr=subprocess.DEVNULL)
    return client


def execute_with_spec(notebook, change, **variables):
    """The same on a copy of the installed spec whose environment `change` has edited."""
    installed = pathlib.Path(KernelSpecManager().get_kernel_spec("java").resource_dir)
    spec = json.loads((installed / "kernel.json").read_text(encoding="utf-8"))
    change(spec["env"])
    with tempfile.TemporaryDirectory() as folder:
        kernel = pathlib.Path(folder, "kernels/changed")
        kernel.mkdir(parents=True)
        (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        return execute(notebook, kernel="changed", JUPYTER_PATH=folder, **variables)


def another_home(folder):
    """An edit for execute_with_spec: set-up's folder is another one, the runtime is still found."""
    def change(environment):
        environment["OPENVINO_LIBS"] = environment["OVCHAT_HOME"] + "/openvino/libs"
        environment["OVCHAT_HOME"] = str(folder)
    return change


class Form(unittest.TestCase):
    def test_ten_steps_with_one_heading_and_one_cell_each(self):
        cells = read(CHAT).cells
        headings = [line[3:] for cell in cells if cell.cell_type == "markdown"
                    for line in cell.source.splitlines() if line.startswith("## ")]
        self.assertEqual(headings, STEPS)
        self.assertEqual(len(code_cells(read(CHAT))), 11)

    def test_cells_are_short_and_name_no_machine(self):
        for path in NOTEBOOKS.glob("*.ipynb"):
            self.assertNotIn(str(ROOT), path.read_text(encoding="utf-8"), path.name)
            for cell in code_cells(read(path)):
                self.assertLessEqual(len(cell.source.splitlines()), 15, cell.source)
                self.assertNotRegex(cell.source, r"%(classpath|jars|maven)|\.jar\"", path.name)

    def test_outputs_are_committed_and_hold_no_warnings(self):
        for cell in code_cells(read(CHAT)):
            self.assertIsNotNone(cell.execution_count, cell.source)
            self.assertEqual(streams(cell, "stderr"), "")


class Run(unittest.TestCase):
    def test_chat_answers_step_by_step(self):
        notebook = read(CHAT)
        client = execute(notebook)
        cells = code_cells(notebook)
        for cell in cells:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)
        settings, export, *_, tokenize, generate, decode = cells
        self.assertIn("demo model", streams(settings, "stdout"))
        self.assertIn("optimum-cli export openvino --model microsoft/Phi-3-mini-4k-instruct", streams(export, "stdout"))
        self.assertIn("Not run: the model in", streams(export, "stdout"))
        self.assertTrue(streams(generate, "stdout").startswith(ANSWER + "\n"))
        self.assertIn("ended by END_TOKEN", streams(generate, "stdout"))
        self.assertGreater(client.pieces[notebook.cells.index(generate)], 20, "the answer does not stream")
        self.assertIn("tokens/s", generate.outputs[-1].data["text/plain"])
        self.assertEqual(
            streams(decode, "stdout"),
            "Prompt and answer:\nYou are a helpful AI assistant. can you introduce yourself? " + ANSWER
            + "\n\nThe answer alone:\n" + ANSWER + "\n")

        committed = code_cells(read(CHAT))
        self.assertEqual(tokenize.outputs, committed[-3].outputs)
        self.assertEqual(decode.outputs, committed[-1].outputs)

    def test_cells_run_again_and_out_of_order(self):
        notebook = read(CHAT)
        cells = code_cells(notebook)
        again = [*cells, *cells, cells[4], cells[9], cells[7], cells[8], cells[9], cells[10]]
        for cell in cells:  # each one alone, and what it might have broken
            again += [cell, cells[9], cells[10]]
        notebook.cells = [nbformat.v4.new_code_cell(cell.source) for cell in again]
        execute(notebook)
        for cell in notebook.cells:
            if cell.source == cells[10].source:
                self.assertIn(ANSWER, streams(cell, "stdout"))

    def test_the_stop_button_ends_an_answer_and_keeps_it(self):
        notebook = read(CHAT)
        cells = [cell.source for cell in code_cells(notebook)]
        endless = """
            var endless = GenerationConfig.defaults().maxNewTokens(4000).eosTokenIds(List.of());
            var stopped = model.generate(input, endless, new TextStreamer(tokenizer, System.out::print));"""
        after = """
            for (int i = 0; i < 100 && stopped == null; i++) {
                Thread.sleep(100);
            }
            System.out.println(stopped.finishReason() + " " + stopped.answer().size());
            System.out.println(model.generate(input, generationConfig).finishReason());"""
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in [*cells, endless, after]]
        notebook.cells[-2].metadata["tags"] = ["raises-exception"]
        execute(notebook, client_class=InterruptingClient)
        # A piece of text that was being printed may come behind the error.
        errors = [output.ename for output in notebook.cells[-2].outputs if output.output_type == "error"]
        self.assertEqual(errors, ["EvaluationInterruptedException"])
        # The kernel gives the stopped cell up at once, but the answer as far as it came is there.
        reason, size, next_reason = streams(notebook.cells[-1], "stdout").split()[-3:]
        self.assertEqual((reason, next_reason), ("CANCELLED", "END_TOKEN"))
        self.assertIn(int(size), range(1, 3999))

    def test_memory_stays_where_the_model_is_loaded_again(self):
        cells = [cell.source for cell in code_cells(read(CHAT))]
        load, closing = cells[4], "model.close();"
        resident = 'Files.lines(Path.of("/proc/self/status")).filter(line -> line.startsWith("VmRSS")).forEach(System.out::println);'
        self.assertIn("CausalLM.load", load)
        for again in ([load, resident], [load, resident, closing]):  # what is forgotten is freed by the next load
            notebook = nbformat.v4.new_notebook(cells=[
                nbformat.v4.new_code_cell(source)
                for source in [*cells[:4], "import java.nio.file.Files;"] + again * 10])
            execute(notebook)
            sizes = [int(streams(cell, "stdout").split()[1]) for cell in notebook.cells if cell.source == resident]
            self.assertLess(sizes[9], 1.1 * sizes[1], sizes)

    def test_first_cell_helps_when_the_kernel_has_no_jar(self):
        with self.assertRaises(CellExecutionError) as raised:
            execute_with_spec(read(CHAT), lambda environment: environment.clear())
        self.assertIn("./scripts/lab", raised.exception.evalue)

    def test_step_1_exports_a_missing_model(self):
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder, "exported model")
            program = pathlib.Path(folder, "venv-export/bin/optimum-cli")
            program.parent.mkdir(parents=True)
            # Stands for the real one, which CI runs by ./scripts/export: prints, and writes to its last argument.
            program.write_text(f'#!/bin/sh\necho "exporting $4"\nfor last; do :; done\ncp -r "{DEMO}" "$last"\n')
            program.chmod(0o755)
            notebook = read(CHAT)
            execute_with_spec(notebook, another_home(folder), MODEL_DIR=str(target))
        cells = code_cells(notebook)
        self.assertIn("exporting microsoft/Phi-3-mini-4k-instruct\n", streams(cells[1], "stdout"))
        self.assertIn(ANSWER, streams(cells[-1], "stdout"))

    def test_step_1_says_how_to_get_the_export(self):
        notebook = read(CHAT)
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(CellExecutionError) as raised:
            execute_with_spec(notebook, another_home(folder), MODEL_DIR="./model/nowhere")
        self.assertIn("Run ./scripts/export", streams(code_cells(notebook)[1], "stdout"))
        self.assertRegex(raised.exception.evalue, r"no model directory .*model/nowhere.*\./scripts/export")

    def test_missing_device_is_named_with_those_there_are(self):
        with self.assertRaises(CellExecutionError) as raised:
            execute(read(CHAT), DEVICE="GPU.7")
        self.assertRegex(raised.exception.evalue, r"No device GPU\.7 on this machine; there is: .*CPU")


class Scripts(unittest.TestCase):
    def run_script(self, *command, **variables):
        return subprocess.run(
            [ROOT / "scripts" / command[0], *command[1:]], env={**os.environ, **variables}, capture_output=True,
            text=True)

    def notebook_with(self, folder, source):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell("# A heading"), nbformat.v4.new_code_cell(source)])
        path = pathlib.Path(folder, "a notebook.ipynb")
        nbformat.write(notebook, path)
        return path

    def test_run_prints_headings_and_outputs(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_script("run", self.notebook_with(folder, 'System.out.println("out"); 6 * 7'))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"A heading\n-+\nout\n42")

    def test_run_fails_with_the_cell(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_script("run", self.notebook_with(folder, 'throw new IllegalStateException("broken")'))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("broken", done.stderr)

    def test_run_names_a_missing_notebook(self):
        done = self.run_script("run", "nowhere.ipynb")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("There is no notebook nowhere.ipynb", done.stderr)

    def test_doctor_finds_nothing_wrong(self):
        done = self.run_script("doctor")
        self.assertEqual(done.returncode, 0, done.stdout)
        for line in ("JDK", "Maven", "compiler", "Python packages", "kernel", "OpenVINO runtime", "devices",
                     "tokenizer library", "model directory"):
            self.assertRegex(done.stdout, rf"OK    {line} ")

    def test_doctor_gives_remedies(self):
        done = self.run_script("doctor", MODEL_DIR="nowhere", DEVICE="GPU.7")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"FAIL  devices .*CPU")
        self.assertRegex(done.stdout, r"FAIL  model directory .*\./scripts/export")

    def test_doctor_loads_the_model(self):
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder, "model")
            shutil.copytree(DEMO, model)
            with (model / "openvino_model.bin").open("r+b") as weights:
                weights.truncate(1000)
            done = self.run_script("doctor", MODEL_DIR=str(model))
        self.assertRegex(done.stdout, r"FAIL  model directory .*openvino_model.xml")

    def test_doctor_names_the_runtime_that_is_missing(self):
        done = self.run_script("doctor", OPENVINO_LIBS="/nowhere")
        self.assertRegex(done.stdout, r"FAIL  OpenVINO runtime .*none of these folders: /nowhere.*\./scripts/setup")

    def test_setup_names_what_is_missing_and_how_to_get_it(self):
        done = self.run_script("setup", JAVA_HOME="/nowhere")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"No JDK found.*install")

    def test_bundle_refuses_what_it_does_not_know(self):
        for argument, message in (("--with-modle", "no option --with-modle"), ("bundle.zip", "has to end in .tar.gz")):
            done = self.run_script("bundle", argument)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(message, done.stderr)

    def test_a_bundle_installs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "bundled").touch()
            for command, message in ((["run"], "not complete"), (["setup", "export"], "cannot export"),
                                     (["bundle"], "in a clone"), (["test"], "need a clone")):
                done = self.run_script(*command, OVCHAT_HOME=folder, OVCHAT_WORK=folder)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(message, done.stderr)

    def test_export_refuses_what_it_does_not_know(self):
        done = self.run_script("export", "--dataset", "wikitext2", "somewhere")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("unrecognized arguments", done.stderr)

    def test_export_has_the_documented_values(self):
        done = self.run_script("export", "--help", COLUMNS="200")
        self.assertEqual(done.returncode, 0, done.stderr)
        for value in ("microsoft/Phi-3-mini-4k-instruct", "text-generation-with-past", "int4", "128", "0.6"):
            self.assertIn(f"default: {value}", done.stdout)


if __name__ == "__main__":
    unittest.main()
