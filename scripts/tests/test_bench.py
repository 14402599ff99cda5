"""The bench: how figures come from measurements, and one short run. How fast anything is plays no part."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/benchmark"))

import exports  # noqa: E402
import figures  # noqa: E402
import machine  # noqa: E402
import process_tree  # noqa: E402
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


class ExportsTest(unittest.TestCase):
    def result(self, *pairs, shape="phi3-mini"):
        """Of exports that take so many seconds and megabytes in no file, and generations at that many tokens/s."""
        measured = [
            {name: {"seconds": each, "peak_bytes": each * 2e6, "peak_in_no_file_bytes": each * 1e6}
             for name, each in zip((exports.OVCHAT, exports.OPTIMUM), pair)} for pair in pairs]
        generations = [dict(zip((exports.OVCHAT, exports.OPTIMUM), map(run, pair))) for pair in pairs]
        result = {"shape": shape, "prompts": [1024], "exports": {exports.IN_CACHE: measured, exports.EVICTED: measured[:1]},
                  "generations": generations}
        return [line.split() for line in exports.table(result)][1:]

    def test_ratios_are_those_of_the_rounds(self):
        rows = self.result((10, 50), (20, 60), (1100, 1100))
        self.assertEqual("time, input cached 20.0 s optimum-cli 60.0 s 3.00 4.00 MISSED".split(), rows[0])
        self.assertEqual("time, input evicted 10.0 s optimum-cli 50.0 s 5.00 4.00 met".split(), rows[1])
        self.assertEqual("peak memory, input cached 40 MB optimum-cli 120 MB 3.00".split(), rows[2])
        self.assertEqual("the most of all rounds 1100 MB < 1000 MISSED".split(), rows[6])
        self.assertEqual("tokens/s, prompt of 1024 20.0 optimum-cli 60.0 0.33 0.97 MISSED".split(), rows[7])
        self.assertEqual("first token, prompt of 1024 1000.0 ms optimum-cli 1000.0 ms 1.00 0.97 met".split(), rows[8])
        self.assertEqual("3.00", self.result((10, 30), shape=None)[0][-1])

    def test_memory_of_all_processes_is_measured_and_shared_pages_once(self):
        work = "import os, time; held = bytearray(80_000_000); os.fork(); time.sleep(5)"
        with tempfile.TemporaryFile("w+") as log:
            measured = process_tree.measure([sys.executable, "-c", work], log)
        for peak in ("peak_bytes", "peak_in_no_file_bytes"):
            self.assertTrue(80e6 < measured[peak] < 120e6, measured)
        self.assertGreater(measured["samples"], 1)

    def test_mapped_files_are_in_memory_and_in_a_file(self):
        with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryFile("w+") as log:
            file.truncate(80_000_000)
            work = ("import mmap, sys, time; file = open(sys.argv[1], 'rb'); "
                    "held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ); held.rfind(b'x'); time.sleep(5)")
            measured = process_tree.measure([sys.executable, "-c", work, file.name], log)
        self.assertGreater(measured["peak_bytes"], 80e6)
        self.assertLess(measured["peak_in_no_file_bytes"], 40e6)

    def test_a_failed_command_ends_the_bench_with_its_words(self):
        with tempfile.TemporaryFile("w+") as log, self.assertRaisesRegex(SystemExit, "no more\n\n.*exit code 3"):
            process_tree.measure(["bash", "-c", "echo no more; exit 3"], log)

    def test_files_leave_the_page_cache(self):
        with tempfile.NamedTemporaryFile(dir=ROOT / "lib/ovchat-notebook/target") as file:
            file.write(bytes(1 << 20))
            file.flush()
            machine.read(file.name)
            self.assertEqual(1 << 20, machine.cached(file.name))
            machine.evict(file.name)
            self.assertEqual(0, machine.cached(file.name))

    def test_a_directory_without_weights_is_refused(self):
        with tempfile.TemporaryDirectory() as work, self.assertRaisesRegex(SystemExit, "it is no checkpoint"):
            exports.find_checkpoint(argparse.Namespace(model=pathlib.Path(work), shape=None))


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
