"""Results as data frames.

    runs = airsplit.load_runs("results/deadline-sweep")
    runs.groupby(["deadline", "policy"], observed=True)["objective"].mean()
    runs.attrs["units"]["objective"], runs.attrs["units"]["step_energy_j"]     # '1', 'J'

What the columns of a trace hold, for readers that guess it from the first rows:

    from airsplit import types
    polars.read_csv("run/devices.csv", schema_overrides=types("run/devices.csv"))
    pyarrow.csv.read_csv("run/devices.csv", convert_options=ConvertOptions(column_types=types("run/devices.csv", "pyarrow")))
    pandas.read_csv("run/devices.csv", dtype=types("run/devices.csv", "pandas"))
    duckdb.read_csv("run/devices.csv", dtype=types("run/devices.csv", "duckdb"))
"""

from __future__ import annotations

import glob
import importlib
import json
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

import pandas as pd

__all__ = ["load_runs", "types"]

#: What the end of a column's name says of its unit.
SUFFIXES = {"_s": "s", "_j": "J", "_w": "W", "_hz": "Hz", "_m": "m", "_byte": "B", "_bits": "bit"}
#: Columns whose unit is not in their name.
UNITS = {"bits_mean": "bit", "bits": "bit"}
#: Units of quantities in scenarios: the SI unit, and what one of them is in it.
QUANTITIES = {
    name: (unit, factor)
    for unit, names in {
        "s": {"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60, "h": 3600},
        "W": {"W": 1, "mW": 1e-3, "uW": 1e-6, "kW": 1e3},
        "J": {"J": 1, "mJ": 1e-3, "uJ": 1e-6, "kJ": 1e3, "MJ": 1e6, "Wh": 3600},
        "Hz": {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
        "m": {"m": 1, "km": 1e3, "cm": 1e-2},
        "bit": {"bit": 1, "kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9, "B": 8, "kB": 8e3, "MB": 8e6, "GB": 8e9},
        "dB": {"dB": 1}, "dBm": {"dBm": 1}, "dBm/Hz": {"dBm/Hz": 1}, "W/Hz": {"W/Hz": 1},
    }.items()
    for name, factor in names.items()
}
#: Metrics that count: whole numbers, absent in runs without them.
COUNTS = {"rounds", "late", "target_round"}


#: How each reader calls the types of schema.json.
TYPES = {
    "polars": {"integer": "Int64", "number": "Float64", "string": "String"},
    "pyarrow": {"integer": "int64", "number": "float64", "string": "string"},
    "pandas": {"integer": "Int64", "number": "float64", "string": "str"},
    "duckdb": {"integer": "BIGINT", "number": "DOUBLE", "string": "VARCHAR"},
}


def types(trace: str | os.PathLike[str], reader: str = "polars") -> dict[str, Any]:
    """What the columns of a trace hold, from the ``schema.json`` beside it: a dict from column to the reader's own type.

    ``reader`` is ``polars``, ``pyarrow``, ``pandas`` or ``duckdb``; for the first two, which want types rather than their
    names, it must be installed.

    Raises FileNotFoundError where there is no schema.json beside the trace, as in folders of older runs, and KeyError where
    that does not know the trace.
    """
    trace = Path(trace)
    schema = json.loads((trace.parent / "schema.json").read_text())
    tables = {resource["path"]: resource["schema"]["fields"] for resource in schema["resources"]}
    names = TYPES[reader]
    known = {field["name"]: names[field["type"]] for field in tables[trace.name]}
    if reader == "polars":
        polars = importlib.import_module("polars")
        return {name: getattr(polars, kind) for name, kind in known.items()}
    if reader == "pyarrow":
        pyarrow = importlib.import_module("pyarrow")
        return {name: getattr(pyarrow, kind)() for name, kind in known.items()}
    return known


def load_runs(folders: Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]]) -> pd.DataFrame:
    """The runs of a folder, of several, or of a pattern such as ``results/paper-*``, as a data frame.

    A sweep's folder gives one row per run, from its ``runs.csv``: ``point`` and ``repetition`` as integers, ``name`` and
    words that vary as categories, numbers and quantities that vary (``3.6 s``) as floats in SI units, metrics as floats,
    NaN where a run has none, counts as pandas' ``Int64``.

    Any other folder gives one row per round of all run folders in it, from their ``rounds.csv``, with the run's path in the
    category ``run``: relative to the folder, or as it was named where several are.

    ``attrs["units"]`` maps each column to its unit: ``1`` for plain numbers, ``""`` for words. Columns that are not known
    here come with the rest.

    Raises FileNotFoundError where the folder holds neither, ValueError where a table is damaged or lacks columns, which are
    named.
    """
    if isinstance(folders, (str, os.PathLike)):
        folder = Path(folders)
        if folder.is_dir() or not glob.has_magic(os.fspath(folders)):
            return _load(folder)
        found = sorted(glob.glob(os.fspath(folders)))
        if not found:
            raise FileNotFoundError(f"no folder is named like {os.fspath(folders)}")
        folders = found
    names = {os.fspath(folder): sorted(Path(folder).rglob("rounds.csv")) for folder in folders}
    missing = [name for name, paths in names.items() if not paths]
    if missing or not names:
        raise FileNotFoundError(f"{', '.join(missing) or 'the list of folders'} holds no rounds.csv of a run")
    return _rounds({path: path.parent.as_posix() for paths in names.values() for path in paths})


def _load(folder: Path) -> pd.DataFrame:
    if (folder / "runs.csv").is_file():
        return _sweep(folder / "runs.csv")
    paths = sorted(folder.rglob("rounds.csv"))
    if not paths:
        raise FileNotFoundError(
            f"{folder} holds no runs.csv of a sweep and no rounds.csv of a run"
            + ("" if folder.is_dir() else ": there is no such folder"))
    return _rounds({path: path.parent.relative_to(folder).as_posix() for path in paths})


def read_trace(path: Path) -> pd.DataFrame:
    """A trace of a run: integers, floats and words as ``schema.json`` beside it has them, to the last digit."""
    return read_exactly(path, dtype=types(path, "pandas"))


def read_exactly(source: Any, **options: Any) -> pd.DataFrame:
    """A table of the program's, to the last digit."""
    # From 3.1 on pandas reads like that by itself, and warns of whoever asks for it.
    if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
        options["float_precision"] = "round_trip"
    return pd.read_csv(source, **options)


def _read(path):
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error


def _sweep(path):
    texts = _read(path)
    columns = list(texts.columns)
    missing = [name for name in ("point", "name", "repetition", "round_time_s") if name not in columns]
    if missing:
        raise ValueError(f"{path} is no table of a sweep's runs: it lacks {', '.join(missing)}")
    first = columns.index("round_time_s")
    units, data = {}, {}
    for column in columns:
        text = texts[column]
        if column in ("point", "repetition"):
            data[column], units[column] = _numbers(path, text).astype("int64"), "1"
        elif column == "name":
            data[column], units[column] = text.astype("category"), ""
        elif columns.index(column) < first:
            data[column], units[column] = _varying(text)
        else:
            numbers = _numbers(path, text)
            data[column] = numbers.round().astype("Int64") if column in COUNTS else numbers
            units[column] = _unit(column)
    frame = pd.DataFrame(data)
    frame.attrs["units"] = units
    return frame


def _rounds(names):
    """One row per round of the traces, each with the name of its run."""
    parts = []
    for path, name in names.items():
        texts = _read(path)
        if "round" not in texts.columns:
            raise ValueError(f"{path} is no trace of rounds: it lacks round")
        words = _words(path)
        part = pd.DataFrame({
            column: texts[column].astype("category") if column in words else _plain(path, texts[column])
            for column in texts.columns})
        part.insert(0, "run", name)
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    frame["run"] = frame["run"].astype("category")
    frame.attrs["units"] = {
        column: "" if frame[column].dtype in ("category", "object", "str") else _unit(column) for column in frame.columns}
    return frame


def _numbers(path, text):
    try:
        # Python's float, since pandas' reader may be off by the last digit.
        return pd.Series([float(value) if value else math.nan for value in text], index=text.index, dtype="float64")
    except ValueError as error:
        raise ValueError(f"{path} is damaged: column {text.name}: {error}") from error


def _words(path):
    """The columns of a trace that hold words, as far as a schema beside it says."""
    try:
        return {name for name, kind in types(path, "pandas").items() if kind == "str"}
    except (FileNotFoundError, KeyError):
        return set()


def _plain(path, text):
    """Integers where all are, floats where all are numbers or absent, else categories."""
    try:
        numbers = _numbers(path, text)
    except ValueError:
        return text.astype("category")
    known = text[text != ""]
    if len(known) == len(text) and text.str.fullmatch(r"[+-]?\d{1,15}").all():
        return numbers.astype("int64")
    return numbers


def _varying(text):
    """What a sweep varies: numbers, quantities of one kind in SI, or words."""
    split = text.str.extract(r"^\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*(\S*)\s*$")
    kinds = {QUANTITIES.get(unit) if unit else ("1", 1) for unit in split[1].fillna("?").unique()}
    if None in kinds or len({kind[0] for kind in kinds}) != 1:
        return text.astype("category"), ""
    factors = split[1].map(lambda unit: QUANTITIES[unit][1] if unit else 1)
    return split[0].map(float).astype("float64") * factors.astype("float64"), next(iter(kinds))[0]


def _unit(column):
    if column in UNITS:
        return UNITS[column]
    return next((unit for suffix, unit in SUFFIXES.items() if column.endswith(suffix)), "1")
