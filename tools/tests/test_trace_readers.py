"""Traces as a run writes them, read by the tools that people have: with no options where those get them right, with the
types of schema.json where they would guess."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from airsplit_results import types

ROOT = Path(__file__).parent.parent.parent
AIRSPLIT = Path(os.environ.get("AIRSPLIT", ROOT / ".build/debug/airsplit"))
#: 3,000 devices, of which none before row 2,730 is admitted, or none at all.
SETTINGS = ["devices.count=3000", "rounds=2", "uplink.blocks=2", "seed=7"]
RUNS = {"late": ["policy=exact", "deadline=4 s"], "nobody": ["policy=rb", "deadline=3.6 s"]}
TEXT = {"outcome", "kind"}


def installed(*names):
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    return unittest.skipUnless(not missing, f"not installed: {', '.join(missing)}")


@unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
class TraceReaders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = Path(cls.scratch.name)
        for name, settings in RUNS.items():
            subprocess.run(
                [AIRSPLIT, "run", ROOT / "scenarios/quickstart.yaml", "--quiet", "--out", cls.folder / name,
                 "--trace", "rounds,devices,events,gains",
                 *(part for setting in SETTINGS + settings for part in ("--set", setting))],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.traces = sorted(cls.folder.glob("*/*.csv"))

    def check(self, trace, kinds):
        """``kinds`` says of each column whether the reader takes it for numbers."""
        self.assertTrue(kinds)
        for column, is_number in kinds.items():
            self.assertEqual(is_number, column not in TEXT, f"{trace.name}: {column}")

    @installed("pandas")
    def test_pandas_without_options(self):
        import pandas as pd
        for trace in self.traces:
            frame = pd.read_csv(trace)
            self.check(trace, {name: pd.api.types.is_numeric_dtype(frame[name]) for name in frame})

    @installed("pandas")
    def test_pandas_with_the_schema(self):
        import pandas as pd
        for trace in self.traces:
            frame = pd.read_csv(trace, dtype=types(trace, "pandas"))
            self.check(trace, {name: pd.api.types.is_numeric_dtype(frame[name]) for name in frame})

    @installed("polars")
    def test_polars_with_the_schema(self):
        import polars as pl
        for trace in self.traces:
            frame = pl.read_csv(trace, schema_overrides=types(trace))
            self.check(trace, {name: frame[name].dtype.is_numeric() for name in frame.columns})
            self.assertEqual(len(frame), len(trace.read_text().splitlines()) - 1)

    @installed("duckdb")
    def test_duckdb_with_the_sql(self):
        import duckdb
        for run in RUNS:
            database = duckdb.connect()
            database.execute((self.folder / run / "schema.sql").read_text())
            for trace in (self.folder / run).glob("*.csv"):
                database.execute(f"copy {trace.stem} from '{trace}'")
                described = database.execute(f"describe {trace.stem}").fetchall()
                self.check(trace, {row[0]: row[1] in ("BIGINT", "DOUBLE") for row in described})
            count, mean = database.execute("select count(power_w), avg(power_w) from devices").fetchone()
            self.assertEqual((count > 0, mean is not None), (run == "late", run == "late"))

    @installed("duckdb")
    def test_duckdb_with_the_schema(self):
        import duckdb
        for trace in self.traces:
            relation = duckdb.read_csv(str(trace), dtype=types(trace, "duckdb"))
            self.check(trace, {name: str(kind) in ("BIGINT", "DOUBLE") for name, kind in zip(relation.columns, relation.types)})

    @installed("pyarrow")
    def test_pyarrow_with_the_schema(self):
        import pyarrow as pa
        from pyarrow import csv
        for trace in self.traces:
            table = csv.read_csv(trace, convert_options=csv.ConvertOptions(column_types=types(trace, "pyarrow")))
            self.check(trace, {
                field.name: pa.types.is_integer(field.type) or pa.types.is_floating(field.type) for field in table.schema})


if __name__ == "__main__":
    unittest.main()
