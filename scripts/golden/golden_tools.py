"""Make the golden file of chat templates with tools, variables, and messages of all kinds, with transformers'
apply_chat_template, in the export's environment:

    .ovchat/venv-export/bin/python scripts/golden/golden_tools.py

The templates lie in `templates/tools` beside the tests, written in the styles of the model families in use. Each is
rendered with each request. Requests are kept as JSON texts, so that Java reads the numbers as Python does.
"""
import json
import random
import struct

from transformers import AutoTokenizer
from transformers.utils.chat_template_utils import _compile_jinja_template

from golden import GOLDEN, MODEL, write
from golden_templates import TEMPLATES, outcome

SYSTEM = {"role": "system", "content": "Be brief. "}
QUESTION = {"role": "user", "content": "How warm is it in Köln?"}
DONE = {"role": "assistant", "content": "It is 22 °C."}

WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "The weather \"now\" <b>&</b> it's in °C",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": "The city's name, such as Köln 😀"},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "description": "The unit", "default": "celsius"},
        "days": {"type": ["integer", "null"], "description": "How many\ndays"}},
        "required": ["city"]},
    "return": {"type": "number", "description": "Degrees"}}}
ADD = {"type": "function", "function": {
    "name": "add", "description": "Adds numbers", "parameters": {"type": "object", "properties": {
        "items": {"type": "array", "items": {"type": "number"}, "description": "The numbers"},
        "precision": {"type": "number", "description": "As far as this", "default": 1.0, "minimum": 1e-7,
                      "maximum": 1e20}}, "required": ["items", "precision"], "additionalProperties": False}}}
NOW = {"type": "function", "function": {
    "name": "now", "description": "The time", "parameters": {"type": "object", "properties": {}}}}
NESTED = {"type": "function", "function": {
    "name": "nested", "description": "Takes all", "parameters": {"type": "object", "properties": {
        "map": {"type": "object", "description": "A map", "additionalProperties": {"type": "boolean"}},
        "lists": {"type": "array", "description": "Lists", "items": {"type": "array", "items": {"type": "string"}}},
        "either": {"oneOf": [{"type": "string", "description": "as text", "default": "a"}, {"type": "integer"}],
                   "description": "Either", "default": "a"},
        "person": {"type": "object", "description": "A person", "properties": {
            "name": {"type": "string"}, "ages": {"type": "array", "items": {"type": "integer"}}}, "required": ["name"]},
        "anything": {"description": "No type"}}}}}
STRANGE = {"type": "function", "function": {
    "name": "strange", "description": "Names that look like something", "parameters": {"type": "object", "properties": {
        name: {"type": "string", "description": name} for name in (
            "keys", "get", "values", "__class__", "a.b", "ключ", "with space", "", "1", "true", "none", "loop",
            "messages", "\u0001__minijinja_ValueHandle", "$serde_json::private::Number", "quote\"'", "{{ x }}")}}}}


def call(name, arguments, id=None):
    return {**({"id": id} if id else {}), "type": "function", "function": {"name": name, "arguments": arguments}}


def calls(*calls, **fields):
    return {"role": "assistant", **fields, "tool_calls": list(calls)}


def result(name, content, id=None):
    return {"role": "tool", "content": content, "name": name, **({"tool_call_id": id} if id else {})}


COLOGNE = call("get_weather", {"city": "Köln", "unit": "celsius"})
FIRST = call("get_weather", {"city": "Köln"}, "abcDEF123")
SECOND = call("add", {"items": [1, 2.0, -0.0], "precision": 1e-07}, "zzzzzzzz9")
NUMBERS = {
    "whole": 1, "one": 1.0, "large": 1e20, "larger": 1e16, "large enough": 1e15, "small": 1e-07, "smaller": 1.5e-300,
    "zero": 0, "minus zero": -0.0, "tenth": 0.1, "sum": 0.30000000000000004, "third": 1 / 3, "largest long": 2**63 - 1,
    "beyond": 2**63, "unsigned": 2**64 - 1, "smallest long": -2**63, "largest": 1.7976931348623157e308, "least": 5e-324}
TEXTS = {
    "html": "<a href='x'>&amp;</a>", "quotes": "\"it's\" \\ /", "white": "a\n\tb\r\u2028\u0000\u001f\u007f\u0085",
    "emoji": "👨‍👩‍👧 é", "mark": "<|im_end|>{{ 7 * 7 }}{% raw %}", "empty": ""}
VALUES = {"nothing": None, "yes": True, "no": False, "list": [], "map": {}, "deep": [[{"a": [{"b": None}]}]]}

# Name, messages, and what else apply_chat_template gets.
REQUESTS = [
    ("nothing", [QUESTION], {}),
    ("instructed", [SYSTEM, QUESTION], {}),
    ("no prompt", [SYSTEM, QUESTION, DONE], {"add_generation_prompt": False}),
    ("one tool", [QUESTION], {"tools": [WEATHER]}),
    ("tools", [SYSTEM, QUESTION], {"tools": [WEATHER, ADD, NOW, NESTED]}),
    ("a bare schema", [QUESTION], {"tools": [WEATHER["function"]]}),
    ("strange names", [QUESTION], {"tools": [STRANGE]}),
    ("tools, no prompt", [SYSTEM, QUESTION, DONE], {"tools": [NOW], "add_generation_prompt": False}),
    ("call", [QUESTION, calls(COLOGNE)], {"tools": [WEATHER]}),
    ("call and result", [SYSTEM, QUESTION, calls(COLOGNE), result("get_weather", "22.0")], {"tools": [WEATHER]}),
    ("call, result, answer", [
        QUESTION, calls(COLOGNE), result("get_weather", "22.0"), DONE, {"role": "user", "content": "And now?"}],
     {"tools": [WEATHER]}),
    ("calls with ids", [
        QUESTION, calls(FIRST, SECOND), result("get_weather", "22.0", "abcDEF123"), result("add", "3.0", "zzzzzzzz9")],
     {"tools": [WEATHER, ADD]}),
    ("one call with id", [SYSTEM, QUESTION, calls(FIRST), result("get_weather", "{\"c\": 22.0}", "abcDEF123"), DONE],
     {"tools": [WEATHER]}),
    ("a short id", [QUESTION, calls(call("now", {}, "a1"))], {"tools": [NOW]}),
    ("call with words", [QUESTION, calls(COLOGNE, content="I look.")], {"tools": [WEATHER]}),
    ("call with no words", [QUESTION, calls(COLOGNE, content="")], {"tools": [WEATHER]}),
    ("call without tools", [QUESTION, calls(COLOGNE), result("get_weather", "22.0")], {}),
    ("call in an OpenAI way", [QUESTION, calls(call("get_weather", "{\"city\": \"Köln\"}", "call_0001"))],
     {"tools": [WEATHER]}),
    ("numbers", [QUESTION, calls(call("add", NUMBERS))], {"tools": [ADD]}),
    ("texts", [QUESTION, calls(call("add", TEXTS))], {"tools": [ADD]}),
    ("values", [QUESTION, calls(call("add", VALUES))], {"tools": [ADD]}),
    ("a map as a result", [QUESTION, calls(COLOGNE), result("get_weather", {"celsius": 22.0, "wind": [1, None]})],
     {"tools": [WEATHER]}),
    ("reasoning", [QUESTION, {**DONE, "reasoning_content": "\nHm.\n"}], {"add_generation_prompt": False}),
    ("reasoning before a call", [
        QUESTION, calls(COLOGNE, reasoning_content="I look it up."), result("get_weather", "22.0")],
     {"tools": [WEATHER]}),
    ("reasoning of long ago", [QUESTION, {**DONE, "reasoning_content": "Hm."}, QUESTION], {}),
    ("thinking", [QUESTION, {**DONE, "thinking": "Hm."}], {"add_generation_prompt": False}),
    ("thinking before a call", [QUESTION, calls(COLOGNE, thinking="I look."), result("get_weather", "2")],
     {"tools": [WEATHER]}),
    ("thoughts in the text", [
        QUESTION, {"role": "assistant", "content": "<think>\nHm.\n</think>\n\nWarm."}, QUESTION], {}),
    ("thoughts left open", [QUESTION, {"role": "assistant", "content": "Hm.</think>Warm."}],
     {"add_generation_prompt": False}),
    ("no thinking", [QUESTION], {"enable_thinking": False, "thinking": False}),
    ("thinking asked for", [QUESTION], {"enable_thinking": True, "thinking": True}),
    ("thinking none", [QUESTION], {"enable_thinking": None}),
    ("no thinking, instructed", [{"role": "system", "content": "Be kind. /no_think"}, QUESTION], {}),
    ("effort", [QUESTION], {"reasoning_effort": "high", "model_identity": "You are a test.", "today": "2026-03-05"}),
    ("date", [QUESTION], {"date_string": "5 Mar 2026", "today_date": "5 March 2026"}),
    ("documents", [QUESTION], {"documents": [
        {"doc_id": 1, "title": "Köln", "text": "22 °C", "items": "x"}, {"doc_id": "b", "text": "<b>\n"}]}),
    ("documents and tools", [QUESTION], {
        "documents": [{"doc_id": 1, "text": "22 °C"}], "tools": [WEATHER], "controls": {"citations": True}}),
    ("documents, none", [QUESTION], {"documents": [], "citation_mode": "fast"}),
    ("controls", [SYSTEM, QUESTION], {"controls": {"length": "short", "originality": "extractive", "n": 1.0}}),
    ("builtin tools", [SYSTEM, QUESTION, calls(call("search", {"query": "Köln", "n": "2"}))],
     {"builtin_tools": ["search", "code_interpreter", "browser"]}),
    ("tools before the question", [SYSTEM, QUESTION], {"tools": [WEATHER, NOW], "tools_in_user_message": False}),
    ("custom tools", [QUESTION], {"custom_tools": [NOW], "python_tools": [NOW], "xml_tools": [WEATHER]}),
    ("another start", [QUESTION], {"bos_token": "<another>", "eos_token": ""}),
    ("a variable", [QUESTION], {"value": {"a": [1, 2.5, None, True, "é"], "b": {"c": 1e16}}}),
    ("a text as a variable", [QUESTION], {"value": "{{ messages }}"}),
    ("a number as a variable", [QUESTION], {"value": 1.0}),
    ("a global as a variable", [QUESTION], {"range": 3, "loop": 1, "value": 7}),
    ("parts", [{"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
               {"role": "user", "content": [{"type": "text", "text": " Look: "}, {"type": "image"},
                                            {"type": "text", "text": "What?"}]}], {}),
    ("tools in the message", [{**SYSTEM, "tools": "[{\"name\": \"now\"}]"}, QUESTION], {}),
    ("tools of the message, none", [{**SYSTEM, "tools": []}, QUESTION], {}),
    ("another role", [{"role": "developer", "content": "Be brief."}, QUESTION], {}),
    ("more fields", [{**QUESTION, "name": "Ada", "n": 1.0, "list": [None]}], {}),
]


def doubles():
    """Numbers of all sizes, and each near a power of ten."""
    rng = random.Random(16)
    numbers = [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(300)]
    numbers += [rng.uniform(-1000, 1000) for _ in range(100)] + [round(rng.uniform(0, 1), 3) for _ in range(50)]
    numbers += [factor * 10.0**exponent for exponent in range(-12, 24) for factor in (1, 1.1, 9.999999999999999)]
    return [number for number in numbers if number == number and abs(number) != float("inf")]


def json_case(value):
    """As JSON, and as Python writes it."""
    template = _compile_jinja_template("{{ value|tojson }} {{ value }}")
    return {"value": json.dumps({"value": value}), "text": template.render(value=value)}


def case(tokenizer, template, source, name, messages, fields):
    def render():
        return tokenizer.apply_chat_template(
            messages, chat_template=source, tokenize=False, **{"add_generation_prompt": True, **fields})

    return {"template": template, "request": name, **outcome(render)}


def main():
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted((TEMPLATES / "tools").glob("*.jinja"))}
    cases = [case(tokenizer, template, source, *request) for template, source in sources.items() for request in REQUESTS]
    assert len(REQUESTS) == len({name for name, _, _ in REQUESTS})
    requests = []
    for name, messages, fields in REQUESTS:
        variables = {key: value for key, value in fields.items() if key != "tools"}
        requests.append({"name": name, "json": json.dumps(
            {"messages": messages, "tools": fields.get("tools", []), "variables": variables})})
    write("tools.json", {"requests": requests, "cases": cases, "doubles": [json_case(number) for number in doubles()]})
    texts = sum(case["text"] is not None for case in cases)
    print(f"{len(sources)} templates, {len(cases)} cases, {texts} with a text")
    for case_ in cases:
        if case_["error"]:
            print(case_["template"], case_["request"], case_["error"])


if __name__ == "__main__":
    main()
