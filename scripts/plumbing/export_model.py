"""Export a model by the documented command, with the documented values where none are given."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = pathlib.Path(os.environ.get("OVCHAT_HOME", ROOT / ".ovchat"))
# What optimum-intel exports, by scripts/golden/golden_optimum.py.
KNOWN = ROOT / "lib/ovchat-export/src/main/resources/dev/ovchat/decoder/optimum-intel.json"


# Arguments of optimum-cli that have no documented value: handed on as they are.
FLAGS = ("--awq", "--scale-estimation", "--gptq", "--lora-correction", "--disable-stateful", "--disable-convert-tokenizer")
VALUES = (
    "--framework", "--library", "--cache_dir", "--pad-token-id", "--variant", "--group-size-fallback",
    "--dataset", "--sensitivity-metric", "--quantization-statistics-path", "--num-samples", "--smooth-quant-alpha",
    "--model-kwargs")


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./scripts/export --engine optimum",
        description="Export a model to OpenVINO by the documented optimum-cli command.",
        epilog=f"Handed on as they are: {', '.join(FLAGS + VALUES)}.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("-m", "--model", default="microsoft/Phi-3-mini-4k-instruct", help="id on the hub, or local checkpoint")
    parser.add_argument("--task", default="text-generation-with-past", help="with-past: with a KV cache")
    parser.add_argument("--weight-format", default="int4", help="fp32, fp16, int8, int4, or another of optimum-cli's")
    parser.add_argument("--quant-mode", help="in place of a weight format: activations are quantized, too")
    parser.add_argument("--group-size", default="128", help="weights that share a scale; of int4")
    parser.add_argument("--ratio", default="0.6", help="share of the weights that get four bits; of int4")
    parser.add_argument("--sym", default=True, action=argparse.BooleanOptionalAction, help="symmetric quantization")
    parser.add_argument("--all-layers", action="store_true", help="let the embedding and the last layer be int4, too")
    parser.add_argument("--backup-precision", help="of weights that int4 leaves out: none, int8_sym or int8_asym")
    parser.add_argument("--trust-remote-code", default=True, action=argparse.BooleanOptionalAction, help="has no effect for Phi-3")
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("output", nargs="?", default=ROOT / "notebooks/model/phi3-instruct/int4", help="model directory")
    for flag in FLAGS:
        parser.add_argument(flag, action="append_const", const=[flag], dest="more", help=argparse.SUPPRESS)
    for value in VALUES:
        parser.add_argument(
            value, action="append", type=lambda text, name=value: [name, text], dest="more", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def command(arguments):
    """What follows optimum-cli."""
    options = parse(arguments)
    made = ["export", "openvino", "--model", options.model, "--task", options.task]
    made += ["--quant-mode", options.quant_mode] if options.quant_mode else weights(options)
    if options.trust_remote_code:
        made += ["--trust-remote-code"]
    made += [part for argument in options.more or [] for part in argument]
    return [*made, str(options.output)]


def weights(options):
    made = ["--weight-format", options.weight_format]
    if options.weight_format == "int4":
        made += ["--group-size", options.group_size, "--ratio", options.ratio]
        made += ["--all-layers"] if options.all_layers else []
        made += ["--backup-precision", options.backup_precision] if options.backup_precision else []
    if options.weight_format in ("int4", "int8") and options.sym:
        made += ["--sym"]
    return made


def require_known(options):
    """The environment has 6 GB: whether it will do is said before it is installed."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    kind = architecture(options.model)
    transformers = known["architectures"].get(kind)
    if kind is None or options.task != known["task"] or transformers == "":
        return
    optimum = f"optimum-intel {known['optimum-intel']}"
    if transformers is None:
        sys.exit(f"{options.model} is of the architecture {kind}, with which {optimum} generates no text. "
                 "Take a model of another architecture.")
    sys.exit(
        f"{options.model} is of the architecture {kind}, which {optimum} exports with transformers{transformers}, and "
        f"{known['transformers']} is installed beside it. Take a model that somebody has exported already, or export it by "
        "optimum-cli in an environment with such a version.")


def architecture(model):
    """What config.json says; nothing where it cannot be read, which optimum-cli will tell."""
    folder = model if os.path.isdir(model) else configs(model)
    try:
        config = json.loads((pathlib.Path(folder) / "config.json").read_text(encoding="utf-8"))
        return config.get("model_type")
    except (OSError, ValueError, AttributeError):
        return None


def configs(model):
    """The directory with what the hub has beside the weights."""
    installed = HOME / "venv-export/bin/python"
    download = [installed, ROOT / "scripts/plumbing/download_checkpoint.py"] if installed.exists() else [ROOT / "scripts/download"]
    done = subprocess.run([*download, "--without-weights", model], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip()


def main():
    arguments = command(sys.argv[1:])
    require_known(parse(sys.argv[1:]))
    if failed := subprocess.run([ROOT / "scripts/setup", "export"]).returncode:
        sys.exit(failed)
    program = HOME / "venv-export/bin/optimum-cli"
    print("optimum-cli", *arguments, flush=True)
    os.execv(program, [str(program), *arguments])


if __name__ == "__main__":
    main()
