"""The export on the real Java kernel, as a cell of a notebook runs it."""
import json
import pathlib
import shutil
import struct
import tempfile
import unittest

from notebooks import ROOT, streams
from test_display import StoppingClient, run

DEMO = ROOT / "environment/demo-model/checkpoint"
EXPORT = """
    import java.nio.file.Path;
    import dev.ovchat.export.*;
    import dev.ovchat.progress.*;
    Export.of(Path.of("{0}")).progress(new ProgressLine()).to(Path.of("{1}"))"""


def shapes(config):
    """The tensors that a Phi3ForCausalLM of this config has."""
    hidden, inner, vocabulary = config["hidden_size"], config["intermediate_size"], config["vocab_size"]
    tensors = {"model.embed_tokens.weight": [vocabulary, hidden], "model.norm.weight": [hidden], "lm_head.weight": [vocabulary, hidden]}
    for layer in range(config["num_hidden_layers"]):
        tensors |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in {
            "input_layernorm": [hidden], "post_attention_layernorm": [hidden], "self_attn.qkv_proj": [3 * hidden, hidden],
            "self_attn.o_proj": [hidden, hidden], "mlp.gate_up_proj": [2 * inner, hidden], "mlp.down_proj": [hidden, inner]}.items()}
    return tensors


def write_large_checkpoint(folder):
    """3 GB of zeros, which take no space on the disk: long enough to press a button meanwhile."""
    config = json.loads((DEMO / "config.json").read_text(encoding="utf-8"))
    config |= {"hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 13, "num_attention_heads": 32, "num_key_value_heads": 32}
    header, end = {}, 0
    for name, shape in shapes(config).items():
        size = 2 * shape[0] * (shape[1] if len(shape) == 2 else 1)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    with open(folder / "model.safetensors", "wb") as weights:
        weights.write(struct.pack("<Q", len(text)) + text)
        weights.truncate(8 + len(text) + end)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(DEMO / name, folder)


class ExportInACell(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_line_tells_how_far_it_is_and_the_value_what_was_made(self):
        [cell] = run(EXPORT.format(DEMO, self.folder / "int4")).cells
        line, result = cell.outputs
        self.assertRegex(line.data["text/plain"], r"^13 of 13 MB, took \d+\.\d s: writing [\w.]+$")
        self.assertRegex(result.data["text/plain"], r"int4: 3\.0 MB of weights from 7\.3 MB in \d+\.\d s; 62 % INT8_ASYM, 38 % INT4_SYM$")
        self.assertTrue((self.folder / "int4/openvino_model.xml").exists())

    def test_the_stop_button_leaves_nothing(self):
        checkpoint = self.folder / "checkpoint"
        checkpoint.mkdir()
        write_large_checkpoint(checkpoint)
        notebook = run(EXPORT.format(checkpoint, self.folder / "int4"), 'System.out.println("still there")', client_class=StoppingClient)
        stopped, after = notebook.cells
        line, error = stopped.outputs
        self.assertRegex(line.data["text/plain"], r"\d+ of 5,\d+ MB, [\d.,]+ MB/s, .+ left: measuring [\w.]+")
        self.assertIn("interrupted", error.evalue)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["checkpoint"])
        self.assertEqual(streams(after, "stdout"), "still there\n")


if __name__ == "__main__":
    unittest.main()
