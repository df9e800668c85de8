"""Runs: the command's bytes, data frames with types, and messages that become exceptions."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

import numpy as np

import airsplit
from airsplit import _command

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "policy": "exact",
        "deadline": "6 s", "rounds": 3}


class Runs(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_same_bytes_as_the_command(self):
        """A run from Python leaves the files that the command leaves."""
        run = airsplit.run("paper", policy="exact", seed=7, rounds=3, trace=["rounds", "devices", "events"])
        scenario = _command.shared_folder("scenarios") / "paper.yaml"
        subprocess.run(
            [_command.program(), "run", scenario, "--policy", "exact", "--seed", "7", "--rounds", "3", "--trace",
             "rounds,devices,events", "--out", self.folder / "run", "--quiet"], check=True, capture_output=True)
        for name in ("rounds.csv", "devices.csv", "events.csv", "schema.json", "scenario.yaml"):
            self.assertEqual((run.folder / name).read_bytes(), (self.folder / "run" / name).read_bytes(), name)

    def test_dict_is_the_file(self):
        """A scenario as a dict, with numbers of numpy, is the file with the same keys."""
        (self.folder / "cell.yaml").write_text(
            "schema: 1\nname: cell\ndevices: {count: 8}\nserver: {}\nuplink: {blocks: 3}\nmodel: {}\npolicy: exact\ndeadline: 6 s\n"
            "rounds: 3\n")
        of_file = airsplit.run(self.folder / "cell.yaml")
        of_dict = airsplit.run({**CELL, "devices": {"count": np.int64(8)}, "rounds": np.int32(3)})
        self.assertEqual((of_file.folder / "devices.csv").read_bytes(), (of_dict.folder / "devices.csv").read_bytes())

    def test_types(self):
        """Columns are integers, floats and words as the traces' schema has them; floats to the last bit."""
        run = airsplit.run(CELL, trace=("rounds", "devices", "events", "gains"))
        self.assertEqual(len(run.rounds), 3)
        self.assertEqual(len(run.devices), 24)
        self.assertEqual(str(run.devices["device"].dtype), "Int64")
        self.assertEqual(str(run.devices["gain_db"].dtype), "float64")
        self.assertEqual(str(run.devices["outcome"].dtype), "str")
        self.assertEqual(set(run.events["kind"]) >= {"forward", "uplink", "server"}, True)
        line = (run.folder / "rounds.csv").read_text().splitlines()
        column = line[0].split(",").index("objective")
        self.assertEqual(repr(float(run.rounds["objective"][0])), line[1].split(",")[column])
        self.assertAlmostEqual(run.summary["objective_mean"], run.rounds["objective"].mean(), places=12)
        self.assertEqual(run.gains["gain_db"].size, 3 * 8 * 3)

    def test_overrides(self):
        """Nested, dotted, and a mapping in the place of a word."""
        run = airsplit.run(CELL, overrides={
            "uplink": {"blocks": 2}, "devices.count": np.int64(5), "uplink.fading": {"nakagami": {"m": 2}}, "name": "zelle-1.5"})
        scenario = run.manifest["scenario"]
        self.assertEqual((scenario["uplink"]["blocks"], scenario["devices"]["count"]), (2, 5))
        self.assertIn("nakagami", scenario["uplink"]["fading"])
        self.assertEqual(run.manifest["name"], "zelle-1.5")

    def test_messages(self):
        """Every mistake, with its key, value and what is allowed; the dict is called so."""
        with self.assertRaises(airsplit.ScenarioError) as raised:
            airsplit.run(CELL, overrides={"uplink": {"fading": "rayliegh"}, "devices.count": 0})
        self.assertIn("did you mean 'rayleigh'?", str(raised.exception))
        self.assertIn("it may be from 1 to 10000000", str(raised.exception))
        for call in (airsplit.run, airsplit.validate, lambda *given, **named: airsplit.evaluate({"exact": "exact"}, *given, seeds=2, **named)):
            with self.assertRaisesRegex(airsplit.ScenarioError, "^overrides: devices.count=0: error: devices.count: '0' is out of range"):
                call(CELL, overrides={"devices.count": 0})
        with self.assertRaisesRegex(airsplit.ScenarioError, r"<dict>:\d+:\d+: error: devices.coun: there is no such key"):
            airsplit.run({**CELL, "devices": {"coun": 3}})
        with self.assertRaisesRegex(airsplit.ScenarioError, "did you mean 'quickstart'"):
            airsplit.run("quickstar")
        with self.assertRaisesRegex(airsplit.NotEnoughData, "an interval needs at least two draws"):
            airsplit.compare(CELL, ["exact"], repetitions=1)
        with self.assertRaisesRegex(TypeError, "complex"):
            airsplit.run(CELL, overrides={"rounds": 1j})

    def test_warnings(self):
        """The program's warnings are Python's, at the caller's line."""
        with self.assertWarnsRegex(airsplit.AirSplitWarning, "excludes .* devices") as warned:
            airsplit.run({**CELL, "deadline": "4 s"})
        self.assertEqual(warned.filename, __file__)

    def test_folder(self):
        """A run without `out` lives in a folder that goes with it; a finished one elsewhere is not overwritten unasked."""
        run = airsplit.run(CELL)
        folder = run.folder
        self.assertTrue(folder.is_dir())
        del run
        self.assertFalse(folder.parent.exists())
        airsplit.run(CELL, out=self.folder / "kept")
        self.assertEqual(len(airsplit.Run(self.folder / "kept").rounds), 3)
        with self.assertRaises(airsplit.ScenarioError):
            airsplit.run(CELL, out=self.folder / "kept")
        airsplit.run(CELL, out=self.folder / "kept", force=True)
        with self.assertRaisesRegex(FileNotFoundError, "trace="):
            airsplit.Run(self.folder / "kept").events

    def test_paths_in_a_dict(self):
        """Files are looked for from the current folder, as the caller sees it."""
        shutil.copytree(_command.shared_folder("scenarios") / "data", self.folder / "data")
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(self.folder)
        scenario = {**CELL, "uplink": {"blocks": 3, "gains": "data/gains.csv"}, "devices": {"file": "data/fleet.csv"}}
        self.assertEqual(airsplit.run(scenario).summary["rounds"], 3)

    def test_explain_and_report(self):
        run = airsplit.run(CELL)
        self.assertIn("Device 0", run.explain(1, 0))
        self.assertIn("<html", run.report().read_text())
        with self.assertRaisesRegex(airsplit.ScenarioError, "there is no round 9"):
            run.explain(9, 0)

    def test_callbacks(self):
        seen = []
        run = airsplit.run(CELL, callbacks=[lambda run: seen.append(run.summary["rounds"])])
        self.assertEqual((seen, repr(run)[:12]), ([3], "<Run of cell"))

    @unittest.skipUnless(threading.current_thread() is threading.main_thread(), "signals reach the main thread")
    def test_interrupt(self):
        """Ctrl-C ends the run after its round with a checkpoint, from which it goes on to the same bytes."""
        out = self.folder / "long"
        scenario = {**CELL, "rounds": 200_000}
        threading.Thread(target=self._interrupt_when_begun, args=(out,), daemon=True).start()
        with self.assertRaisesRegex(KeyboardInterrupt, "interrupted after round"):
            airsplit.run(scenario, out=out)
        rounds = airsplit.results.read_trace(out / "rounds.csv")["round"].max()
        self.assertTrue((out / "checkpoint").is_dir())
        self.assertLess(rounds, 200_000)

    @staticmethod
    def _interrupt_when_begun(out):
        while not (out / "manifest.json.partial").exists():
            time.sleep(0.01)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    def test_no_import_of_pandas(self):
        """`import airsplit` imports nothing that takes time."""
        code = "import sys, airsplit; sys.exit(bool({'numpy', 'pandas'} & set(sys.modules)))"
        subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})

    def test_every_name(self):
        for name in airsplit.__all__:
            with self.subTest(name):
                self.assertIsNotNone(getattr(airsplit, name))
        with self.assertRaises(AttributeError):
            airsplit.rnu

    def test_version(self):
        self.assertEqual(_command.call(["--version"]).text().strip(), airsplit.__version__)


class Studies(unittest.TestCase):
    def test_compare(self):
        frame = airsplit.compare(CELL, ["exact", "ep"], baseline="ep", metrics=["objective"], repetitions=4, overrides={"rounds": 1})
        self.assertEqual(list(frame["policy"]), ["exact", "ep"])
        self.assertGreaterEqual(frame["paired_difference"][0], 0)
        frame = airsplit.compare(CELL, over="uplink.blocks", values=[1, 3], metrics="objective", repetitions=4, overrides={"rounds": 1})
        self.assertEqual(frame.iloc[:, 0].tolist(), [1, 3])

    def test_sweep(self):
        with tempfile.TemporaryDirectory() as folder:
            frame = airsplit.sweep(
                CELL, {"policy": ["exact", "bcd"], "deadline": ["5 s", "6 s"]}, repetitions=2, out=Path(folder) / "sweep")
            self.assertEqual((len(frame), frame.attrs["units"]["deadline"]), (8, "s"))
            self.assertEqual(sorted(frame["deadline"].unique()), [5.0, 6.0])
            self.assertEqual(len(airsplit.compare(Path(folder) / "sweep", metrics="objective")), 4)

    def test_load_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            for policy in ("exact", "ep"):
                airsplit.run(CELL, policy=policy, out=Path(folder) / policy)
            self.assertEqual(len(airsplit.load_runs(folder)), 6)
            self.assertEqual(len(airsplit.load_runs(Path(folder) / "e*")), 6)
            self.assertEqual(len(airsplit.load_runs([Path(folder) / "ep"])), 3)
            with self.assertRaises(FileNotFoundError):
                airsplit.load_runs(Path(folder) / "x*")
            with self.assertRaisesRegex(FileNotFoundError, "nothing"):
                airsplit.load_runs([Path(folder) / "ep", "nothing"])

    def test_channel(self):
        frame = airsplit.channel(CELL, devices=[0, 1], blocks=range(2), stop_s=0.002)
        self.assertEqual(len(frame), 3 * 2 * 2)
        self.assertEqual(str(frame["gain_db"].dtype), "float64")

    def test_lists(self):
        self.assertIn("quickstart", airsplit.list_scenarios())
        self.assertIn("exact", [policy["name"] for policy in airsplit.list_policies()])
        self.assertTrue(airsplit.validate(CELL).startswith("schema: 1"))


class Instances(unittest.TestCase):
    def test_solve(self):
        first, second = airsplit.draw(CELL, 2)
        answer = airsplit.solve(first)
        with_arrays = {**first, "gains": np.array(first["gains"])}
        self.assertEqual(airsplit.solve(with_arrays), answer)
        several = airsplit.solve([first, second], ["exact", "ep"])
        self.assertEqual(several[0]["exact"], answer)
        self.assertGreaterEqual(several[1]["exact"]["objective"], several[1]["ep"]["objective"])
        self.assertIn("ok", airsplit.check(first, answer))
        pair = [{"device": item["device"], "block": item["block"]} for item in answer["assignments"]]
        self.assertIn("ok", airsplit.check([first, second], [pair, []]))
        with self.assertRaises(airsplit.AirSplitError):
            airsplit.check(first, [{"device": 0, "block": 99}])
        with self.assertRaisesRegex(airsplit.ScenarioError, "there is no policy 'exakt'"):
            airsplit.solve(first, "exakt")


if __name__ == "__main__":
    warnings.simplefilter("ignore", airsplit.AirSplitWarning)
    unittest.main()
