"""Train the demo model: a small Phi3ForCausalLM, from random weights, on environment/demo-model/dialogues.yaml.

Usage: python scripts/train_demo_model.py [--steps 900] [--output environment/demo-model/checkpoint]

Needs torch and transformers; 2 CPU cores are enough. The same machine gives the same checkpoint again.
"""

import argparse
import math
import random
import time
from pathlib import Path

import torch
from torch.nn.utils import parametrize
from transformers import AutoTokenizer, GenerationConfig, Phi3Config, Phi3ForCausalLM

import demo_tokenizer
from demo_dialogues import DEMO_MODEL, DOCUMENTED_PROMPT, load_dialogues, prompt, system_part, user_part

GROUP = 128  # the export's group size
IGNORED = -100  # the label that cross_entropy leaves out
# A batch holds dialogues of 1, 2 or 3 turns: (turns, dialogues in the batch, share of the batches).
BATCHES = [(1, 32, 0.6), (2, 18, 0.25), (3, 12, 0.15)]


class FakeInt4(torch.nn.Module):
    """Rounds a weight as NNCF's INT4_SYM does, and lets the gradient through as if it had not.

    Each group of 128 weights along the input shares one scale; the value of the largest magnitude becomes -8.
    """

    def forward(self, weight):
        groups = weight.detach().reshape(-1, GROUP)
        low, high = groups.amin(1, keepdim=True), groups.amax(1, keepdim=True)
        scale = torch.where(low.abs() >= high, low.abs(), -high) / 8
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        rounded = torch.clamp(torch.round(groups / scale), -8, 7) * scale
        return weight + (rounded.reshape(weight.shape) - weight.detach())


def make_config(vocabulary, end_of_text):
    """Phi-3-mini's config, smaller. Rows are multiples of 128 wide, so that the export's groups fit."""
    return Phi3Config(
        # As in Phi-3 (32064 rows for 32011 tokens) the embedding has a multiple of 64 rows.
        vocab_size=math.ceil(vocabulary / 64) * 64,
        hidden_size=256, intermediate_size=512, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=4,
        rope_theta=10000.0, rms_norm_eps=1e-5, sliding_window=2047, max_position_embeddings=4096,
        original_max_position_embeddings=4096, hidden_act="silu", tie_word_embeddings=False,
        bos_token_id=1, eos_token_id=end_of_text, pad_token_id=end_of_text)


def varied(question, rng):
    """The question, now and then in lower case or without its last mark, as people type."""
    if rng.random() < 0.2:
        question = question.lower()
    if rng.random() < 0.15 and question[-1] in "?.!":
        question = question[:-1]
    return question


def make_example(dialogues, turns, tokenizer, rng):
    """Token ids of one dialogue and its labels: only answers, with the mark that ends them, are learned."""
    system = rng.choices(dialogues.systems, [system.share for system in dialogues.systems])[0]
    ids, labels = [], []
    opening = system_part(system.text)
    for topic in rng.choices(dialogues.topics, [len(topic.questions) for topic in dialogues.topics], k=turns):
        asked = tokenizer.encode(opening + user_part(varied(rng.choice(topic.questions), rng))).ids
        answered = tokenizer.encode(topic.answer + "<|end|>").ids
        ids += asked + answered
        labels += [IGNORED] * len(asked) + answered
        opening = ""
    return ids, labels


def make_batch(dialogues, tokenizer, rng):
    """Tensors [batch, sequence] of ids and labels, filled up on the right."""
    turns, size, _ = rng.choices(BATCHES, [share for _, _, share in BATCHES])[0]
    examples = [make_example(dialogues, turns, tokenizer, rng) for _ in range(size)]
    length = max(len(ids) for ids, _ in examples)
    return (torch.tensor([ids + [0] * (length - len(ids)) for ids, _ in examples]),
            torch.tensor([labels + [IGNORED] * (length - len(labels)) for _, labels in examples]))


def inner_linears(model):
    """The linear layers of the blocks: those that the export turns into int4. lm_head is none of them."""
    return [module for module in model.model.layers.modules() if isinstance(module, torch.nn.Linear)]


def loss_of(model, ids, labels):
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
        # Only the places whose next token is learned need logits.
        wanted = labels[:, 1:] != IGNORED
        logits = model.lm_head(hidden[wanted])
    return torch.nn.functional.cross_entropy(logits.float(), labels[:, 1:][wanted])


def train(model, dialogues, tokenizer, steps, peak, rng):
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.98), weight_decay=0.02)
    warm_up, started = max(1, steps // 20), time.monotonic()
    model.train()
    for step in range(steps):
        if step == steps // 2:
            # From here on the model learns with the weights that the int4 export will have.
            for linear in inner_linears(model):
                parametrize.register_parametrization(linear, "weight", FakeInt4())
        rate = peak * min((step + 1) / warm_up, 0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = loss_of(model, *make_batch(dialogues, tokenizer, rng))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 50 == 0 or step == 0:
            print(f"step {step + 1:5d}  loss {loss.item():.4f}  {time.monotonic() - started:.0f} s", flush=True)
    # The rounded weights stay: the export, which rounds them again, finds them on its own grid.
    for linear in inner_linears(model):
        if parametrize.is_parametrized(linear):
            parametrize.remove_parametrizations(linear, "weight", leave_parametrized=True)


def end_ids(tokenizer):
    """Phi-3-mini's list of end tokens, by name."""
    return [tokenizer.token_to_id(name) for name in ("<|endoftext|>", "<|assistant|>", "<|end|>")]


def save(model, tokenizer, directory):
    directory.mkdir(parents=True, exist_ok=True)
    end_of_text = tokenizer.token_to_id("<|endoftext|>")
    model.generation_config = GenerationConfig(
        bos_token_id=1, eos_token_id=end_ids(tokenizer), pad_token_id=end_of_text)
    model.to(torch.bfloat16).save_pretrained(directory)
    demo_tokenizer.save(tokenizer, directory)


@torch.inference_mode()
def accuracy(directory, pairs):
    """Share of the questions that the saved checkpoint answers to the letter, greedily."""
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = Phi3ForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
    right = 0
    for start in range(0, len(pairs), 64):
        part = pairs[start:start + 64]
        batch = tokenizer([prompt(question) for question, _ in part], padding=True, return_tensors="pt",
                          add_special_tokens=False)
        output = model.generate(**batch, max_new_tokens=128, do_sample=False)
        texts = tokenizer.batch_decode(output[:, batch["input_ids"].shape[1]:], skip_special_tokens=True)
        right += sum(text == answer for text, (_, answer) in zip(texts, part))
    return right / len(pairs)


def check_what_it_says_of_itself(model, dialogues):
    """The model is taught its own size: the dialogues have to name the right one."""
    told = " ".join(topic.answer for topic in dialogues.topics)
    for fact in (f"{model.num_parameters() / 1e6:.1f} million parameters", f"{model.config.num_hidden_layers} layers"):
        if fact not in told:
            raise SystemExit(f"The dialogues do not say that the model has {fact}.")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, default=DEMO_MODEL / "checkpoint")
    parser.add_argument("--dialogues", type=Path, default=DEMO_MODEL / "dialogues.yaml")
    parser.add_argument("--vocabulary", type=int, default=1300, help="entries of the tokenizer")
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="another count gives other roundings")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(True)
    dialogues = load_dialogues(arguments.dialogues)
    tokenizer = demo_tokenizer.build(list(dialogues.texts()), arguments.vocabulary)
    model = Phi3ForCausalLM(make_config(tokenizer.get_vocab_size(), tokenizer.token_to_id("<|endoftext|>")))
    print(f"{len(dialogues.topics)} topics, {len(dialogues.pairs())} wordings, {tokenizer.get_vocab_size()} tokens, "
          f"{model.num_parameters():,} parameters; {len(tokenizer.encode(DOCUMENTED_PROMPT).ids)} tokens in the prompt")
    check_what_it_says_of_itself(model, dialogues)
    train(model, dialogues, tokenizer, arguments.steps, arguments.rate, random.Random(arguments.seed))
    save(model, tokenizer, arguments.output)
    print(f"training questions answered to the letter: {accuracy(arguments.output, dialogues.pairs()):.1%}")


if __name__ == "__main__":
    main()
