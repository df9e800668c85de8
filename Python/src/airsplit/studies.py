"""Many runs: sweeps and comparisons."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _command, _serving, scenarios
from .runs import Policy
from .scenarios import Overrides, Scenario

if TYPE_CHECKING:
    import pandas as pd


def compare(
    scenario: Scenario, policies: Sequence[Policy] | Policy | None = None, *, over: str | None = None,
    values: Sequence[Any] | None = None, baseline: Any = None, metrics: Sequence[str] | str | None = None,
    repetitions: int | None = None, until_halfwidth: str | None = None, overrides: Overrides | None = None,
    jobs: int | None = None, allow_external: bool = False,
) -> pd.DataFrame:
    """Policies, or the values of another key, compared on the same draws, as ``airsplit compare`` does.

    One row per policy (or value) and metric: ``n`` draws, ``mean``, ``ci95_half_width``, and against the ``baseline``
    ``paired_difference`` with its ``paired_ci95_half_width``, ``p``, ``p_adjusted`` (Holm) and ``win_rate``. ``metrics`` are among
    ``airsplit.list_metrics()``. ``scenario`` may be the folder of a sweep. One of the policies may be a function, with its name.

    ``compare("paper", ["exact", "bcd", mine], repetitions=50)``; ``compare("paper", over="framework", values=["sflam", "fl"])``.

    Raises ``NotEnoughData`` for less than two draws that differ.
    """
    from .results import read_exactly
    listed = [policies] if isinstance(policies, str) or callable(policies) else list(policies or [])
    functions = [policy for policy in listed if callable(policy)]
    if len(functions) > 1:
        raise ValueError("one policy of a comparison may be a function; compare several one after another, on the same draws")
    function = functions[0] if functions else None
    name = _serving.name_of(function)
    names = ["external" if callable(policy) else str(policy) for policy in listed]
    words: list[str] = []
    for option, value in {"--policies": names, "--values": values, "--metric": metrics}.items():
        if value:
            words += [option, value if isinstance(value, str) else ",".join(map(_word, value))]
    words += ["--over", over] if over else []
    if baseline is not None:
        words += ["--baseline", "external" if baseline is function or baseline == name and function else _word(baseline)]
    words += ["--repetitions", str(int(repetitions))] if repetitions is not None else []
    words += ["--until-halfwidth", until_halfwidth] if until_halfwidth else []
    # A function lives in this process and answers one run at a time.
    words += ["--jobs", str(int(jobs))] if jobs is not None else []
    words += ["--allow-external"] if allow_external and not function else []
    with _subject(scenario) as (path, renaming), _serving.of(function) as served:
        output = _command.call(
            ["compare", path, "--format", "csv", *words, *served.settings, *scenarios.settings(overrides)],
            renaming={**renaming, **served.renaming}, **served.options)
    frame = read_exactly(output.data)
    if function and over is None:
        frame[frame.columns[0]] = frame[frame.columns[0]].replace("external", name)
    return frame


def sweep(
    scenario: Scenario, grid: Mapping[str, Sequence[Any]] | None = None, *, repetitions: int | None = None,
    out: str | os.PathLike[str] | None = None, overrides: Overrides | None = None, jobs: int | None = None,
    retry: bool = False, allow_external: bool = False,
) -> pd.DataFrame:
    """Every run of a scenario's sweep, on all cores: one row per run, as ``airsplit.load_runs`` has them.

    ``grid`` gives the values of keys: ``{"deadline": ["4 s", "5 s"], "policy": ["exact", "bcd"]}``; without it the scenario's own
    section ``sweep`` holds. A second call into the same ``out`` does only what is missing.
    """
    from .results import load_runs
    words = []
    if grid is not None:
        words += ["--set", f"sweep.grid={scenarios.yaml(dict(grid))}"]
    if repetitions is not None:
        words += ["--set", f"sweep.repetitions={int(repetitions)}"]
    words += ["--jobs", str(int(jobs))] if jobs is not None else []
    words += ["--retry"] if retry else []
    words += ["--allow-external"] if allow_external else []
    with tempfile.TemporaryDirectory(prefix="airsplit-") as temporary, scenarios.file(scenario) as (path, renaming):
        folder = Path(out) if out is not None else Path(temporary) / "sweep"
        _command.call(
            ["sweep", path, "--out", str(folder), "--quiet", *words, *scenarios.settings(overrides)], renaming=renaming)
        return load_runs(folder)


def _subject(scenario: Scenario):
    """The file of a scenario, or a sweep's folder as it is."""
    import contextlib
    if not isinstance(scenario, Mapping) and os.path.isdir(scenario):
        return contextlib.nullcontext((os.fspath(scenario), {}))
    return scenarios.file(scenario)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else scenarios.yaml(value)
