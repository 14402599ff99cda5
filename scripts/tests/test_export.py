"""The export's command line, called as a reader calls it. That the model is the right one is tested elsewhere."""
import contextlib
import json
import math
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import hub
from notebooks import ROOT

sys.path.insert(0, str(ROOT / "scripts/plumbing"))

from export_model import KNOWN, command  # noqa: E402

CHECKPOINT = ROOT / "environment/demo-model/checkpoint"
OTHER_ENGINE = "If optimum-cli knows it, add --engine optimum.\nSee ./scripts/export --help.\n"


class ExportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def export(self, *arguments, **variables):
        return subprocess.run(
            [ROOT / "scripts/export", *arguments], env={**os.environ, **variables}, capture_output=True, text=True)

    def fails(self, code, message, *arguments, **variables):
        """With this sentence on standard error and nothing on standard output."""
        done = self.export(*arguments, **variables)
        self.assertEqual((code, "", message), (done.returncode, done.stdout, done.stderr))
        self.assertEqual([], [*self.folder.glob("**/openvino_model.*")])

    def test_help_has_the_documented_values(self):
        done = self.export("--help")
        self.assertEqual(done.returncode, 0, done.stderr)
        words = " ".join(done.stdout.split())
        for value in ("microsoft/Phi-3-mini-4k-instruct", "text-generation-with-past", "int4", "128", "0.6", "true",
                      "false", "int8_asym", "java", f"{ROOT}/notebooks/model/phi3-instruct/int4"):
            self.assertIn(f"(default: {value})", words)

    def test_an_export_ends_with_one_line(self):
        target = self.folder / "with spaces, ü" / "int8"
        done = self.export("--model", CHECKPOINT, "--weight-format=int8", "--no-sym", target, LC_ALL="C")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertRegex(done.stdout, rf"^{target}: 3\.\d MB of weights from 7\.3 MB in .* s; 100 % INT8_ASYM\n$")
        self.assertTrue((target / "openvino_model.xml").is_file())

    def test_all_arguments_reach_the_export(self):
        done = self.export(
            "-m", CHECKPOINT, "--task", "text-generation-with-past", "--weight-format", "int4", "--group-size", "-1",
            "--group-size-fallback", "adjust", "--ratio", "1", "--sym", "--all-layers", "--backup-precision", "none",
            "--awq", "--trust-remote-code", "--engine", "java", self.folder / "int4")
        self.assertRegex(done.stdout, r"100 % INT4_SYM", done.stderr)
        self.assertIn("awq=true", (self.folder / "int4/openvino_model.xml").read_text(encoding="utf-8"))

    def test_formats_of_four_bits_take_the_values_of_optimum_cli(self):
        for weight_format, shares in (
                ("nf4", "28 % INT8_ASYM, 72 % NF4"), ("mxfp4", "28 % MXFP8_E4M3, 72 % MXFP4"), ("cb4", "28 % INT8_ASYM, 72 % CB4")):
            with self.subTest(weight_format):
                done = self.export("--model", CHECKPOINT, "--weight-format", weight_format, self.folder / weight_format)
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertRegex(done.stdout, "; " + shares)

    def test_int4_alone_takes_the_values_of_optimum_cli(self):
        named, other = self.folder / "Phi-4-reasoning", self.folder / "phi-4"
        for checkpoint, values, entry in (
                (named, "--group-size 64 --ratio 1.0 --no-sym", "microsoft/Phi-4-reasoning"),
                (other, "--group-size 128 --ratio 1.0 --no-sym", "models that it has no entry for")):
            with self.subTest(entry):
                shutil.copytree(CHECKPOINT, checkpoint)
                done = self.export("--model", checkpoint, "--weight-format", "int4", self.folder / f"int4-{checkpoint.name}")
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertIn(f"int4 as optimum-intel 2.2.0 does it for {entry}: {values}.\n", done.stdout)
                self.assertRegex(done.stdout, "; 28 % INT8_ASYM, 72 % INT4_ASYM\n$")

    def test_wrong_values_are_said(self):
        for arguments, message in (
                (["--dataset", "wikitext2"], "Unknown option: '--dataset'. " + OTHER_ENGINE),
                (["--weight-format", "fp8"],
                 "Invalid value for option '--weight-format': fp8 is none of fp32, fp16, int8, int4, nf4, mxfp4, cb4, original. "
                 + OTHER_ENGINE),
                (["--weight-format", "mxfp4", "--group-size", "64"], "groupSize is 64, and mxfp4 has groups of 32 weights; leave "
                 "groupSize out, or take another format.\nSee ./scripts/export --help.\n"),
                (["--weight-format", "int8", "--awq"], "AWQ is for weights of four bits that have a scale of any size, and the "
                 "weight format is int8; leave out awq, or take int4, nf4 or cb4.\nSee ./scripts/export --help.\n"),
                *(([option], f"{option} corrects weights by what the model computes for a data set, which the export from Java "
                   "does not run; leave it out, or add --engine optimum and a --dataset, such as wikitext2.\nSee ./scripts/export "
                   "--help.\n") for option in ("--scale-estimation", "--gptq", "--lora-correction")),
                (["--task", "text-generation"],
                 "Invalid value for option '--task': text-generation is none of text-generation-with-past. " + OTHER_ENGINE),
                (["--group-size-fallback", "skip"],
                 "Invalid value for option '--group-size-fallback': skip is none of error, ignore, adjust. " + OTHER_ENGINE),
                (["--ratio", "7"], "ratio is 7.0; take a share from 0 to 1.\nSee ./scripts/export --help.\n"),
                (["--model", "no/where/at/all"], "There is no checkpoint directory or GGUF file no/where/at/all, and it is "
                 "no id on the hub such as microsoft/Phi-3-mini-4k-instruct.\nSee ./scripts/export --help.\n"),
                (["--model", "no/where.gguf"], "There is no checkpoint directory or GGUF file no/where.gguf, and it is no "
                 "id on the hub such as microsoft/Phi-3-mini-4k-instruct.\nSee ./scripts/export --help.\n")):
            with self.subTest(arguments):
                self.fails(2, message, *arguments, self.folder / "int4")

    def test_options_of_compression_want_a_format_for_a_file(self):
        file = self.folder / "model.gguf"
        file.write_bytes(b"GGUF")
        self.fails(2, f"--group-size says how weights are compressed, and those of {file} stay as they are (--weight-format "
                   "original); add --weight-format int4 or int8.\nSee ./scripts/export --help.\n",
                   "--model", file, "--group-size", "32", self.folder / "int4")
        self.fails(2, f"--awq says how weights are compressed, and those of {file} stay as they are (--weight-format "
                   "original); add --weight-format int4.\nSee ./scripts/export --help.\n",
                   "--model", file, "--awq", self.folder / "int4")

    def test_optimum_cli_takes_no_file(self):
        file = self.folder / "model.gguf"
        file.write_bytes(b"GGUF")
        self.fails(1, f"{file} is a file, and optimum-cli exports directories. A GGUF file is exported without --engine "
                   "optimum.\n", "--engine", "optimum", "--model", file, self.folder / "int4",
                   OVCHAT_HOME=str(self.folder / "home"))

    def adapter(self):
        """One that changes a layer of the demo model, of rank 1: with zeros, so that the model stays as it is."""
        folder = self.folder / "adapter=1"
        folder.mkdir()
        config = {"peft_type": "LORA", "r": 1, "lora_alpha": 1}
        (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
        sizes = json.loads((CHECKPOINT / "config.json").read_text(encoding="utf-8"))
        tensors, end = {}, 0
        for part, shape in (("A", [1, sizes["intermediate_size"]]), ("B", [sizes["hidden_size"], 1])):
            begin, end = end, end + 4 * max(shape)
            name = f"base_model.model.model.layers.0.mlp.down_proj.lora_{part}.weight"
            tensors[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
        header = json.dumps(tensors).encode()
        (folder / "adapter_model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(end))
        return folder

    def test_adapters_are_merged(self):
        target, adapter = self.folder / "int8", self.adapter()
        done = self.export("--model", CHECKPOINT, "--weight-format", "int8", "--adapter", adapter, "--adapter", f"{adapter}=-0.5",
                           target)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        graph = (target / "openvino_model.xml").read_text(encoding="utf-8")
        self.assertIn('<adapters value="[adapter=1=1.0, adapter=1=-0.5]"', graph)

    def test_adapters_that_cannot_be_merged(self):
        adapter, target = self.adapter(), self.folder / "int8"
        again = "\nSee ./scripts/export --help.\n"
        self.fails(2, f"Invalid value for option '--adapter' (DIR[=WEIGHT]): {adapter}=half has the weight 'half'; write a "
                   f"number after the equals sign, such as {adapter}=0.5.{again}",
                   "--model", CHECKPOINT, "--adapter", f"{adapter}=half", target)
        self.fails(2, f"The weight of the adapter {adapter} is NaN; take a finite number, such as 0.5.{again}",
                   "--model", CHECKPOINT, "--adapter", f"{adapter}=NaN", target)
        self.fails(1, f"There is no directory {adapter}/none; name the one that holds the adapter.\n",
                   "--model", "of/no-download", "--adapter", f"{adapter}/none", target)
        self.fails(1, "--adapter merges a LoRA adapter into the weights, which optimum-cli does not. Leave out --engine optimum, "
                   "or merge the adapter by PEFT's merge_and_unload, and export what that gives.\n",
                   "--engine", "optimum", "--model", CHECKPOINT, "--adapter", adapter, target,
                   OVCHAT_HOME=str(self.folder / "home"))

    def test_a_failed_export_is_one_sentence(self):
        target = self.folder / "int4"
        target.touch()
        self.fails(1, f"There is something at {target} already; delete it, or export to another directory.\n",
                   "--model", CHECKPOINT, target)

    def test_an_unknown_architecture_is_named(self):
        checkpoint = self.folder / "checkpoint"
        shutil.copytree(CHECKPOINT, checkpoint)
        config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
        config.update(model_type="falcon", architectures=["FalconForCausalLM"])
        (checkpoint / "config.json").write_text(json.dumps(config), encoding="utf-8")
        done = self.export("--model", checkpoint, self.folder / "int4")
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, r"^.*falcon.*phi3.*--engine optimum.*\n$")

    def test_what_optimum_intel_cannot_export_is_said_before_it_is_installed(self):
        checkpoint = self.folder / "checkpoint"
        checkpoint.mkdir()
        for kind, reason in (
                ("gemma3_text", "which optimum-intel 2.2.0 exports with transformers<=5.0, and 5.5.4 is installed beside it"),
                ("exaone4", "which optimum-intel 2.2.0 exports with transformers<=4.57.6, and 5.5.4 is installed beside it"),
                ("bert", "with which optimum-intel 2.2.0 generates no text")):
            with self.subTest(kind):
                (checkpoint / "config.json").write_text(json.dumps({"model_type": kind}), encoding="utf-8")
                done = self.export("--engine", "optimum", "--model", checkpoint, self.folder / "int4",
                                   OVCHAT_HOME=str(self.folder / "home"))
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertRegex(done.stderr, rf"^{checkpoint} is of the architecture {kind}, {reason}\. Take a model .*\n$")
                self.assertFalse((self.folder / "home").exists())

    def test_the_list_of_architectures_is_of_the_pinned_versions(self):
        known = json.loads(KNOWN.read_text(encoding="utf-8"))
        pins = "".join((ROOT / "environment" / name).read_text(encoding="utf-8")
                       for name in ("requirements-export.txt", "constraints-export.txt"))
        self.assertIn(f"optimum-intel[openvino]=={known['optimum-intel']}\n", pins)
        self.assertIn(f"transformers=={known['transformers']};", pins)

    def test_on_a_terminal_there_is_one_line_of_progress(self):
        ours, theirs = pty.openpty()
        export = subprocess.Popen(
            [ROOT / "scripts/export", "--model", CHECKPOINT, self.folder / "int4"], stdout=theirs,
            env={**os.environ, "TERM": "xterm"})
        os.close(theirs)
        lines = self.read(ours).split("\r\n")
        self.assertEqual(0, export.wait())
        self.assertRegex(lines[-3], r"\r13 of 13 MB, took ")
        self.assertLess(max(map(len, lines[-3].split("\r"))), 80)
        self.assertIn("MB of weights from 7.3 MB", lines[-2])

    def read(self, terminal):
        """All that is written to it until its other side is closed."""
        pieces = []
        with open(terminal, "rb", buffering=0) as file, contextlib.suppress(OSError):
            while piece := file.read(4096):
                pieces.append(piece)
        return b"".join(pieces).decode()

    def large_checkpoint(self):
        """The demo's architecture with weights of 1.7 GB, all of them zero: a file with a hole."""
        checkpoint = self.folder / "checkpoint"
        shutil.copytree(CHECKPOINT, checkpoint)
        config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
        layers, hidden, inner = 64, 1024, 4096
        config.update(num_hidden_layers=layers, hidden_size=hidden, intermediate_size=inner, num_attention_heads=16,
                      num_key_value_heads=16)
        (checkpoint / "config.json").write_text(json.dumps(config), encoding="utf-8")
        shapes = {"model.embed_tokens.weight": [config["vocab_size"], hidden], "model.norm.weight": [hidden],
                  "lm_head.weight": [config["vocab_size"], hidden]}
        for layer in range(layers):
            shapes |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in {
                "input_layernorm": [hidden], "post_attention_layernorm": [hidden], "mlp.down_proj": [hidden, inner],
                "mlp.gate_up_proj": [2 * inner, hidden], "self_attn.o_proj": [hidden, hidden],
                "self_attn.qkv_proj": [3 * hidden, hidden]}.items()}
        header, end = {}, 0
        for name, shape in shapes.items():
            begin, end = end, end + 2 * math.prod(shape)
            header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, end]}
        text = json.dumps(header).encode()
        with (checkpoint / "model.safetensors").open("wb") as file:
            file.write(len(text).to_bytes(8, "little") + text)
            file.truncate(8 + len(text) + end)
        return checkpoint

    def test_ctrl_c_leaves_nothing(self):
        target = self.folder / "models" / "int4"
        export = subprocess.Popen(
            [ROOT / "scripts/export", "--model", self.large_checkpoint(), target], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            # Tests in the background of a shell ignore Ctrl-C, and so would what they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        while not [*self.folder.glob("models/.int4.export-*/openvino_model.bin")]:
            self.assertIsNone(export.poll())
            time.sleep(0.01)
        os.killpg(export.pid, signal.SIGINT)
        _, errors = export.communicate()
        self.assertEqual((130, "The export was interrupted; nothing is left of it.\n"), (export.returncode, errors))
        self.assertEqual([], [*(self.folder / "models").iterdir()])


class HubTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.hub, self.served = stack.enter_context(hub.serving(CHECKPOINT))

    def export(self, model, *arguments, **variables):
        environment = {**os.environ, "HF_ENDPOINT": self.hub, "HF_HOME": str(self.folder / "cache"), **variables}
        return subprocess.run(
            [ROOT / "scripts/export", "--model", model, *arguments], env=environment, capture_output=True, text=True)

    def fails(self, message, model, *arguments, **variables):
        done = self.export(model, *arguments, self.folder / "int4", **variables)
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, f"^{message}.*\n$")
        self.assertFalse((self.folder / "int4").exists())

    def test_a_model_is_downloaded_once(self):
        first = self.export(hub.MODEL, self.folder / "first")
        self.assertEqual(0, first.returncode, first.stderr)
        self.assertEqual({file.name for file in CHECKPOINT.iterdir()}, {*self.served} - {"main"})
        local = self.export(CHECKPOINT, self.folder / "local")
        self.assertEqual(0, local.returncode, local.stderr)
        for name in ("openvino_model.bin", "config.json", "tokenizer.json"):
            self.assertEqual((self.folder / "local" / name).read_bytes(), (self.folder / "first" / name).read_bytes())
        self.served.clear()
        second = self.export(hub.MODEL, "--revision", hub.COMMIT, self.folder / "second")
        self.assertEqual((0, [hub.COMMIT] * 2), (second.returncode, self.served), second.stderr)
        self.served.clear()
        offline = self.export(hub.MODEL, self.folder / "offline", HF_HUB_OFFLINE="1")
        self.assertEqual((0, []), (offline.returncode, self.served), offline.stderr)

    def test_what_cannot_be_downloaded_is_said(self):
        self.fails(f"There is no model tests/none on {self.hub}, nor a directory of that name here", "tests/none")
        self.fails(f"The model {hub.GATED} is gated: ask for access at {self.hub}/{hub.GATED}, then log in", hub.GATED)
        self.fails(f"The model {hub.MODEL} has no revision v7; ", hub.MODEL, "--revision", "v7")
        self.fails("tests/a--b is no id of a model", "tests/a--b")
        self.fails(f"HF_HUB_OFFLINE is set, and {hub.MODEL} is not in the cache", hub.MODEL, HF_HUB_OFFLINE="1")
        self.fails("http://127.0.0.1:9 does not answer, and", hub.MODEL, HF_ENDPOINT="http://127.0.0.1:9")

    def test_another_architecture_is_said_before_its_weights_come(self):
        other = shutil.copytree(CHECKPOINT, self.folder / "other")
        config = json.loads((other / "config.json").read_text())
        (other / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
        with hub.serving(other) as (address, served):
            done = self.export(hub.MODEL, self.folder / "int4", HF_ENDPOINT=address)
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("config.json is of the architecture gpt2; the export from Java knows", done.stderr)
        self.assertIn("config.json", served)
        self.assertNotIn("model.safetensors", served)

    def test_wrong_values_are_said_before_a_download(self):
        done = self.export(hub.MODEL, "--ratio", "7")
        self.assertEqual((2, []), (done.returncode, self.served))
        done = self.export(hub.MODEL, CHECKPOINT)
        self.assertEqual((1, []), (done.returncode, self.served))
        self.assertIn(f"There is something at {CHECKPOINT} already", done.stderr)


class DocumentedCommandTest(unittest.TestCase):
    DOCUMENTED = "export openvino --model a --task text-generation-with-past --weight-format int4 --group-size 128 --ratio 0.6 --sym --trust-remote-code b"

    def test_documented_values(self):
        self.assertEqual(self.DOCUMENTED.split(), command(["--model", "a", "--engine", "optimum", "b"]))

    def test_what_it_alone_knows_is_handed_on(self):
        self.assertEqual(
            "export openvino --model a --task auto --weight-format int4 --group-size -1 --ratio 0.6 --all-layers "
            "--backup-precision none --awq --num-samples 8 b".split(),
            command("-m a --task auto --no-sym --no-trust-remote-code --awq --group-size=-1 --num-samples 8 --all-layers "
                    "--backup-precision none --engine=optimum b".split()))
        self.assertEqual(
            "export openvino --model a --task text-generation-with-past --quant-mode int8 --trust-remote-code b".split(),
            command("--model a --quant-mode int8 b".split()))
        self.assertEqual(
            "export openvino --model a --task text-generation-with-past --weight-format nf4 --group-size 64 "
            "--trust-remote-code --all-layers b".split(),
            command("--model a --weight-format nf4 --group-size 64 --all-layers b".split()))
        self.assertEqual(
            "export openvino --model a --task text-generation-with-past --weight-format int4 --trust-remote-code b".split(),
            command("--model a --weight-format int4 b".split()))
        self.assertIn("--sym", command("--model a --quant-mode int8 --sym b".split()))

    def test_the_script_leads_to_it(self):
        done = subprocess.run(
            [ROOT / "scripts/export", "--engine", "optimum", "--never-heard-of", "x"], capture_output=True, text=True)
        self.assertEqual(2, done.returncode)
        self.assertIn("--engine optimum: error: unrecognized arguments: --never-heard-of", done.stderr)


if __name__ == "__main__":
    unittest.main()
