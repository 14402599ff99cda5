"""Notebook 01, on the real Java kernel."""
import os
import pathlib
import re
import tempfile
import unittest

import nbformat
from nbclient.exceptions import CellExecutionError

from notebooks import (
    CHECKPOINT, NOTEBOOKS, ROOT, InterruptingClient, code_cells, execute, execute_with_spec, folder_of_its_own, read,
    shown, streams, texts)

CHAT = NOTEBOOKS / "01-openvino-chat.ipynb"
ANSWER = (
    "I am ovchat's small demo model. I was trained from nothing on dialogues written for ovchat. "
    "I run on OpenVINO, called from Java. I can talk about the ten steps of the notebook and little else."
)
STEPS = [
    "Settings", "1. Export the model", "2. Import what is needed", "3. Set the configuration", "4. Load the model",
    "5. Load the tokenizer", "6. Set the tokenizer's options", "7. Write the prompt", "8. Turn the prompt into tokens",
    "9. Generate the answer", "10. Turn the tokens back into text", "What you have seen", "What to try now",
]


def without_our_jar(spec):
    """As by JJava's own spec."""
    spec["env"].clear()
    class_path = spec["argv"].index("-cp") + 1
    spec["argv"][class_path] = spec["argv"][class_path].split(os.pathsep)[0]


class Form(unittest.TestCase):
    def test_ten_steps_with_one_heading_and_one_cell_each(self):
        cells = read(CHAT).cells
        headings = [line[3:] for cell in cells if cell.cell_type == "markdown"
                    for line in cell.source.splitlines() if line.startswith("## ")]
        self.assertEqual(headings, STEPS)
        self.assertEqual(len(code_cells(read(CHAT))), 11)


class Run(unittest.TestCase):
    def test_chat_answers_step_by_step(self):
        notebook = read(CHAT)
        with folder_of_its_own():
            execute(notebook)
        cells = code_cells(notebook)
        settings, export, *_, tokenize, generate, decode = cells
        self.assertIn("demo model", streams(settings, "stdout"))
        self.assertIn("optimum-cli export openvino --model microsoft/Phi-3-mini-4k-instruct", streams(export, "stdout"))
        self.assertRegex(streams(export, "stdout"), r"\./model/demo/int4: 3\.0 MB of weights from 7\.3 MB .* 38 % INT4_SYM")
        self.assertRegex(export.outputs[1].data["text/plain"], r"^13 of 13 MB, took .*: writing ")
        self.assertEqual([ANSWER], texts(generate))
        self.assertRegex(streams(generate, "stdout"), r"^\d+ new tokens, ended by END_TOKEN\n$")
        self.assertIn("tokens/s", generate.outputs[-1].data["text/plain"])
        self.assertEqual(["You are a helpful AI assistant. can you introduce yourself? " + ANSWER, ANSWER], texts(decode))
        self.assertEqual("Prompt and answer:\nThe answer alone:\n", streams(decode, "stdout"))
        prompt = streams(cells[7], "stdout")
        self.assertEqual(2, prompt.count("<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|><|assistant|>\n"))
        self.assertIn("Its four marks are 4 tokens of this model.", prompt)

    def test_cells_run_again_and_out_of_order(self):
        notebook = read(CHAT)
        cells = code_cells(notebook)
        again = [*cells, *cells, cells[4], cells[9], cells[7], cells[8], cells[9], cells[10]]
        for cell in cells:  # each one alone, and what it might have broken
            again += [cell, cells[9], cells[10]]
        notebook.cells = [nbformat.v4.new_code_cell(cell.source) for cell in again]
        execute(notebook)
        self.assertIn("Not run: the model in ./model/demo/int4 is there", streams(notebook.cells[12], "stdout"))
        for cell in notebook.cells:
            if cell.source == cells[10].source:
                self.assertEqual(ANSWER, texts(cell)[-1])

    def test_the_stop_button_ends_an_answer_and_keeps_it(self):
        notebook = read(CHAT)
        cells = [cell.source for cell in code_cells(notebook)]
        endless = cells[9].replace(".maxNewTokens(1024)", ".maxNewTokens(4000).eosTokenIds(List.of())")
        self.assertNotEqual(cells[9], endless)
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in [*cells[:9], endless, cells[10]]]
        client = execute(notebook, client_class=InterruptingClient)
        stopped, decode = notebook.cells[-2:]
        self.assertGreater(client.pieces[9], 2, "the answer does not grow")
        ended = re.fullmatch(r"(\d+) new tokens, ended by CANCELLED\n", streams(stopped, "stdout"))
        self.assertIsNotNone(ended, stopped.outputs)
        self.assertIn(int(ended[1]), range(1, 3999))
        self.assertIn("tokens/s", stopped.outputs[-1].data["text/plain"])
        self.assertEqual(texts(stopped), texts(decode)[1:])

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
            self.assertLess(sizes[9], 1.2 * sizes[1], sizes)

    def test_first_cell_helps_when_the_kernel_has_no_jar(self):
        with self.assertRaises(CellExecutionError) as raised:
            execute_with_spec(read(CHAT), without_our_jar)
        self.assertIn("./scripts/lab", raised.exception.evalue)

    def test_step_1_exports_a_missing_model(self):
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder, "exported model")
            notebook = read(CHAT)
            execute(notebook, MODEL_DIR=str(target), CHECKPOINT=str(CHECKPOINT))
        cells = code_cells(notebook)
        self.assertIn(f"{target}: 3.0 MB of weights", streams(cells[1], "stdout"))
        self.assertEqual(ANSWER, texts(cells[-1])[-1])

    def test_a_lesson_that_is_opened_first_exports_the_demo_model(self):
        lesson = read(NOTEBOOKS / "04-chat.ipynb")
        lesson.cells = code_cells(lesson)[:3]
        with folder_of_its_own():
            execute(lesson)
        self.assertIn("Model: ./model/demo/int4", streams(lesson.cells[1], "stdout"))
        self.assertIn("phi3", streams(lesson.cells[2], "stdout"))

    def test_step_1_says_how_to_get_the_export(self):
        with self.assertRaises(CellExecutionError) as raised:
            execute(read(CHAT), MODEL_DIR="./model/nowhere")
        self.assertRegex(raised.exception.evalue, r"no model in \./model/nowhere, .*Run \./scripts/export --model MODEL '.*/notebooks/model/nowhere'")

    def test_without_a_real_model_the_notebook_takes_the_demo_model_and_says_why(self):
        settings = read(CHAT)
        settings.cells = code_cells(settings)[:1]
        with folder_of_its_own() as folder:
            environment = folder.parent / "environment"
            environment.unlink()
            (environment / "demo-model").mkdir(parents=True)
            (environment / "demo-model/checkpoint").symlink_to(CHECKPOINT)
            execute(settings, MODEL_DIR="")
        self.assertIn("Model: ./model/demo/int4, the demo model, since ./model/phi3-instruct/int4 has not been exported and "
                      "../environment/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf is not there.\n", streams(settings.cells[0], "stdout"))

    def test_missing_device_is_named_with_those_there_are(self):
        with self.assertRaises(CellExecutionError) as raised:
            execute(read(CHAT), DEVICE="GPU.7")
        self.assertRegex(raised.exception.evalue, r"No device GPU\.7 on this machine; there is: .*CPU")


@unittest.skipUnless((ROOT / "environment/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf").exists(), "set-up has not brought SmolLM2")
class RealModel(unittest.TestCase):
    def test_the_notebook_takes_it_and_it_introduces_itself(self):
        notebook = read(CHAT)
        with folder_of_its_own():
            execute(notebook, MODEL_DIR="")
        cells, committed = code_cells(notebook), code_cells(read(CHAT))
        for index in (0, 2, 3, 5, 6, 7, 8):  # all but what takes time
            self.assertEqual(shown(cells[index]), shown(committed[index]))
        export, generate, decode = cells[1], *cells[-2:]
        self.assertRegex(streams(export, "stdout"), r"\./model/smollm2/original: 96\.6 MB of weights from 96\.6 MB in .* 21 % I8, 79 % U4")
        self.assertRegex(streams(generate, "stdout"), r"^\d+ new tokens, ended by END_TOKEN\n$")
        whole, [answer] = texts(decode)[0], texts(generate)
        self.assertRegex(answer, r"^I'm .+\.$")
        self.assertEqual("system\nYou are a helpful AI assistant.\nuser\ncan you introduce yourself?\nassistant\n" + answer, whole)
        self.assertEqual([whole, answer], texts(decode))


if __name__ == "__main__":
    unittest.main()
