"""Tokenizers in many variations: of each kind, with each class, with added tokens that the files name in all the ways
that transformers knows. The same numbers give the same variations."""
import collections
import copy
import json
import math
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNT = 450
SAMPLE = [
    "The quick brown fox jumps over the lazy dog. It isn't 42, is it?", "Hello, world! We've met 2 times.",
    "if (a != b) { return \"x\"; } // 1234", "coração e português não são fáceis", "naïve café déjà vu",
    "안녕하세요 세계", "日本語の文", "😀 emoji 👋🏽", "  two  spaces\n\nand\tlines ", "don't can't won't it's they're"]
CLASSES = [
    None, "PreTrainedTokenizerFast", "TokenizersBackend", "NoSuchTokenizer", "LlamaTokenizer", "LlamaTokenizerFast",
    "GPT2Tokenizer", "GPT2TokenizerFast", "Qwen2Tokenizer", "Qwen2TokenizerFast", "GemmaTokenizer", "GemmaTokenizerFast",
    "GPTNeoXTokenizerFast", "CohereTokenizerFast", "CodeGenTokenizer"]
MODEL_TYPES = [
    "llama", "llama", "llama", "mistral", "phi3", "qwen2", "qwen3", "gemma", "gemma2", "gpt2", "phi", "starcoder2",
    "gpt_neox", "cohere", "stablelm", "granite", "falcon", "smollm3", "olmo2"]
FLAGS = ["single_word", "lstrip", "rstrip", "normalized", "special"]
NAMES = ["<unk>", "<s>", "</s>", "<|end|>", "<|user|>", "<|endoftext|>", "[PAD]", "<mark>", "▁mid", " sp ", "don", "ab", "the"]


def sentence_pieces():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.train_from_iterator(SAMPLE, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)],
        show_progress=False, max_token_length=6))
    # The bytes are in the vocabulary and not among the added tokens.
    learned = json.loads(tokenizer.to_str())
    learned["added_tokens"] = learned["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(learned))
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B:1", special_tokens=[("<s>", 1)])
    return tokenizer


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.train_from_iterator(SAMPLE, trainers.BpeTrainer(
        vocab_size=330, special_tokens=["<|endoftext|>", "<s>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    return tokenizer


def unigram():
    """Made by counting: what the trainer learns is another each time."""
    marked = " ".join(SAMPLE).replace(" ", "▁")
    counts = collections.Counter(marked[place:place + size] for size in (1, 2, 3, 4) for place in range(len(marked)))
    pieces = sorted(piece for piece, count in counts.items() if len(piece) == 1 or count > 2)
    scores = [(piece, round(math.log(counts[piece] * len(piece) / len(marked)), 4)) for piece in pieces]
    tokenizer = Tokenizer(models.Unigram([("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), *scores], 0, False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def bases():
    # A demo of the real thing: Phi-3's kind, with its added tokens.
    demo = json.loads((ROOT / "environment/demo-model/checkpoint/tokenizer.json").read_text(encoding="utf-8"))
    return [json.loads(make().to_str()) for make in (sentence_pieces, byte_level, unigram)] + [demo]


class Variation:
    def __init__(self, number, base):
        self.random = random.Random(number)
        self.file = copy.deepcopy(base)
        self.config = {}
        self.files = {}

    def chance(self, share):
        return self.random.random() < share

    def flags(self, token):
        changed = dict(token)
        for flag in FLAGS:
            if self.chance(0.25):
                changed[flag] = self.chance(0.5)
        return changed

    def token(self, content):
        special = self.chance(0.6)
        token = {"content": content, "single_word": False, "lstrip": False, "rstrip": False,
                 "normalized": not special, "special": special}
        return self.flags(token)

    def add_to_file(self):
        added = self.file["added_tokens"]
        known = {token["content"] for token in added}
        backend = Tokenizer.from_str(json.dumps(self.file))
        for content in self.random.sample(NAMES, self.random.randint(0, 4)):
            if content not in known:
                token = self.token(content)
                backend.add_tokens([AddedToken(**token)])
        self.file["added_tokens"] = json.loads(backend.to_str())["added_tokens"]
        if self.chance(0.3):
            self.file["added_tokens"] = [self.flags(token) for token in self.file["added_tokens"]]

    def decoder(self):
        """As the config has them: mostly the file's, with a few changes."""
        made = {str(token["id"]): {key: value for key, value in token.items() if key != "id"}
                for token in self.file["added_tokens"]}
        for id in list(made):
            if self.chance(0.3):
                made[id] = self.flags(made[id])
            if self.chance(0.08):
                del made[id]
            elif self.chance(0.08):
                made[id]["content"] = self.random.choice(NAMES)
        for content in self.random.sample(NAMES, self.random.randint(0, 2)):
            made[str(self.random.choice([3, 77, 1990, 5000]))] = self.token(content)
        return made

    def named(self, content):
        if self.chance(0.3):
            return {"__type": "AddedToken", **self.token(content)}
        return content

    def write_config(self):
        config = self.config
        if self.chance(0.75):
            config["added_tokens_decoder"] = self.decoder()
        for name in ("bos_token", "eos_token", "unk_token", "pad_token", "mask_token", "image_token"):
            if self.chance(0.4):
                config[name] = self.named(self.random.choice(NAMES))
        if self.chance(0.2):
            config["extra_special_tokens"] = [self.named(content) for content in self.random.sample(NAMES, 2)]
        elif self.chance(0.1):
            config["extra_special_tokens"] = {"eoi_token": self.random.choice(NAMES)}
        if self.chance(0.2):
            config["additional_special_tokens"] = self.random.sample(NAMES, 2)
        for name in ("add_prefix_space", "legacy", "clean_up_tokenization_spaces", "add_bos_token", "add_eos_token"):
            if self.chance(0.25):
                config[name] = self.chance(0.5)

    def write_former(self):
        if self.chance(0.3):
            self.files["special_tokens_map.json"] = {
                name: self.random.choice([content, self.token(content)])
                for name, content in zip(("bos_token", "eos_token", "pad_token"), self.random.sample(NAMES, 3))}
            if self.chance(0.3):
                self.files["special_tokens_map.json"]["additional_special_tokens"] = self.random.sample(NAMES, 2)
        if self.chance(0.2):
            size = len(self.file["model"]["vocab"]) + len(self.file["added_tokens"])
            self.files["added_tokens.json"] = {
                content: size + place for place, content in enumerate(self.random.sample(NAMES, 2))}

    def texts(self):
        contents = sorted({token["content"] for token in self.file["added_tokens"]}
                          | {token["content"] for token in self.config.get("added_tokens_decoder", {}).values()}
                          | set(NAMES))
        texts = list(self.random.sample(SAMPLE, 2))
        for _ in range(4):
            words = self.random.choices(contents, k=4) + self.random.choices(" ".join(SAMPLE).split(" "), k=3)
            self.random.shuffle(words)
            texts.append(self.random.choice(["", " ", "  ", "\n"]).join(words))
        return texts

    def make(self, name, kind):
        self.add_to_file()
        model_type = self.random.choice(MODEL_TYPES)
        self.files["config.json"] = {"model_type": model_type}
        class_name = kind
        if self.chance(0.9):
            self.write_config()
            if class_name:
                self.config["tokenizer_class"] = class_name
            self.files["tokenizer_config.json"] = self.config
        self.write_former()
        self.files["tokenizer.json"] = self.file
        return {"name": f"{name}: {class_name} in a {model_type}", "files": self.files, "texts": self.texts()}


def variations():
    made = bases()
    return [
        {"base": number % len(made),
         **Variation(number, made[number % len(made)]).make(number, CLASSES[number // len(made) % len(CLASSES)])}
        for number in range(COUNT)]
