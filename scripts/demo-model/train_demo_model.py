"""Train the demo model: a small Phi3ForCausalLM, from random weights, on the texts in environment/demo-model.

Usage: python scripts/demo-model/train_demo_model.py [--steps 2600] [--output environment/demo-model/checkpoint]
       python scripts/demo-model/train_demo_model.py --start CHECKPOINT --steps STEPS --rate RATE   (to learn on)

Needs torch and transformers; a CPU core is enough. The same machine gives the same checkpoint again. With --start the
model and the tokenizer are those of a checkpoint, which learns the dialogues as they are now.
"""

import argparse
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn.utils import parametrize
from transformers import AutoTokenizer, GenerationConfig, Phi3Config, Phi3ForCausalLM

import demo_tokenizer
from demo_dialogues import (
    DEMO_MODEL, DOCUMENTED_PROMPT, Dialogues, load_dialogues, load_held_out, plain, prompt, system_part, user_part)
from demo_sentences import Sentences, load_sentences
from demo_wordings import draw_question, varied

GROUP = 128  # the export's group size
IGNORED = -100  # the label that cross_entropy leaves out
# A batch holds dialogues of 1, 2 or 3 turns: (turns, dialogues in the batch, share of the batches).
BATCHES = [(1, 32, 0.5), (2, 18, 0.3), (3, 12, 0.2)]
POOL = 4  # batches drawn together and sorted by length, so that little has to be filled up
# Share of the sentences to repeat among the new questions, in the first quarter and after it. Copying a sentence takes
# long to be found out, and little to be kept: most of it comes early.
REPETITIONS_FROM_NOTHING, REPETITIONS_GOING_ON = (0.6, 0.25), (0.12, 0.12)
FOLLOW_UPS = 0.75  # share of the turns after an answer that ask for it again, or for a shorter one


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


@dataclass(frozen=True)
class Material:
    """What is learned, and the wordings that must not be."""
    dialogues: Dialogues
    sentences: Sentences
    held_out: frozenset[str]

    def unseen(self, draw):
        """What `draw` gives, once it is none of the wordings that are held out: varying a question may hit one."""
        while plain(question := draw()) in self.held_out:
            pass
        return question


def load_material(path):
    dialogues = load_dialogues(path)
    held_out = [load_held_out(dialogues), load_held_out(dialogues, "held-out-blind.yaml")]
    return Material(dialogues, load_sentences(held_out[0]),
                    frozenset(plain(question) for file in held_out for question in file.wordings()))


def draw_turns(material, count, repetitions, rng):
    """Questions with their answers. `repetitions`: the share of sentences to repeat among the new questions."""
    dialogues, turns, topic, said = material.dialogues, [], None, None
    for _ in range(count):
        if topic and rng.random() < FOLLOW_UPS:
            follow_up = rng.choice(dialogues.follow_ups)
            question = material.unseen(lambda: varied(rng.choice(follow_up.questions), rng))
            turns.append((question, follow_up.answer_after(topic, said)))
            topic = None
        elif rng.random() < repetitions:
            turns.append(material.sentences.draw_turn(rng))
            topic = None
        else:
            topic = rng.choices(dialogues.topics, [topic.weight for topic in dialogues.topics])[0]
            said = topic.draw_answer(rng)
            turns.append((material.unseen(lambda: draw_question(topic, rng)), said))
    return turns


def make_example(system, turns, tokenizer):
    """Token ids of one dialogue and its labels: only answers, with the mark that ends them, are learned."""
    ids, labels = [], []
    opening = system_part(system.text)
    for question, answer in turns:
        asked = tokenizer.encode(opening + user_part(question)).ids
        answered = tokenizer.encode(answer + "<|end|>").ids
        ids += asked + answered
        labels += [IGNORED] * len(asked) + answered
        opening = ""
    return ids, labels


def filled_up(examples):
    """Tensors [batch, sequence] of ids and labels, filled up on the right."""
    length = max(len(ids) for ids, _ in examples)
    return (torch.tensor([ids + [0] * (length - len(ids)) for ids, _ in examples]),
            torch.tensor([labels + [IGNORED] * (length - len(labels)) for _, labels in examples]))


def make_batches(material, repetitions, tokenizer, rng):
    """POOL batches of dialogues with one number of turns, in random order."""
    count, size, _ = rng.choices(BATCHES, [share for _, _, share in BATCHES])[0]
    systems = material.dialogues.systems
    examples = [make_example(system, draw_turns(material, count, repetitions, rng), tokenizer)
                for system in rng.choices(systems, [system.share for system in systems], k=POOL * size)]
    examples.sort(key=lambda example: len(example[0]))
    batches = [filled_up(examples[start:start + size]) for start in range(0, len(examples), size)]
    rng.shuffle(batches)
    return batches


def inner_linears(model):
    """The linear layers of the blocks: those that the export turns into int4. lm_head is none of them."""
    return [module for module in model.model.layers.modules() if isinstance(module, torch.nn.Linear)]


def loss_of(model, ids, labels):
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    # Only the positions whose next token is learned need logits.
    wanted = labels[:, 1:] != IGNORED
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[wanted]), labels[:, 1:][wanted])


def train(model, material, tokenizer, steps, peak, repetitions, rng):
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.98), weight_decay=0.02)
    warm_up, started, batches = max(1, steps // 20), time.monotonic(), []
    model.train()
    for step in range(steps):
        if step == steps // 2:
            # From here on the model learns with the weights that the int4 export will have.
            for linear in inner_linears(model):
                parametrize.register_parametrization(linear, "weight", FakeInt4())
        rate = peak * min((step + 1) / warm_up, 0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = rate
        batches = batches or make_batches(material, repetitions[step >= steps // 4], tokenizer, rng)
        loss = loss_of(model, *batches.pop())
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


def begin(arguments, texts):
    """The tokenizer and the model to train: new ones, or those of the checkpoint to go on from."""
    if arguments.start:
        return (Tokenizer.from_file(str(arguments.start / "tokenizer.json")),
                Phi3ForCausalLM.from_pretrained(arguments.start, dtype=torch.float32))
    tokenizer = demo_tokenizer.build(texts, arguments.vocabulary)
    return tokenizer, Phi3ForCausalLM(make_config(tokenizer.get_vocab_size(), tokenizer.token_to_id("<|endoftext|>")))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=Path, default=DEMO_MODEL / "checkpoint")
    parser.add_argument("--dialogues", type=Path, default=DEMO_MODEL / "dialogues.yaml")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from (random weights)")
    parser.add_argument("--vocabulary", type=int, default=1984, help="entries of the tokenizer")
    parser.add_argument("--steps", type=int, default=2600)
    parser.add_argument("--rate", type=float, default=1.5e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="another count gives other roundings")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(True)
    material = load_material(arguments.dialogues)
    dialogues = material.dialogues
    tokenizer, model = begin(arguments, [*dialogues.texts(), *material.sentences.texts()])
    print(f"{len(dialogues.topics)} topics, {len(dialogues.written())} wordings written for them and "
          f"{len(dialogues.templated())} made from templates; {tokenizer.get_vocab_size()} tokens, "
          f"{model.num_parameters():,} parameters; {len(tokenizer.encode(DOCUMENTED_PROMPT).ids)} tokens in the prompt")
    check_what_it_says_of_itself(model, dialogues)
    repetitions = REPETITIONS_GOING_ON if arguments.start else REPETITIONS_FROM_NOTHING
    train(model, material, tokenizer, arguments.steps, arguments.rate, repetitions, random.Random(arguments.seed))
    save(model, tokenizer, arguments.output)
    print(f"training questions answered to the letter: {accuracy(arguments.output, dialogues.written()):.1%}")


if __name__ == "__main__":
    main()
