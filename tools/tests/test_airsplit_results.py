"""Tables as AirSplit writes them, read back as data frames."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from airsplit_results import load_runs

RUNS = """\
point,name,repetition,deadline,policy,devices.count,round_time_s,step_energy_j,bits_mean,objective,rounds,target_round
0,"deadline=500ms,policy=bcd",0,500 ms,bcd,5,1.5,0.1,,0.30000000000000004,1,
0,"deadline=500ms,policy=bcd",1,500 ms,bcd,5,1.25,0.2,12.5,0.1,1,
1,"deadline=4s,policy=exact",0,4 s,exact,10,2.5,0.3,8.0,1e-29,1,7
"""

ROUNDS = """\
round,round_time_s,devices_selected,bits_mean,late
1,2.5,3,8.0,
2,3.5,4,,1
"""


class LoadRuns(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = Path(self.scratch.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_a_sweep_is_a_row_a_run_with_types_and_units(self):
        self.write("runs.csv", RUNS)
        runs = load_runs(self.folder)
        self.assertEqual(len(runs), 3)
        self.assertEqual(str(runs["repetition"].dtype), "int64")
        self.assertEqual(list(runs["deadline"]), [0.5, 0.5, 4.0])
        self.assertEqual(list(runs["devices.count"]), [5.0, 5.0, 10.0])
        self.assertEqual(str(runs["policy"].dtype), "category")
        self.assertEqual(list(runs["policy"].cat.categories), ["bcd", "exact"])
        self.assertEqual(runs["name"].iloc[2], "deadline=4s,policy=exact")
        self.assertEqual(runs["objective"].iloc[0], 0.30000000000000004)
        self.assertEqual(runs["objective"].iloc[2], 1e-29)
        self.assertTrue(runs["bits_mean"].isna().iloc[0])
        self.assertEqual(str(runs["rounds"].dtype), "Int64")
        self.assertEqual(runs["target_round"].iloc[2], 7)
        self.assertTrue(runs["target_round"].isna().iloc[0])
        units = runs.attrs["units"]
        self.assertEqual(set(units), set(runs.columns))
        self.assertEqual(
            [units[name] for name in ("deadline", "round_time_s", "step_energy_j", "bits_mean", "objective", "policy")],
            ["s", "s", "J", "bit", "1", ""])

    def test_values_of_several_kinds_stay_words(self):
        self.write("runs.csv", RUNS.replace("500 ms", "null").replace(",bcd,", ",1,").replace(",exact,", ",1 W,"))
        runs = load_runs(self.folder)
        self.assertEqual(list(runs["deadline"].astype(str)), ["null", "null", "4 s"])
        self.assertEqual(str(runs["policy"].dtype), "category")

    def test_run_folders_are_a_row_a_round(self):
        self.write("a/seed-1/rounds.csv", ROUNDS)
        self.write("b/rounds.csv", ROUNDS.replace("3.5", "4.5"))
        rounds = load_runs(str(self.folder))
        self.assertEqual(list(rounds["run"]), ["a/seed-1", "a/seed-1", "b", "b"])
        self.assertEqual(list(rounds["round_time_s"]), [2.5, 3.5, 2.5, 4.5])
        self.assertEqual(str(rounds["round"].dtype), "int64")
        self.assertTrue(rounds["late"].isna().iloc[0])
        self.assertEqual(rounds.attrs["units"]["round_time_s"], "s")
        self.assertEqual(rounds.attrs["units"]["run"], "")
        self.assertEqual(list(load_runs(self.folder / "b")["run"]), [".", "."])

    def test_columns_that_are_not_known_come_with_the_rest(self):
        self.write("run/rounds.csv", ROUNDS.replace(",late", ",late,colour").replace("8.0,", "8.0,,red").replace(",,1", ",,1,blue"))
        rounds = load_runs(self.folder / "run")
        self.assertEqual(list(rounds["colour"]), ["red", "blue"])
        self.assertEqual(rounds.attrs["units"]["colour"], "")

        lines = RUNS.splitlines()
        self.write("runs.csv", "".join(f"{line},{more}\n" for line, more in zip(lines, ["new_j", "5.5", "", "7"])))
        runs = load_runs(self.folder)
        self.assertEqual(runs["new_j"].iloc[0], 5.5)
        self.assertTrue(runs["new_j"].isna().iloc[1])
        self.assertEqual(runs.attrs["units"]["new_j"], "J")

    def test_what_is_no_result_is_said(self):
        with self.assertRaisesRegex(FileNotFoundError, "no runs.csv"):
            load_runs(self.folder)
        with self.assertRaisesRegex(FileNotFoundError, "no such folder"):
            load_runs(self.folder / "absent")
        self.write("runs.csv", "a,b\n1,2\n")
        with self.assertRaisesRegex(ValueError, "no table of a sweep's runs: it lacks point, name, repetition, round_time_s$"):
            load_runs(self.folder)
        self.write("run/rounds.csv", ROUNDS.replace("round,", "rnd,", 1))
        with self.assertRaisesRegex(ValueError, "no trace of rounds: it lacks round$"):
            load_runs(self.folder / "run")
        self.write("runs.csv", RUNS.replace("0.30000000000000004", "0.3x"))
        with self.assertRaisesRegex(ValueError, "damaged: column objective"):
            load_runs(self.folder)
        self.write("runs.csv", "")
        with self.assertRaisesRegex(ValueError, "damaged"):
            load_runs(self.folder)


if __name__ == "__main__":
    unittest.main()
