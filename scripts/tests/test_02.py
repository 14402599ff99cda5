"""Notebook 02, experiments with config values: what it shows has to be true, whatever the figures are."""
import unittest

import nbformat
from lessons import cell_with, last_shown, numbers, rows, run
from notebooks import NOTEBOOKS, ROOT, code_cells, folder_of_its_own, read, streams

EXPERIMENTS = NOTEBOOKS / "02-config-experiments.ipynb"
CONFIGS = 9
ROUNDS = 3  # two that are far apart leave a speed without an interval


def with_three_rounds(folder):
    """The notebook with fewer rounds, and one for the sweeps of its solutions."""
    notebook = read(EXPERIMENTS)
    cell = cell_with(code_cells(notebook), "repetitions(5)")
    cell.source = cell.source.replace("repetitions(5)", f"repetitions({ROUNDS})")
    notebook.cells.insert(-1, nbformat.v4.new_code_cell("experiment = experiment.repetitions(1);"))
    path = folder / "three-rounds.ipynb"
    nbformat.write(notebook, path)
    return path


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        keep = cell_with(code_cells(read(EXPERIMENTS)), "ConfigFile.save").source
        made_up = 'advice = new Advice(Map.of("NUM_STREAMS", "2", "CACHE_DIR", ""), true, "made up");'
        with folder_of_its_own() as folder:
            cls.cells, cls.solved, (cls.lengths, cls.sampling, _, cls.kept) = run(
                with_three_rounds(folder), "lengths", 'Tables.of("whole", sampling)', made_up, keep)
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
            values = [line for line in last_shown(cell).splitlines() if line.startswith("  ")]
            self.assertEqual(len(values), CONFIGS)
            for value in values:
                self.assertRegex(value, r": [\d,.]+ \(<?[\d,.]+ to [\d,.]+\)$")
            self.assertIn("image/png", cell.outputs[-1].data)

    def test_what_was_asked_for_is_in_force(self):
        effective = [*self.table("var effective ="), *self.table("var parallel =")]
        asked = [(row["config"].split("="), row) for row in effective if "=" in row["config"]]
        checked = [self.assertEqual(row[key], value) for (key, value), row in asked if key in row]
        self.assertEqual(len(checked), 6)  # all but EXECUTION_MODE_HINT and CACHE_DIR

    def test_runs_are_kept_with_where_they_come_from_and_not_repeated(self):
        [name] = [name for name in self.files if name.startswith("demo-int4-CPU-2") and "again" not in name]
        header, *lines = self.files[name].splitlines()
        self.assertEqual(len(lines), CONFIGS * ROUNDS)
        for column in ("date", "CPU", "threads", "OpenVINO", "Java", "ovchat", "device", "model"):
            self.assertIn(column, header.split(","))
        self.assertIn(f"The file has {CONFIGS * ROUNDS} rows.", self.said("var resumed ="))
        self.assertNotIn(str(ROOT), "".join(self.files.values()))

    def test_the_same_again_is_compared(self):
        for row in self.table("compareWith"):
            self.assertLessEqual(float(row["at least"]), float(row["ratio"]))
            self.assertLessEqual(float(row["ratio"]), float(row["at most"]))
            self.assertEqual(row["same text"], "yes")

    def test_advice_is_kept_only_where_there_is_one(self):
        found = self.said("Advisor.advise").startswith("Take ")
        self.assertTrue(found or self.said("Advisor.advise").startswith("No difference found"))
        self.assertEqual(found, "chosen-config.json holds" in self.said("ConfigFile.save"))
        self.assertIn("chosen-config.json holds {CACHE_DIR=, NUM_STREAMS=2}", streams(self.kept, "stdout"))
        self.assertIn('"NUM_STREAMS" : "2"', self.files["chosen-config.json"])

    def test_lengths_and_sampling_are_tried_one_by_one(self):
        self.assertEqual(numbers(rows(self.lengths), "new tokens"), [32, 64, 128, 256, 512] * 3)
        different = {(row["config"], float(row["temperature"])): int(row["different answers"])
                     for row in rows(self.sampling)}
        self.assertEqual(len(different), 15)
        self.assertEqual(different["top-p = 0.5", 0.5], 1)  # the demo model is sure of what it learned
        self.assertEqual(different["top-p = 1.0", 2.5], 10)

    def test_three_weight_formats_are_made_and_compared(self):
        weights = self.table("var weights =")
        self.assertEqual([row["format"] for row in weights], ["int4", "int8", "fp16"])
        sizes, perplexities = numbers(weights, "size (MB)"), numbers(weights, "perplexity")
        self.assertEqual(sizes, sorted(sizes))
        self.assertLess(max(perplexities), 1.05 * min(perplexities))
        self.assertRegex(self.said("weightFormat(format)"), r"""(?x)
            ^\./model/demo/int4\ is\ there\ already\.\n
            \./model/demo/int8:\ .*;\ 100\ %\ INT8_SYM\n
            \./model/demo/fp16:\ .*;\ 100\ %\ F16\n$""")

    def test_one_round_is_no_proof(self):
        hasty = cell_with(self.solved, "hasty")
        self.assertIn("from one round nothing is certain", last_shown(hasty))


if __name__ == "__main__":
    unittest.main()
