"""Export a model by the documented command, with the documented values where none are given."""
import argparse
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = pathlib.Path(os.environ.get("OVCHAT_HOME", ROOT / ".ovchat"))


def parse():
    parser = argparse.ArgumentParser(
        prog="./scripts/export",
        description="Export a model to OpenVINO by the documented optimum-cli command.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--model", default="microsoft/Phi-3-mini-4k-instruct", help="id on the hub, or local checkpoint")
    parser.add_argument("--task", default="text-generation-with-past", help="with-past: with a KV cache")
    parser.add_argument("--weight-format", default="int4", help="fp32, fp16, int8 or int4")
    parser.add_argument("--group-size", default="128", help="weights that share a scale")
    parser.add_argument("--ratio", default="0.6", help="share of the weights that get four bits")
    parser.add_argument("--sym", default=True, action=argparse.BooleanOptionalAction, help="symmetric quantization")
    parser.add_argument("--trust-remote-code", default=True, action=argparse.BooleanOptionalAction, help="has no effect for Phi-3")
    parser.add_argument("output", nargs="?", default=ROOT / "notebooks/model/phi3-instruct/int4", help="model directory")
    return parser.parse_args()


options = parse()
command = ["export", "openvino", "--model", options.model, "--task", options.task]
command += ["--weight-format", options.weight_format]
if options.weight_format == "int4":
    command += ["--group-size", options.group_size, "--ratio", options.ratio]
if options.weight_format in ("int4", "int8") and options.sym:
    command += ["--sym"]
if options.trust_remote_code:
    command += ["--trust-remote-code"]
command += [str(options.output)]

if failed := subprocess.run([ROOT / "scripts/setup", "export"]).returncode:
    sys.exit(failed)
program = HOME / "venv-export/bin/optimum-cli"
print("optimum-cli", *command, flush=True)
os.execv(program, [str(program), *command])
