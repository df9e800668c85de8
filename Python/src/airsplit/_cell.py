"""Worlds with the spaces of one of them: what the environments share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union

import numpy as np
from gymnasium import spaces

from . import _worlds, scenarios
from ._library import BITS, BLOCKS, SCORES
from .errors import ScenarioError

#: What ``gains_db`` has where a link is not there.
NO_LINK_DB = -400.0
LARGEST = float(np.finfo(np.float32).max)
#: What an observation has of each device, in order, behind its gains; the last two where devices come and go, and where
#: they have batteries.
_COLUMNS = ("compute_time_s", "server_time_s", "power_min_w", "power_max_w", "data_share", "rounds_idle", "available",
            "battery_j")

_FIGURES = {
    "objective": "objective", "optimum": "objective_optimum", "clairvoyant": "objective_clairvoyant",
    "energy_j": "round_energy_j", "round_time_s": "round_time_s", "participants": "devices_selected",
    "completed": "devices_completed", "late": "late", "violations": "violations", "test_accuracy": "test_accuracy",
}

#: A reward by name, or a function of the info of a round.
Reward = Union[str, Callable[[Mapping[str, Any]], Any]]

_REWARDS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "objective": lambda info: info["objective"],
    "-regret": lambda info: -info["regret"],
    "-joules": lambda info: -info["energy_j"],
    "accuracy": lambda info: info["accuracy_gained"],
}

#: Repetitions that begin without a seed lie from here on below the limit of ``airsplit run --repetition``: what somebody judges
#: with, counted from 0, was never played before.
_DRAWN = (1 << 23, 1 << 24)


def draw(random: np.random.Generator, count: int) -> list[int]:
    """Repetitions for those who name none."""
    return random.integers(*_DRAWN, count).tolist()


class Cell:
    """Worlds with the spaces of one of them."""

    def __init__(
        self, scenario: scenarios.Scenario, worlds: int, *, action: str, reward: Reward = "objective",
        overrides: scenarios.Overrides | None = None, events: bool = True, optimum: bool = True, on_violation: str = "skip",
        choose_bits: bool = False, choose_power: int = 0, threads: int = 1, out: str | None = None,
    ) -> None:
        if action not in ("assign", "scores", "bits"):
            raise ScenarioError(f"action is {action!r}; 'assign', 'scores' and 'bits' are allowed")
        if action != "assign" and (choose_bits or choose_power):
            raise ScenarioError("choose_bits and choose_power belong to the action 'assign'")
        if not isinstance(choose_power, (int, np.integer)) or choose_power < 0 or choose_power == 1:
            raise ScenarioError(f"choose_power is {choose_power!r}; 0, or a number of powers from 2, is allowed")
        if not callable(reward) and reward not in _REWARDS:
            raise ScenarioError(f"reward is {reward!r}; {', '.join(map(repr, _REWARDS))} or a function is allowed")
        self._reward = reward if callable(reward) else _REWARDS[reward]
        self.action, self.choose_bits, self.choose_power = action, bool(choose_bits), int(choose_power)
        self.worlds = _worlds.opened(
            scenario, overrides, worlds=worlds, threads=threads, events=events, no_link_db=NO_LINK_DB,
            optimum=optimum or reward == "-regret", on_violation=on_violation, figures=list(_FIGURES.values()), out=out)
        self.levels = np.array(self.worlds.about["bits"], np.int32)
        W, N, K = self.worlds.shape
        L = len(self.levels)
        self.columns = [name for name in _COLUMNS if name == "rounds_idle" or name in self.worlds.columns]
        self.observation_space = spaces.Dict({
            "gains_db": spaces.Box(NO_LINK_DB, -NO_LINK_DB, (N, K), np.float32),
            **{name: spaces.Box(0.0, 1.0 if name == "available" else LARGEST, (N,), np.float32) for name in self.columns}})
        if action == "scores":
            self.action_space = spaces.Box(-1.0, 1.0, (N,), np.float32)
        elif action == "bits":
            self.action_space = spaces.MultiDiscrete(np.full(N, L + 1))
        else:
            parts = [N + 1] + ([L + 1] if choose_bits else []) + ([choose_power + 1] if choose_power else [])
            self.action_space = spaces.MultiDiscrete(np.repeat(parts, K))
        self.repetitions = np.zeros(W, np.uint64)
        self._accuracy = np.zeros(W)

    def __reduce__(self) -> Any:
        return self.worlds.__reduce__()

    def observe(self) -> dict[str, np.ndarray]:
        """What can be seen of all worlds, in arrays of its own."""
        worlds = self.worlds
        return {
            "gains_db": worlds.gains_db.copy(),
            **{name: (worlds.idle_rounds if name == "rounds_idle" else worlds.column(name)).astype(np.float32)
               for name in self.columns}}

    def reset(self, repetitions: Sequence[int], which: np.ndarray | None = None) -> None:
        """Begins the worlds of the mask ``which``, or all; ``repetitions`` are of all worlds."""
        self.worlds.reset(which, repetitions)
        begun = slice(None) if which is None else which
        self.repetitions[begun] = np.array(repetitions, np.uint64)[begun]
        self._accuracy[begun] = 0

    def step(self, actions: np.ndarray) -> dict[str, np.ndarray]:
        """Plays a round by an array of actions (W, …) of ``action_space``; returns what it came to."""
        W, N, K = self.worlds.shape
        actions = np.asarray(actions)
        if actions.shape != (W, *self.action_space.shape):
            raise ScenarioError(f"the action has the shape {actions.shape[1:]}; {self.action_space.shape} is needed")
        if self.action == "scores":
            if not (np.issubdtype(actions.dtype, np.number) and np.isrealobj(actions)) or np.isnan(actions).any():
                raise ScenarioError("the action has to be numbers, and none may be nan")
            self.worlds.step(SCORES, scores=actions)
            return self._info()
        limits = self.action_space.nvec
        if not np.issubdtype(actions.dtype, np.integer) or (actions < 0).any() or (actions >= limits).any():
            raise ScenarioError(f"the action has to be whole numbers from 0 to below {_range(limits)}")
        actions = actions.astype(np.int32)
        bits_of = np.concatenate(([0], self.levels)).astype(np.int32)
        if self.action == "bits":
            self.worlds.step(BITS, bits=bits_of[actions])
            return self._info()
        devices, rest, bits, power = actions[:, :K].copy(), actions[:, K:], None, None
        devices[devices == N] = -1
        if self.choose_bits:
            bits, rest = bits_of[rest[:, :K]], rest[:, K:]
        if self.choose_power:
            share = (rest - 1) / (self.choose_power - 1)
            world = np.arange(W)[:, None]
            low, high = (self.worlds.column(name)[world, devices] for name in ("power_min_w", "power_max_w"))
            with np.errstate(divide="ignore", invalid="ignore"):
                power = np.where(rest == 0, np.nan, np.clip(low * (high / low) ** share, low, high))
        self.worlds.step(BLOCKS, devices=devices, bits=bits, power_w=power)
        return self._info()

    def masks(self) -> np.ndarray:
        """Which numbers of a discrete action can do anything (W, sum of nvec); taking no part always can."""
        W, N, K = self.worlds.shape
        if self.action == "scores":
            raise ScenarioError("scores have no masks")
        self.worlds.check_begun()
        if self.action == "bits":
            can = self.levels[None, None, :] <= self.worlds.bits_most[:, :, None]
            return np.concatenate((np.ones((W, N, 1), np.bool_), can), axis=2).reshape(W, -1)
        usable = self.worlds.usable.transpose(0, 2, 1)
        rest = self.action_space.nvec[K:].sum()
        devices = np.concatenate((usable, np.ones((W, K, 1), np.bool_)), axis=2).reshape(W, -1)
        return np.concatenate((devices, np.ones((W, rest), np.bool_)), axis=1)

    def reward(self, info: Mapping[str, Any], shape: tuple[int, ...]) -> np.ndarray:
        """What the round is worth, a number per world."""
        reward = np.asarray(self._reward(info))
        if reward.shape != shape or not np.issubdtype(reward.dtype, np.number) and reward.dtype != np.bool_:
            raise ScenarioError(f"the reward is {reward!r}; {'a number' if not shape else f'{shape[0]} numbers'} are needed")
        return reward.astype(np.float64)

    def _info(self) -> dict[str, np.ndarray]:
        """What the last round came to, by name (W,); what no world has is left out."""
        worlds = self.worlds
        info = {name: worlds.figure(figure).copy() for name, figure in _FIGURES.items()}
        info["regret"] = _worlds.regret(worlds)
        reached = np.where(np.isnan(info["test_accuracy"]), self._accuracy, info["test_accuracy"])
        info["accuracy_gained"] = reached - self._accuracy
        self._accuracy = reached
        info["time_s"] = worlds.time_s.copy()
        info = {name: array for name, array in info.items() if not np.isnan(array).all()}
        info["repetition"] = self.repetitions.copy()
        return info


def _range(limits: np.ndarray) -> str:
    distinct = np.unique(limits)
    return str(distinct[0]) if len(distinct) == 1 else f"those of the action space, {limits.tolist()}"
