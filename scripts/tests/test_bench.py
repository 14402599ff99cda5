"""The bench: how figures come from measurements, and one short run. How fast anything is plays no part."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/benchmark"))

import figures  # noqa: E402
from peers import GENAI_PA, OPTIMUM, OVCHAT  # noqa: E402
from workload import fitting, ordinary_ids  # noqa: E402

CHECKPOINT = ROOT / "environment/demo-model/checkpoint"  # for its tokenizer and its config


def run(rate, first_s=1.0, start_s=1.0, resident=0, heap=0):
    """What a process measures that makes 11 tokens, at a prompt of 64 tokens twice as fast."""
    answers = {"1024": rate, "64": rate * 2}
    return {
        "start_s": start_s, "memory": {"VmRSS": resident, "VmHWM": resident}, "heap": {"heap": heap, "heap-text": heap},
        "prompts": {length: [{"tokens": 11, "first_s": first_s, "rest_s": 10 / each}] for length, each in answers.items()},
    }


def rows(peer, *rounds, model="demo"):
    """The table's rows by figure, each without its name: ovchat's value, the peer's name and value, ratio, bar, verdict."""
    result = {"model": model, "weights_bytes": 10_000_000, "prompts": [1024], "context": [64, 1024], "peers": [peer],
              "rounds": [{OVCHAT: ours, peer: theirs} for ours, theirs in rounds]}
    lines = [*figures.table(result)][1:]
    return {line[:34].strip(): line[34:].split() for line in lines}


class FiguresTest(unittest.TestCase):
    def test_ratio_is_the_median_of_the_rounds(self):
        table = rows(OPTIMUM, (run(10), run(10)), (run(30), run(10)), (run(40), run(20)))
        self.assertEqual(["30.0", OPTIMUM, "10.0", "2.00", "2.20", "MISSED"], table["tokens/s, prompt of 1024"])

    def test_less_time_is_better(self):
        table = rows(GENAI_PA, (run(1, first_s=2.0, start_s=1.0), run(1, first_s=1.0, start_s=1.05)))
        self.assertEqual("2000.0 ms genai-pa 1000.0 ms 0.50 1.00 MISSED".split(), table["first token, prompt of 1024"])
        self.assertEqual("1.00 s genai-pa 1.05 s 1.05 1.05 met".split(), table["process start to first token"])

    def test_bars_are_those_of_the_model(self):
        pair = run(10), run(10)
        self.assertEqual("0.95", rows(GENAI_PA, pair)["tokens/s, prompt of 1024"][4])
        self.assertEqual("1.00", rows(GENAI_PA, pair, model="phi3-mini")["tokens/s, prompt of 1024"][4])
        self.assertEqual("1.00", rows(GENAI_PA, pair, model="other")["tokens/s, prompt of 1024"][-1])
        self.assertEqual("1.00 2.50 MISSED".split(), rows(OPTIMUM, pair, model="other")["process start to first token"][-3:])

    def test_context_is_compared_with_the_short_prompt(self):
        self.assertEqual("0.500 optimum-intel 0.500 1.00 1.00 met".split(),
                         rows(OPTIMUM, (run(10), run(20)))["tokens/s at 1024 over at 64"])

    def test_memory_is_without_the_weights(self):
        table = rows(GENAI_PA, (run(1, resident=30_000_000), run(1, resident=20_000_000)))
        self.assertEqual("20 MB genai-pa 10 MB 0.50 1.00 MISSED".split(), table["memory over the weights"])

    def test_heap_stays_below_its_bar(self):
        table = rows(OPTIMUM, (run(1, heap=1024), run(1)))
        self.assertEqual("1024 B < 1024 MISSED".split(), table["Java heap per token"])
        self.assertEqual("1024 B < 2048 met".split(), table["Java heap per token, as text"])


class WorkloadTest(unittest.TestCase):
    def test_prompts_hold_no_special_tokens(self):
        self.assertEqual([*range(3, 1973)], ordinary_ids(CHECKPOINT))

    def test_prompts_leave_room_for_the_answer(self):
        self.assertEqual([64, 4096 - 256], fitting(CHECKPOINT, [64, 5000], 256))
        with self.assertRaisesRegex(SystemExit, "Answers of 4096 tokens do not fit: the model's context is 4096"):
            fitting(CHECKPOINT, [64], 4096)


class BenchTest(unittest.TestCase):
    def test_one_process_on_the_demo_model(self):
        with tempfile.TemporaryDirectory() as work:
            file = pathlib.Path(work, "measured.json")
            done = subprocess.run(
                [ROOT / "scripts/bench", "--peers", "--processes", "1", "--repetitions", "2", "--new-tokens", "4",
                 "--prompts", "16", "--context", "16", "64", "--json", file], stdout=subprocess.PIPE, text=True, check=True)
            result = json.loads(file.read_text(encoding="utf-8"))
        self.assertIn("\nJava heap per token, as text", done.stdout)
        measured = result["rounds"][0][OVCHAT]
        self.assertEqual({"16": [4, 4], "64": [4, 4]}, {
            length: [answer["tokens"] for answer in answers] for length, answers in measured["prompts"].items()})
        self.assertEqual({"heap", "heap-text"}, measured["heap"].keys())
        self.assertGreater(measured["memory"]["VmRSS"], result["weights_bytes"])

    def test_a_directory_without_a_model_is_refused(self):
        with tempfile.TemporaryDirectory() as work:
            done = subprocess.run(
                [ROOT / "scripts/bench", "--peers", "--model", work], stderr=subprocess.PIPE, text=True)
        self.assertEqual(1, done.returncode)
        self.assertIn(f"The directory {work} has no openvino_model.bin", done.stderr)


if __name__ == "__main__":
    unittest.main()
