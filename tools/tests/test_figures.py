"""Each figure from a small table of the kind that `airsplit reproduce` writes."""

import contextlib
import io
import itertools
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import figures

POLICIES = [
    "exact", "bcd", "bcd-value", "ep 0.5 W", "ep 1 W", "ep 2 W", "nq", "rb", "bcd-ep 0.5 W", "bcd-ep 1 W",
    "bcd-ep 2 W", "bcd-nq", "bcd-rb"]
GAPS = ["bcd", "bcd restarts 10", "bcd-value", "bcd-value restarts 10"]


def table(path, metrics, **keys):
    lines = [",".join([*keys, "metric", "n", "mean", "ci95_low", "ci95_high", "median", "statistic"])]
    for place, (values, metric) in enumerate(itertools.product(itertools.product(*keys.values()), metrics)):
        mean = 1 + place % 7
        lines.append(",".join([*map(str, values), metric, "3", f"{mean}", f"{mean - 0.5}", f"{mean + 0.5}", f"{mean}", "mean"]))
    path.write_text("\n".join(lines) + "\n")


def tables(folder):
    table(folder / "fig3.csv", ["test_accuracy", "energy_j"], bits=[1, 8], round=[2, 4])
    table(
        folder / "fig4-iterations.csv", ["candidate_energy_j", "participant_energy_j", "objective"],
        deadline_s=[4.0, 5.0, 8.0], **{"pass": [1, 2]})
    allocation = ["participant_energy_j", "objective", "participant_bits", "optimality_gap"]
    table(folder / "fig4-deadline.csv", allocation, deadline_s=[4.0, 5.0], policy=POLICIES)
    table(
        folder / "fig5.csv", [f"round_{part}{unit}" for part in ("compute_", "uplink_", "") for unit in ("time_s", "energy_j")],
        devices=[5, 10], framework=["fl", "sl", "sfl", "sflam"], policy=["fixed", "bcd", "exact"], band=["one-block", "all"])
    table(folder / "fig6.csv", ["test_accuracy"], alpha=[0.1, 0.5], framework=["sflam", "sfl", "sl", "fl", "ll"], round=[2, 4])
    table(folder / "gap-deadline.csv", ["optimality_gap"], deadline_s=[4.0, 5.0], policy=GAPS)
    table(folder / "gap-blocks.csv", ["optimality_gap"], blocks=[2, 5], policy=GAPS)
    table(folder / "gap-devices.csv", ["optimality_gap"], devices=[10, 20], policy=GAPS)
    table(
        folder / "gap-objective.csv", ["optimality_gap"], deadline_s=[4.0, 5.0], objective=["ratio", "difference 2 J"],
        policy=GAPS)
    (folder / "sensitivity.csv").write_text(
        "figure,parameter,source,value,n,base,changed,effect,ci95_low,ci95_high\n"
        "objective,devices.kappa,assumed,1e-28,9,2,1,-1,-1.2,-0.8\nobjective,uplink.fading,assumed,none,9,2,2.5,0.5,0.4,0.6\n"
        "objective,uplink.fading,assumed,{nakagami},9,2,1.5,-0.5,-0.6,-0.4\nobjective,uplink.fading,assumed,rician,9,2,2.1,0.1,0,0.2\n"
        "energy,devices.kappa,assumed,1e-28,9,4,,,,\nenergy,uplink.fading,assumed,none,9,4,5,1,0.5,1.5\n")
    (folder / "factorial.csv").write_text(
        "metric,factor,from,to,with,with_from,with_to,comparisons,n,ratio,ci95_low,ci95_high\n"
        "objective,policies.restricted.bits,optimal,8,,,,4,9,0.5,0.4,0.6\n"
        "objective,framework,sfl,sflam,,,,4,9,2,1.9,2.1\n"
        "objective,framework,sfl,sflam,policy,a,b,4,9,3,2.9,3.1\n"
        "round_time_s,framework,sfl,sflam,,,,4,9,7,6.9,7.1\n")
    columns = ["participation_jain", "step_energy_per_participant_j", "objective"]
    (folder / "fairness.csv").write_text(
        ",".join(["policy", *(c + e for c in columns for e in ("", "_ci95_low", "_ci95_high"))])
        + ",n,on_energy_front,on_objective_front,deadline_s,blocks\n"
        + "".join(
            f"bcd,0.5,0.4,0.6,1,0.9,1.1,{blocks},{blocks - 0.5},{blocks + 0.5},9,yes,no,{deadline},{blocks}\n"
            f"rb,0.9,0.8,1,2,1.9,2.1,3,2,4,9,yes,yes,{deadline},{blocks}\n"
            for blocks in (1, 7) for deadline in (4.0, 5.0, 8.0)))


class Figures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        tables(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_each_is_a_vector_pdf_with_truetype_fonts_and_a_png_of_a_journal_column(self):
        for name in figures.FIGURES:
            with self.subTest(name):
                pdf, png = figures.draw(name, self.folder, self.folder / "out")
                content = pdf.read_bytes()
                self.assertIn(b"/FontFile2", content)
                self.assertNotIn(b"/Type3", content)
                self.assertNotIn(b"/Subtype /Image", content)
                width, = struct.unpack(">I", png.read_bytes()[16:20])
                self.assertIn(width, [round(300 * figures.ONE_COLUMN), round(300 * figures.TWO_COLUMNS)])

    def test_the_same_tables_give_the_same_bytes(self):
        first = [file.read_bytes() for file in figures.draw("fig4-deadline", self.folder, self.folder / "first")]
        second = [file.read_bytes() for file in figures.draw("fig4-deadline", self.folder, self.folder / "second")]
        self.assertEqual(first, second)

    def test_an_effect_stands_beside_its_name_where_a_panel_lacks_others(self):
        figure = figures.factorial(figures.Tables(self.folder))
        names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
        line = figure.axes[1].lines[0]
        self.assertEqual([(names[int(y)], x) for x, y in zip(line.get_xdata(), line.get_ydata())], [
            ("framework: SFL to SFLAM", 7.0)])

    def test_a_tornado_ends_at_the_ends_of_each_range_in_its_order(self):
        table = figures.Tables(self.folder).read("sensitivity.csv").dropna(subset=["effect"])
        bars = figures.ends_of_ranges(figures.of(table, figure="objective"))
        self.assertEqual([(parameter, list(ends["value"])) for parameter, ends, _ in bars], [
            ("uplink.fading", ["none", "{nakagami}"]), ("devices.kappa", ["1e-28"])])

    def test_figures_and_svg_charts_have_the_same_words(self):
        words = (Path(__file__).parent.parent.parent / "Sources/Charts/SeriesName.swift").read_text()
        for path, word in figures.KEYS.items():
            self.assertIn(f'"{path}": "{word}"', words)

    def test_fairness_has_a_column_per_number_of_blocks(self):
        axes = figures.fairness(figures.Tables(self.folder)).axes
        self.assertEqual([panel.get_title() for panel in axes[:2]], ["1 block", "7 blocks"])
        self.assertLess(7, axes[3].get_ylim()[1])

    def test_what_is_missing_or_damaged_is_said(self):
        with tempfile.TemporaryDirectory() as empty:
            self.assertEqual(self.run_main(["--tables", empty])[0], 3)
            code, said = self.run_main(["fig3", "--tables", empty])
            self.assertEqual(code, 2)
            self.assertIn("fig3.csv is missing", said)
            (Path(empty) / "fig3.csv").write_text("a,b\n1,2\n")
            code, said = self.run_main(["fig3", "--tables", empty])
            self.assertEqual(code, 2)
            self.assertIn("a table is damaged", said)

    def run_main(self, arguments):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            code = figures.main(arguments)
        return code, errors.getvalue()


if __name__ == "__main__":
    unittest.main()
