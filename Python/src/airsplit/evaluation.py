"""Policies judged on draws that they never saw: the same for all, with the optimum beside each round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from . import scenarios
from ._library import Worlds, estimate
from .errors import NotEnoughData, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

#: The name of a policy of the registry ("exact", "bcd", …), or what gives actions for observations: a function, or an object with
#: ``predict(observation, deterministic=True)`` as stable-baselines3's models are.
Policy = Union[str, Callable[[Mapping[str, np.ndarray]], Any], Any]

_METRICS = {"objective": "objective", "regret": "regret", "energy_j": "round_energy_j", "round_time_s": "round_time_s"}


def evaluate(
    policies: Mapping[str, Policy], scenario: scenarios.Scenario = "paper", seeds: int | Iterable[int] = 20, *,
    action: str = "assign", overrides: scenarios.Overrides | None = None, baseline: str | None = None, events: bool = True,
    choose_bits: bool = False, choose_power: int = 0, metrics: Iterable[str] = tuple(_METRICS),
) -> pd.DataFrame:
    """Plays whole episodes of every policy on the same draws.

    ``seeds`` are repetitions of the scenario's seed, as ``reset(seed=…)`` takes them, or how many of them from 0. A draw is one run,
    whose figure is the mean over its rounds; means are over draws, with half the width of their 95 % interval by Student's t, and
    ``difference`` is the paired difference to ``baseline`` (the first policy) on the same draws. The numbers are those of
    ``airsplit compare``. An interval is nan where draws do not differ, which is no evidence.

    Metrics: ``objective`` (U, 1/J), ``regret`` (1 - U / U* of each round), ``energy_j``, ``round_time_s``. Returns one row per policy
    and metric: policy, metric, draws, mean, half_width, difference, difference_half_width; ``frame.attrs["draws"]`` has every draw.
    """
    import pandas as pd
    numbers = list(range(seeds)) if isinstance(seeds, int) else [int(seed) for seed in seeds]
    if not numbers:
        raise NotEnoughData("there are no seeds to play")
    if len(set(numbers)) != len(numbers):
        raise ScenarioError("a seed is given twice; the same draw again is no evidence")
    if not policies:
        raise ScenarioError("there is no policy to play")
    metrics = list(metrics)
    unknown = [metric for metric in metrics if metric not in _METRICS]
    if unknown:
        raise ScenarioError(f"there is no metric {unknown[0]!r}; {', '.join(_METRICS)} are allowed")
    baseline = next(iter(policies)) if baseline is None else baseline
    if baseline not in policies:
        raise ScenarioError(f"the baseline {baseline!r} is no policy; {', '.join(policies)} are")
    draws = {
        name: _play(policy, scenario, numbers, action, overrides, events, choose_bits, choose_power)
        for name, policy in policies.items()}
    rows = []
    for metric in metrics:
        for name in policies:
            own, other = draws[name][metric], draws[baseline][metric]
            mean, half = estimate(own)
            row = {"policy": name, "metric": metric, "draws": len(numbers), "mean": mean, "half_width": half}
            difference = (np.nan, np.nan) if name == baseline else estimate(np.subtract(own, other))
            rows.append({**row, "difference": difference[0], "difference_half_width": difference[1]})
    frame = pd.DataFrame(rows)
    frame.attrs["draws"] = pd.concat(
        [pd.DataFrame({"policy": name, "seed": numbers, **figures}) for name, figures in draws.items()], ignore_index=True)
    return frame


def _play(
    policy: Policy, scenario: scenarios.Scenario, seeds: list[int], action: str, overrides: scenarios.Overrides | None,
    events: bool, choose_bits: bool, choose_power: int,
) -> dict[str, list[float]]:
    """The mean over rounds of each metric, per draw."""
    if isinstance(policy, str):
        worlds = _scenario_worlds(policy, scenario, overrides, len(seeds), events)
        begin, play = worlds.reset, lambda: worlds.step(None)
    else:
        from .environments import _Cell
        cell = _Cell(
            scenario, len(seeds), action=action, reward="objective", overrides=overrides, events=events, optimum=True,
            on_violation="skip", choose_bits=choose_bits, choose_power=choose_power, threads=1, first=0)
        worlds, begin = cell.worlds, cell.reset
        decide = _decider(policy)
        def play() -> None:
            seen = cell.observe()
            cell.step(np.stack([decide({name: array[world] for name, array in seen.items()}) for world in range(len(seeds))]))
    sums = {metric: np.zeros(len(seeds)) for metric in _METRICS}
    counts = {metric: np.zeros(len(seeds)) for metric in _METRICS}
    with worlds:
        begin(None, seeds)
        while not (worlds.terminated | worlds.truncated).all():
            if (worlds.terminated | worlds.truncated).any():
                raise ScenarioError("episodes of different lengths cannot be played side by side; leave stop_at_accuracy out")
            play()
            figures = {metric: worlds.figure(name) for metric, name in _METRICS.items() if name != "regret"}
            best = worlds.figure("objective_clairvoyant")
            best = np.where(np.isnan(best), worlds.figure("objective_optimum"), best)
            with np.errstate(divide="ignore", invalid="ignore"):
                figures["regret"] = np.where(best > 0, 1 - figures["objective"] / best, np.nan)
            for metric, values in figures.items():
                known = ~np.isnan(values)
                sums[metric][known] += values[known]
                counts[metric][known] += 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return {metric: (sums[metric] / counts[metric]).tolist() for metric in _METRICS}


def _scenario_worlds(
    policy: str, scenario: scenarios.Scenario, overrides: scenarios.Overrides | None, count: int, events: bool
) -> Worlds:
    figures = ["objective", "objective_optimum", "objective_clairvoyant", "round_energy_j", "round_time_s"]
    with scenarios.file(scenario) as (path, _):
        return Worlds({
            "scenario": path, "overrides": [*scenarios.settings(overrides)[1::2], f"policy={policy}"], "worlds": count,
            "events": events, "decides": "scenario", "figures": figures})


def _decider(policy: Any) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    if hasattr(policy, "predict"):
        return lambda observation: np.asarray(policy.predict(observation, deterministic=True)[0])
    if callable(policy):
        return lambda observation: np.asarray(policy(observation))
    raise ScenarioError(f"{policy!r} is no policy: a name, a function, or an object with predict() is needed")
