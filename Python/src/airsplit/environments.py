"""Gymnasium environments in which one step is one round, and every reward comes with the round's optimum.

    import airsplit, gymnasium
    environment = gymnasium.make("airsplit/Round-v0", scenario="quickstart", action="scores")
    observation, info = environment.reset(seed=0)          # the world of `airsplit run --repetition 0`
    observation, reward, terminated, truncated, info = environment.step(environment.action_space.sample())
    info["objective"], info["optimum"], info["regret"]

``gymnasium.make_vec("airsplit/Round-v0", num_envs=64, vectorization_mode="vector_entry_point", scenario=…)`` plays many worlds in
one process; an episode's end and the next one's beginning are one step there (``AutoresetMode.SAME_STEP``), so that no step is lost.

Observations, float32 (N devices, K blocks; a vector environment puts the worlds first):

====================  ========  ==================================================================
``gains_db``          (N, K)    10 log10 h as a policy is told it; ``NO_LINK_DB`` where there is no link
``compute_time_s``    (N,)      T_n^dev of a step at the device's own clock
``server_time_s``     (N,)      T^srv of a step
``power_min_w``       (N,)      least and
``power_max_w``       (N,)      largest power
``data_share``        (N,)      rho_n
``rounds_idle``       (N,)      rounds since the device last completed one
====================  ========  ==================================================================

Actions:

``assign``  MultiDiscrete per block: device 0…N-1, or N for none. With ``choose_bits`` another K numbers follow, 0 for the best and
            i for the i-th level; with ``choose_power=L`` K more, 0 for the best and l for the l-th of L powers from p_min to p_max,
            evenly in dB. What is left open is chosen in closed form so that the objective is largest.
``scores``  Box(-1, 1, (N,)): from the highest score down a device is admitted as long as all can meet the deadline on blocks of
            their own; below 0 it is not. Blocks, bits and powers are then the best.
``bits``    MultiDiscrete per device: 0 for no part, or i for the i-th level; a matching finds the best blocks.

Rewards: ``objective`` (U, 1/J), ``-regret`` (U / U* - 1, with the U of who knows the future where the scenario asks for it), ``-joules``
(all devices' energy of the round), ``accuracy`` (what the test accuracy gained, with a trainer), or a function of the round's info.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union

import gymnasium
import numpy as np
from gymnasium import spaces

from . import scenarios
from ._library import BITS, BLOCKS, SCORES, Worlds
from .errors import ScenarioError

#: What ``gains_db`` has where a link is not there.
NO_LINK_DB = -400.0
_LARGEST = float(np.finfo(np.float32).max)

_FIGURES = {
    "objective": "objective", "optimum": "objective_optimum", "clairvoyant": "objective_clairvoyant",
    "energy_j": "round_energy_j", "round_time_s": "round_time_s", "participants": "devices_selected",
    "completed": "devices_completed", "late": "late", "violations": "violations", "test_accuracy": "test_accuracy",
}

#: A reward by name, or a function of the info of a round.
Reward = Union[str, Callable[[Mapping[str, Any]], float]]


class _Cell:
    """Worlds with the spaces of one of them: what the environments share."""

    def __init__(
        self, scenario: scenarios.Scenario, worlds: int, *, action: str, reward: Reward, overrides: scenarios.Overrides | None,
        events: bool, optimum: bool, on_violation: str, choose_bits: bool, choose_power: int, threads: int, first: int,
        out: str | None = None,
    ) -> None:
        if action not in ("assign", "scores", "bits"):
            raise ScenarioError(f"action is {action!r}; 'assign', 'scores' and 'bits' are allowed")
        if action != "assign" and (choose_bits or choose_power):
            raise ScenarioError("choose_bits and choose_power belong to the action 'assign'")
        if choose_power < 0 or choose_power == 1:
            raise ScenarioError(f"choose_power is {choose_power}; 0, or a number of powers from 2, is allowed")
        rewards = {"objective": _objective, "-regret": _regret, "-joules": _joules, "accuracy": _accuracy}
        if not callable(reward) and reward not in rewards:
            raise ScenarioError(f"reward is {reward!r}; {', '.join(map(repr, rewards))} or a function is allowed")
        self.reward = reward if callable(reward) else rewards[reward]
        self.action, self.choose_bits, self.choose_power = action, choose_bits, choose_power
        options = {
            "worlds": worlds, "threads": threads, "first": first, "events": events, "no_link_db": NO_LINK_DB,
            "optimum": optimum or reward == "-regret", "on_violation": on_violation, "figures": list(_FIGURES.values())}
        if out is not None:
            options["out"] = out
        with scenarios.file(scenario) as (path, _):
            self.worlds = Worlds({"scenario": path, "overrides": scenarios.settings(overrides)[1::2], **options})
        self.levels = np.array(self.worlds.about["bits"], np.int32)
        _, N, K = self.worlds.shape
        L = len(self.levels)
        positive = {"low": 0.0, "high": _LARGEST, "shape": (N,), "dtype": np.float32}
        self.observation_space = spaces.Dict({
            "gains_db": spaces.Box(NO_LINK_DB, -NO_LINK_DB, (N, K), np.float32),
            **{name: spaces.Box(**positive) for name in (
                "compute_time_s", "server_time_s", "power_min_w", "power_max_w", "data_share", "rounds_idle")}})
        if action == "scores":
            self.action_space = spaces.Box(-1.0, 1.0, (N,), np.float32)
        elif action == "bits":
            self.action_space = spaces.MultiDiscrete(np.full(N, L + 1))
        else:
            parts = [N + 1] + ([L + 1] if choose_bits else []) + ([choose_power + 1] if choose_power else [])
            self.action_space = spaces.MultiDiscrete(np.repeat(parts, K))
        self.accuracy = np.zeros(worlds)

    def observe(self) -> dict[str, np.ndarray]:
        """What can be seen of all worlds, in arrays of its own."""
        worlds = self.worlds
        seen = {name: worlds.column(name).astype(np.float32) for name in (
            "compute_time_s", "server_time_s", "power_min_w", "power_max_w", "data_share")}
        return {"gains_db": worlds.gains_db.copy(), **seen, "rounds_idle": worlds.idle_rounds.astype(np.float32)}

    def reset(self, which: np.ndarray | None = None, seeds: Sequence[int] | None = None) -> None:
        self.worlds.reset(which, seeds)
        self.accuracy[slice(None) if which is None else which] = 0

    def step(self, actions: np.ndarray) -> None:
        """Plays a round by an array of actions (W, …) of ``action_space``."""
        W, N, K = self.worlds.shape
        actions = np.asarray(actions)
        if actions.shape != (W, *self.action_space.shape):
            raise ScenarioError(f"the action has the shape {actions.shape[1:]}; {self.action_space.shape} is needed")
        if self.action == "scores":
            self.worlds.step(SCORES, scores=actions)
            return
        limits = self.action_space.nvec
        if not (np.issubdtype(actions.dtype, np.integer) and (actions >= 0).all() and (actions < limits).all()):
            raise ScenarioError(f"the action has to be whole numbers from 0 to below {limits.max()}")
        if self.action == "bits":
            self.worlds.step(BITS, bits=np.concatenate(([0], self.levels)).astype(np.int32)[actions])
            return
        devices = actions[:, :K].astype(np.int32)
        devices[devices == N] = -1
        rest, bits, power = actions[:, K:], None, None
        if self.choose_bits:
            bits, rest = np.concatenate(([0], self.levels)).astype(np.int32)[rest[:, :K]], rest[:, K:]
        if self.choose_power:
            share = (rest - 1) / (self.choose_power - 1)
            world = np.arange(W)[:, None]
            low, high = (self.worlds.column(name)[world, devices] for name in ("power_min_w", "power_max_w"))
            with np.errstate(divide="ignore", invalid="ignore"):
                power = np.where(rest == 0, np.nan, np.clip(low * (high / low) ** share, low, high))
        self.worlds.step(BLOCKS, devices=devices, bits=bits, power_w=power)

    def masks(self) -> np.ndarray:
        """Which numbers of a discrete action can do anything (W, sum of nvec); taking no part always can."""
        W, N, K = self.worlds.shape
        if self.action == "scores":
            raise ScenarioError("scores have no masks")
        none = np.ones((W, 1), np.bool_)
        if self.action == "bits":
            can = self.levels[None, None, :] <= self.worlds.bits_most[:, :, None]
            return np.concatenate((np.ones((W, N, 1), np.bool_), can), axis=2).reshape(W, -1)
        usable = self.worlds.usable.transpose(0, 2, 1)
        parts = [np.concatenate((usable, np.ones((W, K, 1), np.bool_)), axis=2).reshape(W, -1)]
        rest = self.action_space.nvec[K:].sum()
        return np.concatenate((*parts, np.repeat(none, rest, axis=1)), axis=1)

    def info(self) -> dict[str, np.ndarray]:
        """What the last round came to, by name (W,); what no world has is left out."""
        worlds = self.worlds
        info = {name: worlds.figure(figure).copy() for name, figure in _FIGURES.items()}
        best = np.where(np.isnan(info["clairvoyant"]), info["optimum"], info["clairvoyant"])
        with np.errstate(divide="ignore", invalid="ignore"):
            info["regret"] = np.where(best > 0, 1 - info["objective"] / best, np.where(best == 0, 0.0, np.nan))
        reached = np.where(np.isnan(info["test_accuracy"]), self.accuracy, info["test_accuracy"])
        info["accuracy_gained"] = reached - self.accuracy
        self.accuracy = reached
        info["time_s"] = worlds.time_s.copy()
        return {name: array for name, array in info.items() if not np.isnan(array).all()}


def _objective(info: Mapping[str, Any]) -> Any:
    return info["objective"]


def _regret(info: Mapping[str, Any]) -> Any:
    return -info["regret"]


def _joules(info: Mapping[str, Any]) -> Any:
    return -info["energy_j"]


def _accuracy(info: Mapping[str, Any]) -> Any:
    return info["accuracy_gained"]


class RoundEnv(gymnasium.Env):
    """One world: ``airsplit/Round-v0``, as this module says.

    - ``scenario``: a path, the name of a shipped scenario, or a dict; ``overrides`` are laid over it.
    - ``action``, ``choose_bits``, ``choose_power``, ``reward``: see there.
    - ``events``: whether a round's events are simulated, to the bits of ``airsplit run``; otherwise its figures come in closed form
      where that is known, twice as fast and the same but for rounding.
    - ``optimum``: whether each round comes with U*.
    - ``on_violation``: what becomes of assignments that break a constraint: ``skip`` leaves them out, ``penalty`` makes it nobody's
      round, ``error`` raises.
    - ``out``: a folder for the first episode, as ``airsplit run`` writes it.

    ``reset(seed=r)`` begins the repetition r of the scenario's seed; without one, the repetition that follows. An episode is truncated
    after the scenario's ``rounds``, and terminated where ``training.stop_at_accuracy`` is reached.
    """

    metadata = {"render_modes": []}

    def __init__(
        self, scenario: scenarios.Scenario = "paper", *, action: str = "assign", reward: Reward = "objective",
        overrides: scenarios.Overrides | None = None, events: bool = True, optimum: bool = True, on_violation: str = "skip",
        choose_bits: bool = False, choose_power: int = 0, threads: int = 1, out: str | None = None,
        render_mode: str | None = None,
    ) -> None:
        if render_mode is not None:
            raise ScenarioError(f"render_mode is {render_mode!r}; there is nothing to see")
        self._cell = _Cell(
            scenario, 1, action=action, reward=reward, overrides=overrides, events=events, optimum=optimum,
            on_violation=on_violation, choose_bits=choose_bits, choose_power=choose_power, threads=threads, first=0, out=out)
        self.observation_space, self.action_space = self._cell.observation_space, self._cell.action_space
        self.render_mode = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict, dict]:
        super().reset(seed=seed)
        self._cell.reset(seeds=None if seed is None else [seed])
        return self._observe(), {}

    def step(self, action: Any) -> tuple[dict, float, bool, bool, dict]:
        self._cell.step(np.asarray(action)[None])
        info = {name: values[0].item() for name, values in self._cell.info().items()}
        worlds = self._cell.worlds
        info["devices"], info["values"] = worlds.block_devices[0].copy(), worlds.values[0].copy()
        return (self._observe(), float(self._cell.reward(info)), bool(worlds.terminated[0]), bool(worlds.truncated[0]), info)

    def action_masks(self) -> np.ndarray:
        """Which numbers of the action can do anything, as sb3-contrib's MaskablePPO asks."""
        return self._cell.masks()[0]

    @property
    def worlds(self) -> Worlds:
        """The world's arrays, gains and what each device has among them."""
        return self._cell.worlds

    def close(self) -> None:
        self._cell.worlds.close()

    def _observe(self) -> dict[str, np.ndarray]:
        return {name: array[0] for name, array in self._cell.observe().items()}


class RoundVectorEnv(gymnasium.vector.VectorEnv):
    """Many worlds in one process, ``threads`` of them at a time: the vector form of ``airsplit/Round-v0``.

    World i of ``reset(seed=r)`` is the repetition r + i; an episode that begins by itself is the repetition that follows the
    last that was begun. In the step that ends an episode, ``infos["final_obs"]`` and ``infos["final_info"]`` are the old one's, the observation is
    the new one's. What ``RoundEnv`` takes, this takes.
    """

    metadata = {"render_modes": [], "autoreset_mode": gymnasium.vector.AutoresetMode.SAME_STEP}

    def __init__(
        self, num_envs: int = 1, scenario: scenarios.Scenario = "paper", *, action: str = "assign", reward: Reward = "objective",
        overrides: scenarios.Overrides | None = None, events: bool = True, optimum: bool = True, on_violation: str = "skip",
        choose_bits: bool = False, choose_power: int = 0, threads: int = 1, render_mode: str | None = None,
    ) -> None:
        if render_mode is not None:
            raise ScenarioError(f"render_mode is {render_mode!r}; there is nothing to see")
        self._cell = _Cell(
            scenario, num_envs, action=action, reward=reward, overrides=overrides, events=events, optimum=optimum,
            on_violation=on_violation, choose_bits=choose_bits, choose_power=choose_power, threads=threads, first=0)
        self.num_envs, self.render_mode = num_envs, None
        self.single_observation_space, self.single_action_space = self._cell.observation_space, self._cell.action_space
        self.observation_space = gymnasium.vector.utils.batch_space(self.single_observation_space, num_envs)
        self.action_space = gymnasium.vector.utils.batch_space(self.single_action_space, num_envs)

    def reset(
        self, *, seed: int | Sequence[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict, dict]:
        super().reset(seed=seed if isinstance(seed, int) else None)
        seeds = [seed + world for world in range(self.num_envs)] if isinstance(seed, (int, np.integer)) else seed
        self._cell.reset(seeds=None if seeds is None else list(seeds))
        return self._cell.observe(), {}

    def step(self, actions: Any) -> tuple[dict, np.ndarray, np.ndarray, np.ndarray, dict]:
        cell, worlds = self._cell, self._cell.worlds
        cell.step(actions)
        info = cell.info()
        reward = np.asarray(cell.reward(info), dtype=np.float64)
        terminated, truncated = worlds.terminated.copy(), worlds.truncated.copy()
        over = terminated | truncated
        observation = cell.observe()
        if over.any():
            final = {name: array.copy() for name, array in observation.items()}
            cell.reset(which=over)
            observation = cell.observe()
            info = {
                **info, "final_obs": final, "_final_obs": over, "final_info": {**info, **{f"_{name}": over for name in info}},
                "_final_info": over}
        return observation, reward, terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """Which numbers of the actions can do anything (worlds, sum of nvec)."""
        return self._cell.masks()

    @property
    def worlds(self) -> Worlds:
        """The worlds' arrays."""
        return self._cell.worlds

    def close_extras(self, **_: Any) -> None:
        self._cell.worlds.close()
