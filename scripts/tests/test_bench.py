"""The bench: how figures come from measurements, and one short run. How fast anything is plays no part."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import tiny_gguf

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/benchmark"))

import compare  # noqa: E402
import exports  # noqa: E402
import figures  # noqa: E402
import machine  # noqa: E402
import many  # noqa: E402
import models  # noqa: E402
import notebook_run  # noqa: E402
import peers  # noqa: E402
import process_tree  # noqa: E402
import structured  # noqa: E402
from peers import GENAI_PA, GENAI_SDPA, LLAMA_CPP, OPTIMUM, OVCHAT, OVCHAT_INT4  # noqa: E402
from workload import fitting, ordinary_ids  # noqa: E402

CHECKPOINT = ROOT / "environment/demo-model/checkpoint"  # for its tokenizer and its config


def run(rate, first_s=1.0, start_s=1.0, resident=0, heap=0, weights_bytes=10_000_000):
    """What a process measures that makes 11 tokens, at a prompt of 64 tokens twice as fast."""
    answers = {"1024": rate, "64": rate * 2}
    return {
        "start_s": start_s, "weights_bytes": weights_bytes, "memory": {"VmRSS": resident, "VmHWM": resident},
        "heap": {"heap": heap, "heap-text": heap},
        "prompts": {length: [{"tokens": 11, "first_s": first_s, "rest_s": 10 / each}] for length, each in answers.items()},
    }


def rows(peer, *rounds, model="demo"):
    """The table's rows by figure, each without its name: ovchat's value, the peer's name and value, ratio, bar, verdict."""
    result = {"model": model, "prompts": [1024], "context": [64, 1024], "peers": [peer], "failed": {},
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

    def test_a_start_with_a_class_archive_is_compared_with_the_usual_start(self):
        table = rows(GENAI_PA, (run(1, start_s=2.0) | {"archived_start_s": 1.0}, run(1, start_s=1.5)))
        self.assertEqual("2.00 s genai-pa 1.50 s 0.75 1.05 MISSED".split(), table["process start to first token"])
        self.assertEqual("1.00 s genai-pa 1.50 s 1.50 1.05 met".split(), table["process start, class archive"])

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
        table = rows(LLAMA_CPP, (run(1, resident=30_000_000), run(1, resident=30_000_000, weights_bytes=5_000_000)))
        self.assertEqual("20 MB llama-cpp 25 MB 1.25".split(), table["memory over the weights"])

    def test_a_peer_that_failed_has_a_row_with_the_reason(self):
        result = {"model": "other", "prompts": [1024], "context": [], "peers": [OPTIMUM, LLAMA_CPP],
                  "failed": {LLAMA_CPP: "unknown architecture"}, "rounds": [{OVCHAT: run(2), OPTIMUM: run(1)}]}
        lines = [line.split() for line in figures.table(result)]
        self.assertEqual("cannot run this model llama-cpp unknown architecture".split(), lines[-1])
        self.assertEqual(1, sum(LLAMA_CPP in line for line in lines))
        self.assertIn("tokens/s, prompt of 1024 2.0 optimum-intel 1.0 2.00".split(), lines)

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


class ModelsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "model.gguf"
        self.file.touch()

    def choose(self, model, *chosen):
        return models.choose_peers(argparse.Namespace(model=model, peers=[*chosen] or None))

    def test_what_is_compared_depends_on_the_model(self):
        self.assertEqual([*peers.OF_DIRECTORIES], self.choose(None))
        self.assertEqual([*peers.OF_DIRECTORIES], self.choose(self.folder))
        self.assertEqual([*peers.PEERS], self.choose(self.file))
        self.assertEqual([LLAMA_CPP], self.choose(self.file, LLAMA_CPP))
        with self.assertRaisesRegex(SystemExit, "For llama-cpp --model has to be a GGUF file"):
            self.choose(self.folder, OPTIMUM, LLAMA_CPP)

    def exports(self, command="""mkdir -p "${@: -1}"; touch "${@: -1}/openvino_model.bin"; echo "$@" >> "$0" """):
        """What each program reads, where such a command exports; and how often it ran."""
        log = self.folder / "log"
        program, really = ["bash", "-c", command, log], subprocess.run
        with mock.patch.dict(os.environ, OVCHAT_WORK=str(self.folder)), mock.patch.object(
                subprocess, "run", lambda command, **how: really([*program, *command[1:]], **how)):
            return (*models.exports_of(self.file, [*peers.PEERS]), log.read_text().splitlines() if log.exists() else [])

    def test_a_file_is_exported_once_for_those_that_read_directories(self):
        read, failed, _ = self.exports()
        self.assertEqual({}, failed)
        self.assertEqual({self.file}, {read[name] for name in (peers.GENAI_GGUF, LLAMA_CPP)})
        self.assertEqual({read[OVCHAT]}, {read[name] for name in peers.OF_DIRECTORIES})
        self.assertEqual((read, {}), self.exports()[:2])
        log = self.exports()[2]
        self.assertEqual([f"--model {self.file} {read[OVCHAT]}",
                          f"--model {self.file} --weight-format int4 --group-size 64 {read[OVCHAT_INT4]}"], log)

    def change_after(self, exported):
        """Give the file a later time than its export has; the clock of files may not have gone on since."""
        later = (exported / "openvino_model.bin").stat().st_mtime + 1
        os.utime(self.file, (later, later))

    def test_a_file_that_changed_is_exported_anew(self):
        read, _, _ = self.exports()
        self.change_after(read[OVCHAT_INT4])
        self.assertEqual(4, len(self.exports()[2]))

    def test_an_export_that_fails_is_a_reason(self):
        no_int4 = '[ $# = 3 ] || { echo "Setting up"; echo "64?"; exit 1; } >&2; mkdir -p "$3"; touch "$3/openvino_model.bin"'
        read, failed, _ = self.exports(no_int4)
        self.assertEqual({OVCHAT_INT4: "64?"}, failed)
        self.assertNotIn(OVCHAT_INT4, read)
        with self.assertRaisesRegex(SystemExit, "no more"):
            self.change_after(read[OVCHAT])
            self.exports("echo no more >&2; exit 1")

    def test_a_program_that_fails_says_why(self):
        says = [sys.executable, "-c", "import sys; sys.exit('Traceback\\nToo large\\n')"]
        with self.assertRaisesRegex(SystemExit, "(?s)Traceback.*failed with exit code 1") as caught, peers.Program(says) as program:
            program.ask("versions")
        self.assertEqual("Too large", caught.exception.reason)
        with self.assertRaises(peers.Failed) as caught, peers.Program(["bash", "-c", "kill -9 $$"]) as program:
            program.ask("versions")
        self.assertEqual("failed with exit code -9", caught.exception.reason)

    def test_a_reason_is_none_of_the_calls_that_led_to_it(self):
        said = 'Exception in "main" Failed: large\n\tat A.b(A.java:1)\nCaused by: Other: 3 > 2\n\tat C.d(C.java)\n\t... 1 more\n\n'
        self.assertEqual("Caused by: Other: 3 > 2", peers.last_line(said, "nothing"))
        self.assertEqual("nothing", peers.last_line("\n", "nothing"))


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


class ManyTest(unittest.TestCase):
    def test_the_mix_is_the_same_for_all_and_as_long_as_it_says(self):
        mix = many.mix(range(500), 50)
        self.assertEqual(mix, many.mix(range(500), 50))
        prompts = [[*map(int, prompt.split())] for prompt in mix.split(";")]
        self.assertEqual(50, len(prompts))
        for new_tokens, *ids in prompts:
            self.assertTrue(5 <= new_tokens <= 200 and 10 <= len(ids) <= 700 and max(ids) < 500)

    def test_ratios_are_those_of_the_rounds(self):
        def answers(queue, one_by_one, genai):
            seconds = {many.QUEUE: queue, OVCHAT: one_by_one, peers.GENAI_MANY: genai}
            return {name: {"tokens": 60, "seconds": each} for name, each in seconds.items()}

        lines = [line.split() for line in many.table([answers(1, 3, 0.5), answers(2, 8, 2), answers(3, 6, 9)])][1:]
        self.assertEqual(["queue", "30.0"], lines[0][-2:])
        self.assertEqual("by one 10.0 3.00 3.00 met".split(), lines[1][-6:])
        self.assertEqual("batching 30.0 1.00 1.00 met".split(), lines[2][-5:])
        self.assertEqual("0.50 1.00 MISSED".split(), [*many.table([answers(1, 3, 0.5)])][3].split()[-3:])


class StructuredTest(unittest.TestCase):
    def test_what_a_format_costs_and_how_others_do(self):
        def answer(rest_s, first_s):
            return {"tokens": 11, "rest_s": rest_s, "first_s": first_s, "processor_s": 0.11}

        def answers(ours, others):
            return {
                (name, kind): answer(*times) for kind in (structured.FREE, structured.SCHEMA, structured.JSON)
                for name, times in ((OVCHAT, ours[kind]), (GENAI_SDPA, others[kind]))}

        kinds = (structured.FREE, structured.SCHEMA, structured.JSON)
        ours = dict(zip(kinds, [(1, 0.2), (1.04, 0.24), (1.1, 0.2)]))
        others = dict(zip(kinds, [(1, 0.1), (1.3, 0.1), (0.9, 0.1)]))
        lines = [line.split() for line in structured.table([answers(ours, others)] * 3)][1:]
        self.assertEqual("ovchat no format 10.0 1.00 1.00 200 0 10.0".split(), lines[0])
        self.assertEqual("ovchat a schema 9.6 0.96 1.00 240 40 10.0 met".split(), lines[2])
        self.assertEqual("genai-sdpa a schema 7.7 0.77 1.25 100 0 10.0 met".split(), lines[3])
        self.assertEqual("ovchat any JSON 9.1 0.91 1.00 200 0 10.0 MISSED".split(), lines[4])
        self.assertEqual("genai-sdpa any JSON 11.1 1.11 0.82 100 0 10.0 MISSED".split(), lines[5])


class NotebookRunTest(unittest.TestCase):
    def test_a_bar_in_seconds_and_one_against_python(self):
        rounds = [{"run": (5, 10), "kernel ready": (3, 1)}, {"run": (6, 15), "kernel ready": (2, 1)},
                  {"run": (7, 10), "kernel ready": (2.4, 1)}]
        run, ready = [*notebook_run.table(rounds)][1:]
        self.assertEqual("run 6.00 s 10.00 s 0.50 6.0 s met, 0.45 MISSED".split(), run.split())
        self.assertEqual("kernel ready 2.40 s 1.00 s 2.40 2.5 s met".split(), ready.split())


class OptionsTest(unittest.TestCase):
    def parse(self, *options):
        with mock.patch.object(sys, "argv", ["bench", "--java", "java", *options]):
            return compare.parse()

    def test_what_is_measured_where_no_option_says_it(self):
        self.assertEqual((5, 5, 256), (lambda o: (o.processes, o.repetitions, o.new_tokens))(self.parse()))
        self.assertEqual((2, 64, []), (lambda o: (o.processes, o.new_tokens, o.context))(self.parse("--quick")))
        self.assertEqual((2, 32, [64, 2048]), (lambda o: (o.repetitions, o.new_tokens, o.context))(
            self.parse("--shape", "phi3-mini")))
        self.assertEqual((7, 64), (lambda o: (o.processes, o.new_tokens))(self.parse("--quick", "--processes", "7")))


class BenchTest(unittest.TestCase):
    def test_one_process_on_the_demo_model(self):
        with tempfile.TemporaryDirectory() as work:
            file = pathlib.Path(work, "measured.json")
            done = subprocess.run(
                [ROOT / "scripts/bench", "--peers", "--cache", "--archive", "--processes", "1", "--repetitions", "2", "--new-tokens", "4",
                 "--prompts", "16", "--context", "16", "64", "--json", file], stdout=subprocess.PIPE, text=True, check=True)
            result = json.loads(file.read_text(encoding="utf-8"))
        self.assertIn("\nJava heap per token, as text", done.stdout)
        self.assertIn(", compiled models in OpenVINO's cache\n", done.stdout)
        self.assertTrue(result["cache"])
        measured = result["rounds"][0][OVCHAT]
        self.assertEqual({"16": [4, 4], "64": [4, 4]}, {
            length: [answer["tokens"] for answer in answers] for length, answers in measured["prompts"].items()})
        self.assertEqual({"heap", "heap-text"}, measured["heap"].keys())
        self.assertGreater(measured["memory"]["VmRSS"], measured["weights_bytes"])
        self.assertGreater(measured["archived_start_s"], 0)

    def test_a_gguf_file_of_which_there_is_no_int4(self):
        with tempfile.TemporaryDirectory() as work:
            file = pathlib.Path(work, "tiny.gguf")
            tiny_gguf.write(file)
            done = subprocess.run(
                [ROOT / "scripts/bench", "--model", file, "--peers", OVCHAT_INT4, "--processes", "1", "--repetitions", "1",
                 "--new-tokens", "4", "--prompts", "8", "--context"], stdout=subprocess.PIPE, text=True, check=True,
                env={**os.environ, "OVCHAT_WORK": f"{work}/work", "OVCHAT_CACHE": os.environ["OVCHAT_CACHE"], "KERNEL_ARCHIVE": "no"})
        *_, figure, last = done.stdout.splitlines()
        self.assertTrue(figure.startswith("Java heap per token, as text"), done.stdout)
        self.assertRegex(last, "^cannot run this model +ovchat-int4 +The rows of .* are 32 weights wide, which groups of 64 do not")

    def test_a_directory_without_a_model_is_refused(self):
        with tempfile.TemporaryDirectory() as work:
            done = subprocess.run(
                [ROOT / "scripts/bench", "--peers", "--model", work], stderr=subprocess.PIPE, text=True)
        self.assertEqual(1, done.returncode)
        self.assertIn(f"The directory {work} has no openvino_model.bin", done.stderr)


if __name__ == "__main__":
    unittest.main()
