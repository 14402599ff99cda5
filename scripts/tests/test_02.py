"""Notebook 02, experiments with config values: what it shows has to be true, whatever the figures are."""
import math
import pathlib
import re
import unittest

import nbformat
from lessons import cell_with, last_shown, numbers, rows, run, with_solutions
from notebooks import (
    IS_REAL, MODEL, NOTEBOOKS, ROOT, code_cells, folder_of_its_own, on_the_demo_model, on_the_real_model, read, streams)

EXPERIMENTS = NOTEBOOKS / "02-config-experiments.ipynb"
CONFIGS = 7
ROUNDS = 3  # two that are far apart leave a speed without an interval
LANGUAGES = ["English", "Indonesian", "Korean", "Portuguese", "Swahili", "Chinese"]
FORMATS = ["original", "int8", "int4", "int4-r1", "int4-r1-g32", "int4-r1-asym", "nf4", "mxfp4"]
# A page scored once more, with two formats.
AGAIN = """
var english = Page.inEachLanguage().get(0).text();
for (var name : List.of("original", "nf4")) {
    try (var one = CausalLM.load(source.modelDir().resolveSibling(name), device, documented)) {
        var ids = one.tokenizer().encode(english, EncodeOptions.AS_IT_IS).first(128);
        System.out.println(one.score(ids).perplexity());
    }
}
"""
SUBJECT = "-".join(pathlib.Path(MODEL["MODEL_DIR"]).parts[-2:]) + "-CPU"


def with_short_solutions(folder):
    """The notebook with one round for the sweeps of its solutions."""
    notebook = read(EXPERIMENTS)
    notebook.cells.insert(-1, nbformat.v4.new_code_cell("experiment = experiment.repetitions(1);"))
    path = folder / "short-solutions.ipynb"
    nbformat.write(notebook, path)
    return path


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        keep = cell_with(code_cells(read(EXPERIMENTS)), "ConfigFile.save").source
        made_up = 'advice = new Advice(Map.of("NUM_STREAMS", "2", "CACHE_DIR", ""), true, "made up");'
        with folder_of_its_own() as folder:
            cls.cells, cls.solved, (cls.lengths, cls.sampling, _, cls.kept, cls.again) = run(
                with_short_solutions(folder), "lengths", 'Tables.of("whole", sampling)', made_up, keep, AGAIN)
            cls.files = {path.name: path.read_text(encoding="utf-8") for path in (folder / "experiments").glob("*.*")}

    def said(self, part):
        return streams(cell_with(self.cells, part), "stdout")

    def table(self, part):
        return rows(cell_with(self.cells, part))

    def results(self):
        return self.table("table.selectColumns(\"config\", \"load (ms)\"")

    def test_no_cell_warns(self):
        for cell in [*self.cells, *self.solved]:
            self.assertEqual(streams(cell, "stderr"), "", cell.source)

    def test_wrong_values_are_refused_before_anything_runs(self):
        value, key = self.said("refused.getMessage()").strip().split("\n\n")
        self.assertRegex(value, r'^grid cell NUM_STREAMS = "two": .*Allowed: a whole number')
        self.assertRegex(key, r'^grid cell INFERENCE_PRECISION = "f32": .*did you mean INFERENCE_PRECISION_HINT\?')

    def test_each_config_is_measured_in_each_round(self):
        self.assertIn(f"{CONFIGS * ROUNDS} runs of {CONFIGS} configs on CPU", self.said("var results ="))
        results = self.results()
        self.assertEqual([results[0]["config"], len(results)], ["baseline", CONFIGS])
        self.assertEqual(results[0]["same text"], "yes")
        for row in results:
            self.assertEqual([row["runs"], row["reason"]], [str(ROUNDS), ""], row)
            for figure in ("load (ms)", "first token (ms)", "tokens/s", "memory (MB)"):
                self.assertGreater(float(row[figure].replace(",", "")), 0, row)

    def test_sorted_and_filtered(self):
        speeds = numbers(self.table('"tokens/s", "first token (ms)")'), "tokens/s")
        self.assertEqual(speeds, sorted(speeds, reverse=True))
        chosen = self.table("takesNoMore")[0:]
        self.assertEqual(chosen[0]["config"], "baseline")
        self.assertEqual({row["same text"] for row in chosen}, {"yes"})
        self.assertEqual(max(numbers(chosen, "memory (MB)")), float(chosen[0]["memory (MB)"]))

    def test_charts_show_every_config(self):
        for part in ("Speed of each config", "Memory against speed"):
            cell = cell_with(self.cells, part)
            shown = last_shown(cell)
            values = [line for line in shown.splitlines() if line.startswith("  ")]
            self.assertEqual(len(values), CONFIGS)
            for value in values:  # runs that differ much, as on a busy machine, give no interval, and the chart says so
                self.assertRegex(value, r": [\d,.]+( \(<?[\d,.]+ to [\d,.]+\))?$")
            self.assertEqual(all(value.endswith(")") for value in values), "no interval" not in shown)
            self.assertIn("image/png", cell.outputs[-1].data)

    def test_what_was_asked_for_is_in_force(self):
        effective = [*self.table("var effective ="), *self.table("var parallel =")]
        asked = [(row["config"].split("="), row) for row in effective if "=" in row["config"]]
        checked = [self.assertEqual(row[key], value) for (key, value), row in asked if key in row]
        self.assertEqual(len(checked), 4)  # all but EXECUTION_MODE_HINT and CACHE_DIR

    def test_runs_are_kept_with_where_they_come_from_and_not_repeated(self):
        [name] = [name for name in self.files if name.startswith(f"{SUBJECT}-2") and "again" not in name]
        header, *lines = self.files[name].splitlines()
        self.assertEqual(len(lines), CONFIGS * ROUNDS)
        for column in ("date", "CPU", "threads", "OpenVINO", "Java", "ovchat", "device", "model"):
            self.assertIn(column, header.split(","))
        self.assertIn(f"The file has {CONFIGS * ROUNDS} rows.", self.said("var resumed ="))
        self.assertNotIn(str(ROOT), "".join(self.files.values()))

    def test_the_same_again_is_compared(self):
        compared = self.table("compareWith")
        self.assertEqual([row["config"] for row in compared], ["baseline"])
        for row in compared:
            self.assertLessEqual(float(row["at least"]), float(row["ratio"]))
            self.assertLessEqual(float(row["ratio"]), float(row["at most"]))
            self.assertEqual(row["same text"], "yes")

    def test_advice_is_kept_only_where_there_is_one(self):
        found = self.said("Advisor.advise").startswith("Take ")
        self.assertTrue(found or self.said("Advisor.advise").startswith("No difference found"))
        self.assertEqual(found, "chosen-config.json holds" in self.said("ConfigFile.save"))
        self.assertIn("chosen-config.json holds {CACHE_DIR=, NUM_STREAMS=2}", streams(self.kept, "stdout"))
        self.assertIn('"NUM_STREAMS" : "2"', self.files["chosen-config.json"])

    def test_lengths_are_tried_in_three_turns(self):
        self.assertEqual(numbers(rows(self.lengths), "new tokens"), [8, 16, 32, 64] * 3)
        for figure in ("total (ms)", "tokens/s"):
            self.assertGreater(min(numbers(rows(self.lengths), figure)), 0)

    def shared(self):
        """How many tokens the sampled answers have in common with the greedy one, by top-p and temperature."""
        return {(row["config"], float(row["temperature"])): float(row["shared tokens"]) for row in rows(self.sampling)}

    def test_a_higher_temperature_leaves_the_greedy_answer_sooner(self):
        shared = self.shared()
        self.assertEqual(len(shared), 8)
        for top_p in ("top-p = 0.5", "top-p = 1.0"):
            low, *_, high = [shared[top_p, temperature] for temperature in (0.25, 0.5, 1, 2)]
            self.assertGreater(low, high + 2)
        for temperature in (0.25, 0.5, 1, 2):  # a smaller top-p keeps to it for longer
            self.assertGreaterEqual(shared["top-p = 0.5", temperature], shared["top-p = 1.0", temperature])
        self.assertLess(shared["top-p = 1.0", 2], 2)

    def greedy(self):
        return self.said("var greedy = ").strip()

    @on_the_demo_model
    def test_the_demo_model_stays_with_what_it_learned(self):
        self.assertEqual(self.greedy(), "16 tokens: Measure it: notebook 02 tries OpenVINO's config")
        self.assertEqual(self.shared()["top-p = 0.5", 1], 16)
        self.assertGreater(self.shared()["top-p = 1.0", 1], 4)

    @on_the_real_model
    def test_a_real_model_has_many_ways_to_say_a_thing(self):
        self.assertRegex(self.greedy(), "^16 tokens: To make the model faster")
        self.assertLess(self.shared()["top-p = 1.0", 1], 4)

    def weights(self):
        """The figures of each format, and what its export says."""
        figures = {row["format"]: (float(row["size (MB)"]), float(row["perplexity"])) for row in self.table("var weights =")}
        said = {line.split("/")[3].split(":")[0].split()[0]: line
                for line in self.said("Integer.lowestOneBit").splitlines() if line.startswith("./")}
        self.assertEqual(list(figures), ["original", "int4", "int8", "fp16"])
        self.assertEqual(list(said), list(figures))
        return figures, said

    def test_weight_formats_are_made_and_compared(self):
        figures, said = self.weights()
        sizes, perplexities = zip(*figures.values())
        self.assertEqual(list(sizes[1:]), sorted(sizes[1:]))
        self.assertAlmostEqual(figures["fp16"][1] / figures["original"][1], 1, delta=0.02)
        self.assertAlmostEqual(figures["int8"][1] / figures["original"][1], 1, delta=0.05)
        self.assertRegex(said["int8"], r"; 100 % INT8_SYM$")
        self.assertRegex(said["fp16"], r"; 100 % F16$")

    @on_the_demo_model
    def test_four_bits_hurt_the_demo_model_little(self):
        figures, said = self.weights()
        self.assertLess(figures["int4"][1], 1.05 * figures["original"][1])
        self.assertEqual(said["int4"], "./model/demo/int4 is there already.")
        self.assertIn("Rows of 256 weights, for int4 in groups of 128", self.said("Integer.lowestOneBit"))

    @on_the_real_model
    def test_four_bits_anew_cost_a_gguf_file_something(self):
        figures, said = self.weights()
        self.assertEqual(min(figures, key=lambda name: figures[name][0]), "original")
        self.assertGreater(figures["int4"][1], 1.05 * figures["original"][1])
        self.assertEqual(said["original"], "./model/smollm2/original is there already.")
        self.assertRegex(said["int4"], r"; 53 % INT8_ASYM, 47 % INT4_SYM$")
        self.assertIn("Rows of 576 weights, for int4 in groups of 64", self.said("Integer.lowestOneBit"))

    def test_format_and_config_are_tuned_together(self):
        tried = self.table("var tried =")
        self.assertEqual(tried[0]["config"], "baseline")
        self.assertRegex(tried[0]["format"], r"^int4-g\d+-r0\.6$")
        self.assertEqual({row["format"] for row in tried}, {tried[0]["format"], "int8", "original"})
        self.assertEqual([row["format"] for row in tried if row["at least"]], [tried[1]["format"]])
        self.assertLessEqual(float(tried[1]["perplexity ratio"]), 1.01)
        self.assertEqual(tried[0]["same texts"], "3 of 3")

    def test_what_was_found_is_kept_and_loaded(self):
        evidence, kept, metrics = self.said("Tuned.load(models)").strip().splitlines()
        self.assertRegex(evidence, r"^(Take (int8|int4|original)|No difference found)")
        self.assertTrue(kept.endswith("/tuned.json"), kept)
        self.assertRegex(metrics, r"16 new tokens")

    def costs(self):
        """The ratios of each format, by page, and its size."""
        return {row.pop("format"): {name: float(value) for name, value in row.items()} for row in self.table("var costs =")}

    def test_pages_are_read_in_each_language(self):
        self.assertGreater(min(self.perplexities()), 1)

    def perplexities(self):
        readings = self.table("var readings =")
        self.assertEqual([row["language"] for row in readings], LANGUAGES)
        self.assertEqual({row["tokens"] for row in readings}, {"128"})
        return numbers(readings, "perplexity")

    @on_the_demo_model
    def test_the_demo_model_knows_no_such_text(self):
        self.assertGreater(min(self.perplexities()), 1984)
        self.assertLess(max(map(abs, self.rises().values())), 3)

    @on_the_real_model
    def test_four_bits_cost_a_real_model_something_and_english_least(self):
        self.assertLess(max(self.perplexities()), 1000)
        self.assertLess(self.perplexities()[2], min(self.perplexities()[:2]))  # Korean, in bytes
        costs = self.costs()
        for name in FORMATS[2:]:
            self.assertLess(costs[name]["English"], costs[name]["all pages"])
        self.assertLess(1 + 2 * (costs["int4"]["all pages"] - 1), costs["int4-r1"]["all pages"])
        self.assertEqual({*sorted(FORMATS[3:], key=lambda name: costs[name]["all pages"])[:2]}, {"int4-r1-g32", "nf4"})
        self.assertEqual(max(FORMATS, key=lambda name: costs[name]["all pages"]), "mxfp4")
        first, *middle, last = self.rises().values()
        self.assertGreater(min(first, last), 1.5 * max(middle))

    def test_formats_are_measured_against_the_original(self):
        costs = self.costs()
        self.assertEqual(list(costs), FORMATS)
        self.assertEqual({costs["original"][page] for page in [*LANGUAGES, "all pages"]}, {1})
        for ratios in costs.values():
            logarithms = [math.log(ratios[language]) for language in LANGUAGES]
            self.assertAlmostEqual(math.exp(sum(logarithms) / len(LANGUAGES)), ratios["all pages"], delta=0.01)
        sizes = {name: ratios["size (MB)"] for name, ratios in costs.items()}
        self.assertEqual(sorted(["int4-r1", "int4-r1-g32", "int4", "int8"], key=sizes.get), ["int4-r1", "int4-r1-g32", "int4", "int8"])
        self.assertAlmostEqual(costs["int8"]["all pages"], 1, delta=0.03)
        chart = last_shown(cell_with(self.cells, "Chart.scatter(costs")).splitlines()[1:]
        self.assertEqual([line.split(",")[0].strip() for line in chart], FORMATS)

    def test_ratios_come_again_from_scratch(self):
        original, nf4 = [float(line) for line in streams(self.again, "stdout").splitlines()]
        self.assertAlmostEqual(nf4 / original, self.costs()["nf4"]["English"], delta=0.006)

    def test_the_best_of_one_size_is_found(self):
        costs, said = self.costs(), self.said("var small =").splitlines()
        listed = re.findall(r"^(\S+) +([\d.]+) MB +([\d.]+) times the perplexity$", "\n".join(said), re.MULTILINE)
        least = min(ratios["size (MB)"] for ratios in costs.values())
        alike = {name for name, ratios in costs.items() if ratios["size (MB)"] <= 1.05 * least}
        self.assertEqual({name for name, _, _ in listed}, alike)
        self.assertGreater(len(listed), 2)
        for name, size, ratio in listed:
            self.assertAlmostEqual(float(size), costs[name]["size (MB)"], delta=0.06)
            self.assertAlmostEqual(float(ratio), costs[name]["all pages"], delta=0.006)
        self.assertEqual(said[-1], min(listed, key=lambda each: float(each[2]))[0] + " costs least of these.")

    def test_the_form_is_run_as_it_stands(self):
        form = last_shown(cell_with(self.cells, "var form ="))
        for line in ("Model: ", "Device: CPU", "NUM_STREAMS: 2", "Configs: one value at a time  2 configs"):
            self.assertIn(line, form)
        view = last_shown(cell_with(self.cells, "SweepView.of("))
        self.assertIn("[Start]  [Pause]  [Stop]", view)
        self.assertNotIn("0 of 1", view)  # how many there are is not known yet
        self.assertIn("Runs: 2 of 2", cell_with(self.cells, "sweep.results()").outputs[0].data["text/plain"])
        results = self.table("sweep.results()")
        self.assertEqual([("baseline", "1"), ("NUM_STREAMS=2", "1")], [(row["config"], row["runs"]) for row in results])
        self.assertGreater(min(numbers(results, "tokens/s")), 0)
        [name] = [name for name in self.files if name.startswith("form-")]
        self.assertEqual(2, len(self.files[name].splitlines()[1:]))

    @with_solutions
    def test_a_form_of_the_whole_grid_has_its_configs(self):
        solved = cell_with(self.solved, "wholeForm")
        self.assertEqual(f"{CONFIGS} configs\n", streams(solved, "stdout"))
        self.assertIn("EXECUTION_MODE_HINT: ACCURACY", last_shown(solved))

    def shares(self, part):
        """What the exports of a cell stored, by name: percent of each format."""
        return {line.split(":")[0].split("/")[-1]: {kind: int(share) for share, kind in re.findall(r"(\d+) % (\w+)", line)}
                for line in self.said(part).splitlines() if " % " in line}

    def test_four_bits_are_in_the_blocks_of_layers_alone(self):
        bars = [name.split(" to ") for name in self.rises()]
        layers = [int(end) for first, last in bars for end in (first, int(last) + 1)]
        self.assertEqual(layers[1:-1:2], layers[2::2], "each block begins where the one before it ends")
        count = int(re.match(r"\d+", self.said("String layers(int"))[0])
        self.assertEqual([layers[0], layers[-1]], [0, count])
        whole, blocks = self.shares("formats.entrySet")["int4-r1"]["INT4_SYM"], self.shares("var blocks =")
        self.assertEqual(len(blocks), len(bars))
        self.assertAlmostEqual(sum(share["INT4_SYM"] for share in blocks.values()), whole, delta=len(bars) / 2 + 1)
        self.assertEqual({kind for share in blocks.values() for kind in share} & {"INT8_ASYM", "INT8_SYM"}, set())

    def rises(self):
        """The bars of the blocks of layers."""
        shown = last_shown(cell_with(self.cells, "var blocks ="))
        return {layers: float(rise) for layers, rise in re.findall(r"^  (\d+ to \d+): <?(-?[\d.]+)$", shown, re.MULTILINE)}

    def test_blocks_are_multiplied(self):
        rises = self.rises()
        worst, product, all_layers = re.match(
            r"The layers (.+) cost most\. All blocks multiplied: ([\d.]+), int4 in all layers at once: ([\d.]+)\.",
            self.said("var worst =")).groups()
        self.assertEqual(worst, max(rises, key=rises.get))
        self.assertAlmostEqual(float(product), math.prod(1 + rise / 100 for rise in rises.values()), delta=0.006)
        self.assertAlmostEqual(float(product), float(all_layers), delta=0.05)
        self.assertAlmostEqual(float(all_layers), self.costs()["int4-r1"]["all pages"], delta=0.006)

    @with_solutions
    def test_without_the_worst_block(self):
        said = streams(cell_with(self.solved, "sparedRise"), "stdout").splitlines()[-1]
        megabytes, percent = re.match(r"([\d.]+) MB, (-?[\d.]+) % above", said).groups()
        self.assertGreater(float(megabytes), self.costs()["int4-r1"]["size (MB)"])
        if IS_REAL:
            self.assertLess(float(percent), 75 * (self.costs()["int4-r1"]["all pages"] - 1))

    @with_solutions
    def test_one_round_is_no_proof(self):
        hasty = cell_with(self.solved, "hasty")
        self.assertIn("from one round nothing is certain", last_shown(hasty))


if __name__ == "__main__":
    unittest.main()
