"""The comparison of exports: it sees one wrong scale, integer, precision, file, state or logit. Needs no other export."""
import pathlib
import shutil
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts/comparison"), str(ROOT / "scripts/plumbing")]

import directories  # noqa: E402
import runs  # noqa: E402
import weights  # noqa: E402
from demo_model import CHECKPOINT, demo_model  # noqa: E402

LAYER = "model.layers.1.self_attn.qkv_proj.weight"
PROMPT = [list(range(3, 23))]


class DamagedExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.matrices = weights.checkpoint_matrices(CHECKPOINT)
        cls.directory = demo_model()
        cls.undamaged = weights.read(cls.directory, cls.matrices)

    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.copy = pathlib.Path(work.name, "copy")
        shutil.copytree(self.directory, self.copy)
        self.xml = ElementTree.parse(self.copy / "openvino_model.xml")

    def constant(self, name):
        return next(layer.find("data") for layer in self.xml.iter("layer") if layer.get("name") == name)

    def change(self, name, change):
        """Write what change makes of the bytes of a constant."""
        data = self.constant(name)
        offset, size = int(data.get("offset")), int(data.get("size"))
        path = self.copy / "openvino_model.bin"
        content = bytearray(path.read_bytes())
        content[offset:offset + size] = change(bytearray(content[offset:offset + size]))
        path.write_bytes(content)

    def write_xml(self):
        self.xml.write(self.copy / "openvino_model.xml")

    def missed(self):
        """What the rows say that are missed, weights and directory."""
        rows = [*weights.compare(self.undamaged, weights.read(self.copy, self.matrices)),
                *directories.compare(self.directory, self.copy)]
        return {row.what: row.figure for row in rows if not row.met}

    def test_a_copy_is_the_same(self):
        self.assertEqual({}, self.missed())

    def test_one_bit_of_a_scale(self):
        self.change(LAYER + "/scale", lambda data: bytes([data[0] ^ 1]) + data[1:])
        self.assertEqual({"scales, bits": "1 of 19,328 differ"}, self.missed())

    def test_one_zero_point(self):
        name = LAYER.replace("layers.1", "layers.0") + "/zero_point"
        self.change(name, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
        self.assertEqual({"zero points, bits": "1 of 8,576 differ"}, self.missed())

    def test_one_integer_by_two(self):
        self.change(LAYER, lambda data: bytes([data[0] ^ 0x20]) + data[1:]) # the second value is in the upper half
        self.assertEqual(["integers"], [*self.missed()])
        self.assertIn("farthest 2 off", self.missed()["integers"])

    def test_too_many_integers_by_one(self):
        self.change(LAYER, lambda data: bytes(byte ^ 1 for byte in data[:400]) + data[400:])
        self.assertEqual({"integers": "99.989003% of 3,637,248 equal, farthest 1 off"}, self.missed())

    def test_integers_of_two_layers_swapped(self):
        other = LAYER.replace("layers.1", "layers.2")
        one, two = self.constant(LAYER), self.constant(other)
        self.assertEqual(one.get("size"), two.get("size"))
        offsets = one.get("offset"), two.get("offset")
        two.set("offset", offsets[0]), one.set("offset", offsets[1])
        self.write_xml()
        self.assertNotEqual({}, self.missed())

    def test_another_precision(self):
        """The values stay the same: -8 … 7 as bytes of i8."""
        data = self.constant(LAYER)
        integers = self.undamaged[LAYER].values.astype(numpy.int8)
        path = self.copy / "openvino_model.bin"
        data.set("offset", str(path.stat().st_size)), data.set("size", str(integers.size)), data.set("element_type", "i8")
        with path.open("ab") as file:
            file.write(integers.tobytes())
        layer = next(layer for layer in self.xml.iter("layer") if layer.get("name") == LAYER)
        layer.find("output/port").set("precision", "I8")
        self.write_xml()
        missed = self.missed()
        self.assertEqual(["precisions"], [*missed])
        self.assertIn(LAYER + " is i8(768, 2, 128)", missed["precisions"])

    def test_a_state_of_another_name(self):
        for layer in self.xml.iter("layer"):
            if layer.get("type") in ("ReadValue", "Assign"):
                data = layer.find("data")
                data.set("variable_id", data.get("variable_id").replace("past_key_values.0.key", "past.0.key"))
        self.write_xml()
        self.assertEqual(["inputs, outputs, states"], [*self.missed()])

    def test_a_window_that_paged_attention_does_not_find(self):
        next(layer for layer in self.xml.iter("layer") if layer.get("type") == "Greater").set("type", "GreaterEqual")
        self.write_xml()
        self.assertEqual(["paged attention"], [*self.missed()])

    def test_a_norm_that_is_not_fused(self):
        next(layer for layer in self.xml.iter("layer") if layer.get("type") == "Sqrt").set("type", "Relu")
        self.write_xml()
        self.assertEqual({"fused operations": "RMS is '8' instead of '9'"}, self.missed())

    def test_files_and_options(self):
        (self.copy / "generation_config.json").unlink()
        template = self.copy / "chat_template.jinja"
        template.write_text(template.read_text(encoding="utf-8") + " ", encoding="utf-8")
        option = next(self.xml.iter("ACTIVATIONS_SCALE_FACTOR"))
        option.set("value", "4.0")
        self.write_xml()
        missed = self.missed()
        self.assertEqual(["files", "options at run time"], [*missed])
        self.assertIn("generation_config.json is 'missing'", missed["files"])
        self.assertIn("chat_template.jinja is", missed["files"])

    def test_logits_and_answers_of_a_damaged_norm(self):
        model = runs.Model(self.directory)
        same = model.start().logits(PROMPT), model.start().logits(PROMPT)
        self.assertTrue(runs.same_logits("logits", [same]).met)
        self.change(LAYER + "/scale", lambda data: bytes(len(data)))
        damaged = runs.Model(self.copy)
        self.assertFalse(runs.same_logits("logits", [same, (same[0], damaged.logits(PROMPT))]).met)
        answers = [each.greedy(PROMPT, 64)[0] for each in (model, damaged)]
        self.assertFalse(runs.same_ids("greedy ids", [answers]).met)


class RowsTest(unittest.TestCase):
    def test_logits_are_relative_to_the_largest(self):
        one = numpy.array([10.0, 0.0])
        self.assertTrue(runs.same_logits("logits", [(one, one + 0.009)]).met)
        row = runs.same_logits("logits", [(one, one), (one, one + 0.011)])
        self.assertEqual(("largest difference 1.1e-03 of the largest logit", False), (row.figure, row.met))

    def test_logits_that_are_no_numbers_are_missed(self):
        one = numpy.array([1.0, 2.0])
        self.assertFalse(runs.same_logits("logits", [(one, one), (one, one * numpy.nan)]).met)

    def test_ids_name_the_first_difference(self):
        row = runs.same_ids("ids", [([1, 2], [1, 2]), ([1, 2, 3], [1, 2, 4]), ([1], [1, 2])])
        self.assertEqual("1 of 3 answers, 6 tokens; the answer to prompt 1 differs from token 2 on", row.figure)
        self.assertFalse(row.met)

    def test_nothing_compared_is_missed(self):
        self.assertEqual([False], [row.met for row in weights.compare({}, {})])
        self.assertFalse(runs.same_ids("ids", []).met)


if __name__ == "__main__":
    unittest.main()
