"""Runs of one scenario and their traces."""

from __future__ import annotations

import functools
import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from . import _command, _serving, scenarios
from .scenarios import Overrides, Scenario

if TYPE_CHECKING:
    import pandas as pd

    from .policies import Problem

#: A policy's name, or a function from a problem to who takes part: see ``airsplit.policies``.
Policy = Union[str, "Callable[[Problem], Iterable[Any]]"]


class Run:
    """A run in its folder: ``Run("results/quickstart")``, or what ``airsplit.run`` returns.

    Traces are read when they are first asked for. Their columns and units are those of the program's page "Trace columns"; the
    end of a name is its unit (``_s``, ``_j``, ``_w``, ``_bps``).
    """

    def __init__(self, folder: str | os.PathLike[str], *, policy: Policy | None = None, temporary: bool = False) -> None:
        #: Where the traces are. Without ``out`` they are gone with this object.
        self.folder = Path(folder)
        self._policy = policy if callable(policy) else None
        if temporary:
            weakref.finalize(self, _remove, self.folder.parent, os.getpid())

    @functools.cached_property
    def manifest(self) -> dict[str, Any]:
        """``manifest.json``: the resolved scenario, seed, version, summary, warnings."""
        with open(self.folder / "manifest.json", encoding="utf-8") as file:
            return json.load(file)

    @property
    def summary(self) -> dict[str, Any]:
        """The whole run's figures: ``duration_s``, ``energy_j``, ``objective_mean``, ``optimality_gap_mean``, …"""
        return self.manifest["summary"]

    @functools.cached_property
    def rounds(self) -> pd.DataFrame:
        """One row per round."""
        return self._trace("rounds")

    @functools.cached_property
    def devices(self) -> pd.DataFrame:
        """One row per round and device."""
        return self._trace("devices")

    @functools.cached_property
    def events(self) -> pd.DataFrame:
        """One row per event, in order; only of a run with ``trace=("rounds", "devices", "events")``."""
        return self._trace("events")

    @functools.cached_property
    def gains(self) -> pd.DataFrame:
        """Gains in dB, one row per round, device and block; only of a run with ``"gains"`` among its traces."""
        return self._trace("gains")

    @functools.cached_property
    def tensors(self) -> pd.DataFrame:
        """One row per tensor on the air; only of a run that trains, with ``"tensors"`` among its traces."""
        return self._trace("tensors")

    def explain(self, round: int, device: int | str) -> str:
        """Why a device (from 0, or its name) did or did not take part in a round (from 1), in sentences with numbers."""
        words = ["explain", str(self.folder), "--round", str(int(round)), "--device",
                 device if isinstance(device, str) else str(int(device))]
        with _serving.of(self._policy) as served:
            # A program that the folder names is not started: the folder may be a stranger's.
            return _command.call([*words, *served.permission], renaming=served.renaming, **served.options).text()

    def report(self, path: str | os.PathLike[str] | None = None) -> Path:
        """Writes an HTML page of the run that needs no other file, and returns where: in the folder unless given."""
        page = Path(path) if path is not None else self.folder / "report.html"
        _command.call(["report", str(self.folder), "--out", str(page)])
        return page

    def _trace(self, name: str) -> pd.DataFrame:
        from .results import read_trace
        path = self.folder / f"{name}.csv"
        if not path.is_file():
            kept = [file for file in self.manifest["traces"]]
            raise FileNotFoundError(
                f"the run in {self.folder} has no {name}.csv, only {', '.join(kept) or 'none'}; "
                f"airsplit.run(…, trace=(…, '{name}')) writes it")
        return read_trace(path)

    def __repr__(self) -> str:
        try:
            manifest = self.manifest
        except (OSError, ValueError):
            return f"Run({str(self.folder)!r})"
        return (f"<Run of {manifest['name']}: framework {manifest['framework']}, policy {manifest['policy']}, "
                f"seed {manifest['seed']}, {manifest['summary'].get('rounds')} rounds, in {self.folder}>")


def run(
    scenario: Scenario, policy: Policy | None = None, seed: int | None = None, rounds: int | None = None,
    overrides: Overrides | None = None, out: str | os.PathLike[str] | None = None, *, framework: str | None = None,
    repetition: int = 0, trace: str | Sequence[str] = ("rounds", "devices"), threads: int | None = None,
    checkpoint_every: int | str | None = None, save_weights: str | os.PathLike[str] | None = None,
    allow_external: bool = False, force: bool = False, callbacks: Iterable[Callable[[Run], Any]] = (),
) -> Run:
    """Simulates a scenario, as ``airsplit run`` does: the same seed gives the same bytes.

    ``scenario`` is a path, the name of a shipped scenario, or a dict with the keys of a scenario file. ``overrides`` are laid over
    it: ``{"deadline": "4.2 s", "uplink": {"blocks": 5}, "devices.count": 20}``; quantities are strings with their unit.

    ``policy`` is a name (``airsplit.list_policies()``) or a function from an ``airsplit.Problem`` to who takes part.

    ``out`` is the folder of the results; without it they lie in a temporary one that lives as long as the ``Run``. A finished run
    there is replaced only with ``force``. ``trace`` names what is written: ``rounds``, ``devices``, ``events``, ``gains``,
    ``tensors``, ``bcd``, ``timeline``. ``callbacks`` are called with the finished run: see ``airsplit.callbacks``.

    Ctrl-C ends the run after its round, with a checkpoint in ``out`` for ``airsplit.resume``.

    Raises ``ScenarioError`` for bad input, ``RunError`` where the run fails, and whatever a ``policy`` function raises.
    """
    names = [trace] if isinstance(trace, str) else list(trace)
    words = ["--trace", ",".join(names), "--repetition", str(int(repetition)), "--quiet", "--format", "json"]
    options = {"--seed": seed, "--rounds": rounds, "--framework": framework, "--threads": threads,
               "--checkpoint-every": checkpoint_every, "--save-weights": save_weights}
    for option, value in options.items():
        if value is not None:
            words += [option, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    words += ["--force"] if force else []
    words += ["--allow-external"] if allow_external and not callable(policy) else []
    folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="airsplit-")) / "run"
    try:
        with scenarios.file(scenario) as (path, renaming), _serving.of(policy) as served:
            _command.call(
                ["run", path, "--out", str(folder), *words, *served.arguments, *scenarios.settings(overrides)],
                renaming={**renaming, **served.renaming}, **served.options)
    except BaseException:
        if out is None:
            shutil.rmtree(folder.parent, ignore_errors=True)
        raise
    result = Run(folder, policy=policy, temporary=out is None)
    for callback in callbacks:
        callback(result)
    return result


def resume(
    folder: str | os.PathLike[str], rounds: int | None = None, *, policy: Policy | None = None, allow_external: bool = False,
) -> Run:
    """Goes on with the run in a folder, which ends with the same bytes as one that was never stopped; ``rounds`` may make it
    longer. ``policy`` is the function that the run began with, if it was one."""
    words = ["run", "--resume", os.fspath(folder), "--quiet", "--format", "json"]
    words += ["--rounds", str(int(rounds))] if rounds is not None else []
    words += ["--allow-external"] if allow_external and not callable(policy) else []
    with _serving.of(policy if callable(policy) else None) as served:
        _command.call([*words, *served.permission], renaming=served.renaming, **served.options)
    return Run(folder, policy=policy)


def _remove(folder: Path, owner: int) -> None:
    # A forked process has the object too, and ends earlier.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
