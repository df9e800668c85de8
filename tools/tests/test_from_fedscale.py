"""FedScale's traces become tables of AirSplit, and a file that is no such trace is refused before it can do anything."""

import collections
import os
import pickle
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "tools/python/from_fedscale.py"
AIRSPLIT = Path(os.environ.get("AIRSPLIT", ROOT / ".build/debug/airsplit"))
sys.path.insert(0, str(SCRIPT.parent))

import from_fedscale  # noqa: E402


def client(active, inactive, finish=100):
    """As FedScale writes one."""
    return {"duration": 3, "inactive": inactive, "finish_time": finish, "active": active, "model": "CPH1801"}


TRACE = {1: client([10, 40], [20, 60]), 7: client([0, 30], [5, 50], 50), 3: client([5], [5]), 4: client([90], [])}


def is_active(trace, time):
    """FedScale's rule: whether a client is there, both ends included."""
    place = time % trace["finish_time"]
    return any(on <= place <= off for on, off in zip(trace["active"], trace["inactive"]))


class Callable:
    def __reduce__(self):
        return os.mkdir, (str(Path(tempfile.gettempdir()) / "made-by-a-pickle"),)


class FromFedScale(unittest.TestCase):
    def refusal(self, value):
        """Why a trace, or the bytes of one, is refused."""
        data = value if isinstance(value, bytes) else pickle.dumps(value)
        with self.assertRaises(from_fedscale.Refused) as caught:
            from_fedscale.table(from_fedscale.read(data))
        return str(caught.exception)

    def test_every_protocol_gives_the_same_rows(self):
        tables = [from_fedscale.table(from_fedscale.read(pickle.dumps(TRACE, protocol))) for protocol in range(6)]
        self.assertTrue(all(table == tables[0] for table in tables))
        self.assertEqual(tables[0].rows, [
            (0, 10, 20), (0, 40, 60), (1, 0, 5), (1, 30, 55), (1, 80, 100), (3, 90, 100)])
        self.assertEqual((tables[0].devices, tables[0].until, tables[0].never), (4, 100, 1))

    def test_devices_are_there_when_fedscale_says_so(self):
        rows = from_fedscale.table(TRACE, devices=6, until=1000).rows
        for device in range(6):
            trace = list(TRACE.values())[device % 4]
            if device % 4 == 3:
                continue
            for time in range(1000):
                ours = any(on <= time < off for owner, on, off in rows if owner == device)
                # An instant of leaving, and a span without time, are FedScale's alone.
                if not ours and is_active(trace, time):
                    self.assertIn(time % trace["finish_time"], trace["inactive"])
                else:
                    self.assertEqual(ours, is_active(trace, time), f"device {device} at {time} s")

    def test_a_pickle_that_names_anything_is_refused_before_it_acts(self):
        made = Path(tempfile.gettempdir()) / "made-by-a-pickle"
        for protocol in range(6):
            self.assertIn("it names", self.refusal(pickle.dumps({1: Callable()}, protocol)))
            self.assertFalse(made.exists())
        self.assertIn("it names collections.OrderedDict", self.refusal(collections.OrderedDict(a=1)))
        self.assertIn("outside of the file", self.refusal(b"\x80\x04K\x01Q."))

    def test_what_is_no_trace_is_refused_in_words(self):
        for value, reason in [
            (b"", "no pickle that can be read"), (b"device,on_s,off_s\n", "no pickle that can be read"),
            (pickle.dumps(TRACE)[:-20], "no pickle that can be read"),
            ([1, 2], "holds a value of the type list, and no dictionary of clients"),
            ({}, "holds an empty dictionary"), ({1: [2]}, "client 1 is a value of the type list, and no dictionary"),
            ({1: client([1], ["2"])}, "client 1: inactive[0] is a value of the type str, and no number"),
            ({1: client([True], [2])}, "client 1: active[0] is a value of the type bool"),
            ({1: client([-1], [2])}, "client 1: active[0] is -1; allowed are 0 to 1000000000 seconds"),
            ({1: client([float("nan")], [2.0])}, "client 1: active[0] is nan"),
            ({1: client([1], [10**4000])}, "client 1: inactive[0] is a number of many digits"),
            ({"a": client([1, 2, 3], [4])}, "client 'a' comes 3 times and leaves 1 times"),
            ({1: client([1], [2], 0)}, "client 1: finish_time is 0"),
            ({1: {"finish_time": 3}}, "client 1 has no list 'active'"),
            ({1: client([3], [3])}, "no client ever comes"),
            ({1: client([0], [1], 1e-3), 2: client([0], [1], 1e9)}, "make more than 20000000 rows"),
        ]:
            self.assertIn(reason, self.refusal(value))

    def test_few_bytes_that_ask_for_much_memory(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace"
            for bomb in (b"\x80\x04}r\xff\xff\xff\x7f.", b"\x80\x05\x96" + struct.pack("<Q", 1 << 40) + b"."):
                path.write_bytes(bomb)
                done = subprocess.run([sys.executable, SCRIPT, path, "-"], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, "^error: .*trace: it (takes too much memory|is no pickle|holds)")

    def test_a_table_without_a_trace(self):
        done = subprocess.run([sys.executable, SCRIPT, "nowhere", "-"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "error: nowhere: No such file or directory\n"))

    @unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
    def test_airsplit_reads_the_table(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "trace").write_bytes(pickle.dumps(TRACE))
            done = subprocess.run(
                [sys.executable, SCRIPT, "trace", "table.csv", "--devices", "50"], cwd=folder, check=True,
                capture_output=True, text=True)
            said = "50 devices, 12 of them never there; availability: {file: table.csv, period: 100 s}\n"
            self.assertEqual(done.stderr, said)
            setting = "devices.availability=" + said.split("availability: ")[1].strip().replace(
                "table.csv", f"{folder}/table.csv")
            run = subprocess.run(
                [AIRSPLIT, "run", ROOT / "scenarios/quickstart.yaml", "--quiet", "--out", f"{folder}/run",
                 "--set", setting, "--set", "devices.count=50", "--set", "rounds=2"], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            first = (Path(folder) / "run/rounds.csv").read_text().splitlines()
            place = first[0].split(",").index("devices_available")
            self.assertEqual(first[1].split(",")[place], "13")


if __name__ == "__main__":
    unittest.main()
