"""Download a checkpoint from the HuggingFace hub into its usual cache, and print its directory."""
import argparse
import os
import sys

from httpx import HTTPError
from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError, HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError,
    RevisionNotFoundError)

# No weights of another format, and no second set of them: neither consolidated.safetensors nor those in folders.
WEIGHTS = ["model.safetensors", "model-*.safetensors"]
OTHERS = [
    "model.safetensors.index.json", "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
    "chat_template.json"]


def sentence(error, model, revision):
    hub, login = constants.ENDPOINT, f"{os.path.dirname(sys.executable)}/hf auth login"
    if isinstance(error, GatedRepoError):
        return (f"The model {model} is gated: ask for access at {hub}/{model}, then log in by {login}, or set HF_TOKEN.")
    if isinstance(error, RepositoryNotFoundError):
        return (f"There is no model {model} on {hub}, nor a directory of that name here. Where it is private, log in by "
                f"{login}, or set HF_TOKEN.")
    if isinstance(error, RevisionNotFoundError):
        return f"The model {model} has no revision {revision}; {hub}/{model} lists its branches and commits."
    if isinstance(error, HFValidationError):
        return f"{model} is no id of a model, such as microsoft/Phi-3-mini-4k-instruct."
    if isinstance(error, LocalEntryNotFoundError) and constants.HF_HUB_OFFLINE:
        return f"HF_HUB_OFFLINE is set, and {model} is not in the cache {constants.HF_HUB_CACHE}."
    if isinstance(error, LocalEntryNotFoundError):
        return (f"{hub} does not answer, and {model} is not in the cache {constants.HF_HUB_CACHE}. Is the network there? "
                "Or give the directory of a checkpoint.")
    if isinstance(error, HfHubHTTPError):
        return f"{hub} refuses {model}: {str(error).splitlines()[0]}"
    if isinstance(error, HTTPError):
        return f"The download of {model} broke off ({error}). Run this again: it goes on from there."
    return f"The checkpoint {model} cannot be written to the cache {constants.HF_HUB_CACHE}: {error}"


parser = argparse.ArgumentParser(prog="./scripts/download", description=__doc__)
parser.add_argument("model", help="id on the hub, for instance microsoft/Phi-3-mini-4k-instruct")
parser.add_argument("revision", nargs="?", help="branch, tag or commit (its main branch)")
parser.add_argument("--without-weights", action="store_true", help="the configs and the tokenizer alone")
arguments = parser.parse_args()
try:
    print(snapshot_download(
        arguments.model, revision=arguments.revision, allow_patterns=OTHERS + (not arguments.without_weights) * WEIGHTS))
except (HTTPError, OSError, HFValidationError) as error:
    sys.exit(sentence(error, arguments.model, arguments.revision))
except KeyboardInterrupt:
    sys.exit(130)
