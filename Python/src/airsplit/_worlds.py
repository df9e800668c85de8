"""Worlds of a scenario as people name it."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from . import _command, scenarios
from ._library import Worlds
from .errors import AirSplitError, ScenarioError


def opened(
    scenario: scenarios.Scenario, overrides: scenarios.Overrides | None, *, settings: tuple[str, ...] = (), seen: bool = True,
    out: Any = None, **options: Any,
) -> Worlds:
    """Worlds of a scenario under overrides and further ``settings``; its warnings are warned of, its mistakes raised."""
    with scenarios.file(scenario) as (path, renaming):
        request = {"scenario": path, "overrides": [*scenarios.settings(overrides)[1::2], *settings], **options}
        if out is not None:
            request["out"] = out
        try:
            worlds = Worlds(request, seen=seen)
        except AirSplitError as error:
            lines = _renamed(str(error), renaming).splitlines()
            raise type(error)("\n".join(map(_command._plain, lines))) from None
        _command._warn(_renamed(line, renaming) for line in worlds.about["warnings"])
    return worlds


def repetition(seed: Any) -> int:
    """A seed as the repetition that it is."""
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 1 << 64:
        raise ScenarioError(f"the seed is {seed!r}; a whole number from 0 to 2^64 - 1 is allowed")
    return number


def regret(worlds: Worlds, of_nothing: float = 0.0) -> np.ndarray:
    """1 - U / U* of every world's last round, with the U of who knows the future where there is one; nan without either,
    ``of_nothing`` where nobody could have had more than 0."""
    objective, best = worlds.figure("objective"), worlds.figure("objective_clairvoyant")
    best = np.where(np.isnan(best), worlds.figure("objective_optimum"), best)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(best > 0, 1 - objective / best, np.where(best == 0, of_nothing, np.nan))


def _renamed(text: str, renaming: dict[str, str]) -> str:
    for file, name in renaming.items():
        text = text.replace(file, name)
    return text
