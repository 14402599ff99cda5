"""Write a checkpoint as large as Phi-3-mini-4k-instruct, for timing alone: CHECKPOINT_DIRECTORY.

The weights are random (3.8 billion, 7.6 GB), so it answers nonsense. Config and tokenizer are the demo model's, which
is of the same architecture; the tokenizer is filled up to the size of the vocabulary.
"""
import json
import pathlib
import shutil
import sys

import torch
from transformers import GenerationConfig, Phi3Config, Phi3ForCausalLM

DEMO = pathlib.Path(__file__).resolve().parents[2] / "environment/demo-model/checkpoint"
VOCABULARY = 32064

checkpoint = pathlib.Path(sys.argv[1])
config = Phi3Config.from_pretrained(
    DEMO, vocab_size=VOCABULARY, hidden_size=3072, intermediate_size=8192, num_hidden_layers=32,
    num_attention_heads=32, num_key_value_heads=32)
torch.manual_seed(0)
torch.set_default_dtype(torch.bfloat16)
model = Phi3ForCausalLM(config)
model.generation_config = GenerationConfig.from_pretrained(DEMO)
model.save_pretrained(checkpoint)

shutil.copy(DEMO / "tokenizer_config.json", checkpoint)
tokenizer = json.loads((DEMO / "tokenizer.json").read_text(encoding="utf-8"))
vocabulary = tokenizer["model"]["vocab"]
vocabulary.update({token["content"]: token["id"] for token in tokenizer["added_tokens"]})
vocabulary.update({f"▁{number}": number for number in range(len(vocabulary), VOCABULARY)})
(checkpoint / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
