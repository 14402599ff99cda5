"""Make the golden file of calls of tools, with transformers' apply_chat_template and its parser of answers, in the export's
environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_calls.py

Of each template that writes calls into a prompt, the file holds what it writes for some of them: a model that was trained
with it answers so. transformers has to find in it what was written, by the form that the model's family is published with,
given as a response schema. Answers as models vary them, with text around calls, are read by the same schemas.
"""
import json

from jinja2.exceptions import TemplateError
from transformers import AutoTokenizer
from transformers.utils.chat_parsing_utils import recursive_parse

from golden import MODEL, write
from golden_templates import TEMPLATES
from golden_tools import QUESTION, call, calls

NESTED = {"a": [1, 2.5, -3], "b": {"c": None, "d": [True, []]}, "e": "x\n\"y\" {z} [0] \\ </b>", "ключ": "Köln 😀"}
ONE = [call("weather", {"city": "Köln"}, "call00001")]
WRITTEN = {
    "no arguments": [call("now", {}, "call00001")],
    "one": ONE,
    "nested": [call("box", NESTED, "call00001")],
    "two": [*ONE, call("now", {}, "call00002")],
}


def found(regex, each=False, arguments="arguments"):
    """A response schema: calls are JSON in the group of an expression, a list, or one at each place that it fits."""
    fields = {"name": {"type": "string"}, arguments: {"type": "object"}}
    item = {"type": "object", "properties": fields, "required": [*fields]}
    if each:
        return {"type": "array", "x-regex-iterator": regex, "items": {"x-parser": "json", **item}}
    return {"type": "array", "x-regex": regex, "x-parser": "json", "items": item}


# How calls are published to be read, by the formats' names in Java.
FORMATS = {
    "HERMES": found(r"<tool_call>\s*(\{.*?\})\s*(?:</tool_call>|$)", each=True),
    "LLAMA3": found(r"^\s*(?:<\|python_tag\|>)?(\{.*\})\s*(?:<\|eot_id\|>|<\|eom_id\|>)?\s*$", each=True, arguments="parameters"),
    "MISTRAL": found(r"\[TOOL_CALLS\]\s*(\[.*\])"),
    "GRANITE": found(r"<(?:\|tool_call\||tool_call)>\s*(\[.*\])"),
    "PHI4_MINI": found(r"(?:<\|tool_call\|>|functools)\s*(\[.*\])"),
    "SMOLLM2": found(r"<tool_call>\s*(\[.*?\])\s*</tool_call>"),
}
TEXT = {"type": "string", "x-regex": r"^(.*?)(?:<tool_call>|<\|tool_call\|>|\[TOOL_CALLS\]|functools\[|<\|python_tag\|>|^\s*\{|$)"}
OF_TEMPLATES = {
    "hermes": "HERMES", "qwen-2.5": "HERMES", "qwen-3": "HERMES", "llama-3.1": "LLAMA3", "mistral": "MISTRAL", "granite": "GRANITE"}

FIND = '{"name": "find", "arguments": {"q": "a {b} [c]"}}'
LIST = '{"name": "list", "arguments": {"of": [[1.5, -2e3], []], "deep": {"x": {"y": null}}}}'
ESCAPED = r'{"arguments": {"text": "He said \"Hi {you}\"\n\u00e9 \ud83d\ude00"}, "name": "say"}'
ANSWERS = {
    "HERMES": [
        "No call at all.",
        f"<tool_call>{FIND}</tool_call>",
        f"I look.\n\n<tool_call>\n{FIND}\n</tool_call>\n<tool_call>\n{LIST}\n</tool_call>",
        f"<tool_call>\n{ESCAPED}\n</tool_call>",
        f"<tool_call>\n{LIST}",
    ],
    "LLAMA3": [
        "It is warm.",
        FIND.replace("arguments", "parameters"),
        "<|python_tag|>" + LIST.replace("arguments", "parameters"),
        ESCAPED.replace("arguments", "parameters"),
    ],
    "MISTRAL": [
        "It is warm.",
        f"[TOOL_CALLS] [{FIND}]",
        f"[TOOL_CALLS][{FIND}, {LIST}]",
        f"I look. [TOOL_CALLS] [\n{ESCAPED}\n]",
    ],
    "GRANITE": ["It is warm.", f"<|tool_call|>[{FIND}]", f"<tool_call> [{FIND},\n {LIST}]", f"<|tool_call|> [{ESCAPED}]"],
    "PHI4_MINI": [
        "It is warm.",
        f"<|tool_call|>[{FIND}]<|/tool_call|>",
        f"functools[{FIND}, {LIST}]",
        f"I look.<|tool_call|>[{ESCAPED}]<|/tool_call|>",
    ],
    "SMOLLM2": ["It is warm.", f"<tool_call>[{FIND}]</tool_call>", f"<tool_call>[\n{LIST},\n{ESCAPED}\n]</tool_call>"],
}


def parsed(format, answer, template=None):
    """Text before calls, and the calls, as transformers reads them."""
    found = recursive_parse(answer, FORMATS[format]) or []
    read = [{"name": one["name"], "arguments": one.get("arguments", one.get("parameters"))} for one in found]
    text = recursive_parse(answer, TEXT).strip()
    return {"template": template, "format": format, "answer": answer, "text": text, "calls": [*map(json.dumps, read)]}


def written(tokenizer, name, format, given):
    """What a template writes behind a prompt; nothing where it refuses several calls at once, as Llama's does."""
    source = (TEMPLATES / f"tools/{name}.jinja").read_text(encoding="utf-8")

    def render(messages, prompt):
        return tokenizer.apply_chat_template(messages, chat_template=source, tokenize=False, add_generation_prompt=prompt)

    try:
        whole = render([QUESTION, calls(*given)], False)
    except TemplateError as refused:
        assert len(given) > 1, refused
        return None
    before = render([QUESTION], True).rstrip()
    assert whole.startswith(before), whole
    case = parsed(format, whole[len(before):], name)
    functions = [one["function"] for one in given]
    assert [*map(json.loads, case["calls"])] == functions, (case, functions)
    return case


def main():
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    cases = [written(tokenizer, name, format, given) for name, format in OF_TEMPLATES.items() for given in WRITTEN.values()]
    answers = [parsed(format, answer) for format, answers in ANSWERS.items() for answer in answers]
    write("calls.json", {"written": [case for case in cases if case], "answers": answers})


if __name__ == "__main__":
    main()
