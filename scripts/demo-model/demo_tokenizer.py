"""The demo model's tokenizer: of the same kind as Phi-3-mini-4k-instruct's, with a vocabulary learned from few texts.

Llama BPE with byte fallback. A space becomes the mark "▁", and a text gets one in front. The ids are laid out as in
Phi-3: <unk>, <s>, </s>, 256 byte tokens, the learned pieces, and above them Phi-3's eleven added tokens.
"""

import json
import string
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

MARK = "▁"
BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]
# In Phi-3's order; Phi-3 has them at 32000 to 32010. All but the first swallow the white space to their right.
ADDED_TOKENS = [
    "<|endoftext|>", "<|assistant|>", "<|placeholder1|>", "<|placeholder2|>", "<|placeholder3|>", "<|placeholder4|>",
    "<|system|>", "<|end|>", "<|placeholder5|>", "<|placeholder6|>", "<|user|>",
]
# Phi-3-mini-4k-instruct's own template, to the letter.
CHAT_TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + "
    "'<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}"
    "{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
)


def train_pieces(texts, size):
    """Learn at most `size` pieces; return them in the order of their ids, and the merges that make them."""
    learner = Tokenizer(models.BPE(unk_token="<unk>"))
    learner.normalizer = normalizers.Sequence([normalizers.Prepend(MARK), normalizers.Replace(" ", MARK)])
    # Words are cut off with their mark in front, else a merge would run across a space; each digit, as in Llama, and
    # each mark of punctuation stays alone. This holds for learning only: the finished tokenizer does not cut.
    learner.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(f"{MARK}+"), behavior="merged_with_next"),
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Punctuation(behavior="isolated"),
    ])
    alphabet = sorted(set(string.printable) - set(string.whitespace)) + [MARK]
    learner.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, special_tokens=["<unk>"], min_frequency=2, show_progress=False))
    learned = json.loads(learner.to_str())["model"]
    pieces = sorted(learned["vocab"], key=learned["vocab"].get)
    return [piece for piece in pieces if piece != "<unk>"], [tuple(merge) for merge in learned["merges"]]


def added_tokens():
    """The tokens found in a text before BPE runs, with Phi-3's flags."""
    head = [
        AddedToken("<unk>", normalized=False, special=True),
        AddedToken("<s>", normalized=False, special=True),
        AddedToken("</s>", rstrip=True, normalized=False, special=False),
    ]
    return head + [
        AddedToken(name, rstrip=name != "<|endoftext|>", normalized=False, special=True) for name in ADDED_TOKENS]


def build(texts, size):
    """The finished tokenizer, with about `size` entries in all."""
    head = ["<unk>", "<s>", "</s>"] + BYTE_TOKENS
    pieces, merges = train_pieces(texts, size - len(head) - len(ADDED_TOKENS) + 1)  # its own <unk> goes
    vocabulary = {piece: index for index, piece in enumerate(head + pieces)}
    tokenizer = Tokenizer(models.BPE(
        vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(MARK), normalizers.Replace(" ", MARK)])
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace(MARK, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    # Adds nothing, as Phi-3 has add_bos_token false.
    tokenizer.post_processor = processors.TemplateProcessing(single="$A", pair="$A $B:1", special_tokens=[])
    # One call each: a call with both kinds would put the special ones first, and so give them other ids.
    for token in added_tokens():
        (tokenizer.add_special_tokens if token.special else tokenizer.add_tokens)([token])
    return tokenizer


def token_description(token):
    """An added token as tokenizer_config.json writes it."""
    return {"content": token.content, "lstrip": False, "normalized": False, "rstrip": token.rstrip,
            "single_word": False, "special": token.special}


def save(tokenizer, directory):
    """Write tokenizer.json and Phi-3's tokenizer_config.json."""
    directory = Path(directory)
    tokenizer.save(str(directory / "tokenizer.json"))
    decoder = {str(tokenizer.token_to_id(token.content)): token_description(token) for token in added_tokens()}
    config = {
        "add_bos_token": False, "add_eos_token": False, "added_tokens_decoder": decoder, "bos_token": "<s>",
        "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False, "eos_token": "<|endoftext|>",
        "legacy": False, "model_max_length": 4096, "pad_token": "<|endoftext|>", "padding_side": "left",
        "sp_model_kwargs": {}, "tokenizer_class": "LlamaTokenizer", "unk_token": "<unk>",
        "use_default_system_prompt": False,
    }
    (directory / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
