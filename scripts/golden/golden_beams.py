"""Make the golden file of beam search and stop strings with optimum-intel, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_beams.py

Prompts with configs on the demo model as the documented command exports it, in full precision: the ids of all returned sequences, with the
scores of those that beams found. A case in which two scores that decide anything lie nearer to each other than a
rounding is left out.
"""
import json
import math

import torch
from optimum.intel.openvino import OVModelForCausalLM
from transformers import AutoTokenizer, GenerationMixin, logging

import golden
from demo_dialogues import prompt

GOLDEN = golden.GOLDEN / "beams.json"
LEAST_GAP = 2e-5
EOS = [1973, 1974, 1980]

CONFIGS = [
    {"num_beams": 2},
    {"num_beams": 4, "num_return_sequences": 4},
    {"num_beams": 6, "num_return_sequences": 3, "max_new_tokens": 25},
    {"num_beams": 3, "num_return_sequences": 3, "max_new_tokens": 1},
    {"num_beams": 5, "num_return_sequences": 5, "max_new_tokens": 7},
    {"num_beams": 3, "num_return_sequences": 3, "repetition_penalty": 1.3},
    {"num_beams": 4, "num_return_sequences": 2, "no_repeat_ngram_size": 2},
    {"num_beams": 2, "num_return_sequences": 2, "bad_words_ids": [[407], [947, 512], [272]], "min_new_tokens": 30},
    {"num_beams": 3, "num_return_sequences": 3, "eos_token_id": 272, "length_penalty": 0.0},
    # Frequent tokens that end an answer at once: many beams end, and there are many candidates.
    {"num_beams": 4, "num_return_sequences": 4, "eos_token_id": [272, 407, 947, 512, 1974], "min_new_tokens": 4},
] + [
    # Here the three differ.
    {"num_beams": 4, "num_return_sequences": 4, "eos_token_id": [272, 407, 947, 512], "early_stopping": stopping}
    for stopping in (True, False, "never")
] + [
    {"num_beams": 3, "num_return_sequences": 3, "length_penalty": penalty, "early_stopping": stopping,
     "max_new_tokens": 30}
    for penalty in (-1.0, 0.0, 0.5, 1.0, 2.0) for stopping in (True, False, "never")
] + [
    {"num_beams": 3, "num_return_sequences": 3, "stop_strings": stops, "max_new_tokens": 30}
    for stops in (["the"], [". ", ", and"])
]
STOPS = [["the"], ["model"], [". "], [", and", "ing"], ["e m"], ["en", "o t"], ["\n"], ["zzz"], ["I am"]]


def record_gaps(gaps):
    """Has transformers tell how near to each other the scores are that it compares."""
    candidates, heuristic = GenerationMixin._get_top_k_continuations, GenerationMixin._check_early_stop_heuristic

    def watched_candidates(self, accumulated_log_probs, beams_to_keep, **others):
        best = accumulated_log_probs[0].topk(beams_to_keep + 1).values
        # What lies below was ruled out, or is of a beam that is none yet.
        best = best[best > -1e8]
        gaps.extend((best[:-1] - best[1:]).tolist())
        return candidates(self, accumulated_log_probs=accumulated_log_probs, beams_to_keep=beams_to_keep, **others)

    def watched_heuristic(**values):
        if values["is_sent_finished"].all():
            scores = values["beam_scores"][0]
            gaps.extend((scores[:-1] - scores[1:]).tolist())
            never = values["early_stopping"] == "never" and values["length_penalty"] > 0
            length = values["max_length" if never else "cur_len"] - values["decoder_prompt_len"]
            possible = values["running_beam_scores"][0, 0] / length ** values["length_penalty"]
            gaps.append(abs(possible - scores[-1]).item())
        return heuristic(**values)

    GenerationMixin._get_top_k_continuations = watched_candidates
    GenerationMixin._check_early_stop_heuristic = staticmethod(watched_heuristic)


def beams(model, tokenizer, ids, fields, gaps):
    gaps.clear()
    output = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.int64), **fields, tokenizer=tokenizer,
        do_sample=False, output_scores=True, output_logits=True, return_dict_in_generate=True)
    # What stands behind the last beam index fills the sequence up.
    sizes = (output.beam_indices >= 0).sum(1).tolist()
    answers = [sequence[len(ids):len(ids) + size].tolist() for sequence, size in zip(output.sequences, sizes)]
    scores = [float(f"{score:.7g}") for score in output.sequences_scores.tolist()]
    assert len(answers) == fields.get("num_return_sequences", 1) and min(scores) > -1e8
    return {"config": json.dumps(fields), "prompt": ids, "answers": answers, "scores": scores,
            "gap": float(f"{min(gaps, default=math.inf):.3g}")}


def stop(model, tokenizer, ids, stops):
    fields = {"max_new_tokens": 60, "stop_strings": stops, "eos_token_id": EOS}
    sequence = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.int64), **fields, tokenizer=tokenizer,
        do_sample=False)
    return {"config": json.dumps(fields), "prompt": ids, "answer": sequence[0, len(ids):].tolist()}


def main():
    logging.set_verbosity_error()
    tokenizer = AutoTokenizer.from_pretrained(golden.MODEL)
    model = OVModelForCausalLM.from_pretrained(golden.MODEL, device="CPU", ov_config=golden.CONFIG)
    prompts = [tokenizer(prompt(question), add_special_tokens=False)["input_ids"] for question in golden.questions()]
    prompts = prompts[:4] + prompts[-4:]
    stops = [stop(model, tokenizer, ids, strings) for ids in prompts for strings in STOPS]
    gaps = []
    record_gaps(gaps)
    found = [beams(model, tokenizer, ids, {"max_new_tokens": 40, "eos_token_id": EOS} | fields, gaps)
             for ids in prompts for fields in CONFIGS]
    kept = [case for case in found if case["gap"] >= LEAST_GAP]
    parts = {"beams": kept, "stops": stops}
    text = "{\n" + ",\n".join(f'"{name}": {golden.lines(entries)}' for name, entries in parts.items()) + "\n}\n"
    GOLDEN.write_text(text, encoding="utf-8")
    print(f"{GOLDEN.name}: {len(text):,} characters, {len(kept)} of {len(found)} searches, {len(stops)} stops")


if __name__ == "__main__":
    main()
