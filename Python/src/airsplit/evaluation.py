"""Policies judged on draws that they never saw: the same for all, with the optimum beside each round."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from . import _worlds, scenarios
from ._library import estimate
from .errors import NotEnoughData, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

#: The name of a policy of the registry ("exact", "bcd", …), or what gives actions for observations: a function, or an object with
#: ``predict(observation, deterministic=True)`` as stable-baselines3's models are. Who has a parameter ``action_masks`` is given them.
Policy = Union[str, Callable[..., Any], Any]

_METRICS = {"objective": "objective", "regret": "regret", "energy_j": "round_energy_j", "round_time_s": "round_time_s"}


def evaluate(
    policies: Mapping[str, Policy], scenario: scenarios.Scenario = "paper", seeds: int | Iterable[int] = 20, *,
    action: str = "assign", overrides: scenarios.Overrides | None = None, baseline: str | None = None, events: bool = False,
    choose_bits: bool = False, choose_power: int = 0, metrics: Iterable[str] = tuple(_METRICS),
) -> pd.DataFrame:
    """Plays whole episodes of every policy on the same draws.

    A policy that is no name plays ``action`` of ``airsplit.environments``, and all draws side by side: it has to decide by what it
    sees, for what it remembers is of several worlds.

    ``seeds`` are repetitions of the scenario's seed, as ``reset(seed=…)`` takes them, or how many of them from 0. A draw is one run,
    whose figure is the mean over its rounds; means are over draws, with half the width of their 95 % interval by Student's t, and
    ``difference`` is the paired difference to ``baseline`` (the first policy) on the same draws. The numbers are those of
    ``airsplit compare``, which simulates no events either where figures come in closed form; training needs ``events=True``. An
    interval is nan where draws do not differ, which is no evidence. A draw in whose rounds nobody can take part has no regret, and is
    none of that metric's ``draws``.

    Metrics: ``objective`` (U, 1/J), ``regret`` (1 - U / U* of each round), ``energy_j``, ``round_time_s``. Returns one row per policy
    and metric: policy, metric, draws, mean, half_width, difference, difference_half_width; ``frame.attrs["draws"]`` has every draw.
    """
    import pandas as pd
    numbers = _numbers(seeds)
    if not numbers:
        raise NotEnoughData("there are no seeds to play")
    if len(set(numbers)) != len(numbers):
        raise ScenarioError("a seed is given twice; the same draw again is no evidence")
    if not policies:
        raise ScenarioError("there is no policy to play")
    metrics = [metrics] if isinstance(metrics, str) else list(metrics)
    unknown = [metric for metric in metrics if metric not in _METRICS]
    if unknown:
        raise ScenarioError(f"there is no metric {unknown[0]!r}; {', '.join(_METRICS)} are allowed")
    baseline = next(iter(policies)) if baseline is None else baseline
    if baseline not in policies:
        raise ScenarioError(f"the baseline {baseline!r} is no policy; {', '.join(policies)} are")
    deciders = {name: policy if isinstance(policy, str) else _decider(policy) for name, policy in policies.items()}
    plan = {"action": action, "overrides": overrides, "events": events, "choose_bits": choose_bits, "choose_power": choose_power}
    draws = {name: _play(decider, scenario, numbers, **plan) for name, decider in deciders.items()}
    rows = []
    for metric in metrics:
        for name in policies:
            own, other = (np.array(draws[each][metric]) for each in (name, baseline))
            known = own[~np.isnan(own)]
            mean, half = _estimated(known)
            row = {"policy": name, "metric": metric, "draws": len(known), "mean": mean, "half_width": half}
            difference = (np.nan, np.nan) if name == baseline else _estimated(_differences(own, other))
            rows.append({**row, "difference": difference[0], "difference_half_width": difference[1]})
    frame = pd.DataFrame(rows)
    frame.attrs["draws"] = pd.concat(
        [pd.DataFrame({"policy": name, "seed": numbers, **figures}) for name, figures in draws.items()], ignore_index=True)
    return frame


def _differences(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of each draw that both have; what is no more than the rounding of sums is none, as in ``airsplit compare``."""
    both = ~np.isnan(own - other)
    own, other = own[both], other[both]
    return np.where(np.abs(own - other) <= 1e-12 * np.maximum(np.abs(own), np.abs(other)), 0.0, own - other)


def _estimated(values: np.ndarray) -> tuple[float, float]:
    return estimate(values) if values.size else (np.nan, np.nan)


def _numbers(seeds: Any) -> list[int]:
    if isinstance(seeds, str):
        raise ScenarioError(f"seeds is {seeds!r}; a number of them, or whole numbers, are needed")
    if isinstance(seeds, Iterable):
        return [_worlds.repetition(seed) for seed in seeds]
    try:
        return list(range(operator.index(seeds)))
    except TypeError:
        raise ScenarioError(f"seeds is {seeds!r}; a number of them, or whole numbers, are needed") from None


def _play(
    policy: str | Callable[[Any], np.ndarray], scenario: scenarios.Scenario, seeds: list[int], *, action: str,
    overrides: scenarios.Overrides | None, events: bool, choose_bits: bool, choose_power: int,
) -> dict[str, list[float]]:
    """The mean over rounds of each metric, per draw."""
    if isinstance(policy, str):
        worlds = _worlds.opened(
            scenario, overrides, settings=(f"policy={policy}",), seen=False, worlds=len(seeds), events=events, decides="scenario",
            figures=["objective", "objective_optimum", "objective_clairvoyant", "round_energy_j", "round_time_s"])
        play = lambda: worlds.step(None)
    else:
        from ._cell import Cell
        cell = Cell(
            scenario, len(seeds), action=action, overrides=overrides, events=events, choose_bits=choose_bits,
            choose_power=choose_power)
        worlds, play = cell.worlds, lambda: cell.step(policy(cell))
    sums = {metric: np.zeros(len(seeds)) for metric in _METRICS}
    counts = {metric: np.zeros(len(seeds)) for metric in _METRICS}
    with worlds:
        worlds.reset(seeds=seeds)
        over = np.zeros(len(seeds), np.bool_)
        while not over.all():
            if over.any():
                raise ScenarioError("episodes of different lengths cannot be played side by side; leave stop_at_accuracy out")
            play()
            over = worlds.terminated | worlds.truncated
            for metric, figure in _METRICS.items():
                values = _worlds.regret(worlds, np.nan) if metric == "regret" else worlds.figure(figure)
                known = ~np.isnan(values)
                sums[metric][known] += values[known]
                counts[metric][known] += 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return {metric: (sums[metric] / counts[metric]).tolist() for metric in _METRICS}


def _decider(policy: Any) -> Callable[[Any], np.ndarray]:
    """What gives the actions of all worlds of a cell."""
    if hasattr(policy, "predict"):
        decide, keywords = policy.predict, {"deterministic": True}
    elif callable(policy):
        decide, keywords = policy, {}
    else:
        raise ScenarioError(f"{policy!r} is no policy: a name, a function, or an object with predict() is needed")
    try:
        wants_masks = "action_masks" in inspect.signature(decide).parameters
    except (TypeError, ValueError):
        wants_masks = False

    def actions(cell: Any) -> np.ndarray:
        seen = cell.observe()
        masks = cell.masks() if wants_masks else None
        answers = []
        for world in range(cell.worlds.shape[0]):
            observation = {name: array[world] for name, array in seen.items()}
            masked = {} if masks is None else {"action_masks": masks[world]}
            answer = decide(observation, **keywords, **masked)
            answers.append(np.asarray(answer[0] if keywords else answer))
        shapes = {answer.shape for answer in answers}
        if len(shapes) > 1:
            raise ScenarioError(f"a policy's actions have the shapes {sorted(shapes)}; one is needed")
        return np.stack(answers)
    return actions
