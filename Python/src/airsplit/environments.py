"""Gymnasium environments in which one step is one round, and every reward comes with the round's optimum.

    import airsplit, gymnasium
    environment = gymnasium.make("airsplit/Round-v0", scenario="quickstart", action="scores")
    observation, info = environment.reset(seed=0)          # the world of `airsplit run --repetition 0`
    observation, reward, terminated, truncated, info = environment.step(environment.action_space.sample())
    info["objective"], info["optimum"], info["regret"]

``gymnasium.make_vec("airsplit/Round-v0", num_envs=64, vectorization_mode="vector_entry_point", scenario=…)`` plays many worlds in
one process; an episode's end and the next one's beginning are one step there (``AutoresetMode.SAME_STEP``), so that no step is lost.

Observations, float32 (N devices, K blocks; a vector environment puts the worlds first):

====================  ========  ===========================================================================
``gains_db``          (N, K)    10 log10 h as a policy is told it; ``NO_LINK_DB`` where there is no link
``compute_time_s``    (N,)      T_n^dev of a step at the device's own clock
``server_time_s``     (N,)      T^srv of a step
``power_min_w``       (N,)      least and
``power_max_w``       (N,)      largest power
``data_share``        (N,)      rho_n
``rounds_idle``       (N,)      rounds since the device last completed one
``available``         (N,)      1 where the device is there, 0 where it is away; only with ``devices.availability``
``battery_j``         (N,)      what is in the device's battery when the round begins; only with ``devices.battery``
====================  ========  ===========================================================================

Actions:

``assign``  MultiDiscrete per block: device 0…N-1, or N for none. With ``choose_bits`` another K numbers follow, 0 for the best and
            i for the i-th level; with ``choose_power=L`` K more, 0 for the best and l for the l-th of L powers from p_min to p_max,
            evenly in dB. What is left open is chosen in closed form so that the objective is largest.
``scores``  Box(-1, 1, (N,)): from the highest score down a device is admitted as long as all can meet the deadline on blocks of
            their own; below 0 it is not. Blocks, bits and powers are then the best.
``bits``    MultiDiscrete per device: 0 for no part, or i for the i-th level; a matching finds the best blocks.

Rewards: ``objective`` (U, 1/J), ``-regret`` (U / U* - 1, with the U of who knows the future where the scenario asks for it), ``-joules``
(all devices' energy of the round), ``accuracy`` (what the test accuracy gained, with a trainer), or a function of the round's info,
whose entries are arrays over worlds in a vector environment.

A seed is a repetition of the scenario's own seed. Without one a repetition from 2^23 to 2^24 - 1 is drawn, by what the last seed
determines; so environments side by side never play the same, and what was trained on them never saw the seeds that people count from 0.
``info["repetition"]`` says which it is, for ``airsplit run --repetition``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np

from . import scenarios
from ._cell import NO_LINK_DB, Cell, Reward, draw
from ._library import Worlds
from ._worlds import repetition
from .errors import ScenarioError

__all__ = ["NO_LINK_DB", "Reward", "RoundEnv", "RoundVectorEnv"]


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

    ``reset(seed=r)`` begins the repetition r of the scenario's seed. An episode is truncated after the scenario's ``rounds``, and
    terminated where ``training.stop_at_accuracy`` is reached; what is seen then is the round that would follow.
    """

    metadata = {"render_modes": []}

    def __init__(
        self, scenario: scenarios.Scenario = "paper", *, action: str = "assign", reward: Reward = "objective",
        overrides: scenarios.Overrides | None = None, events: bool = True, optimum: bool = True, on_violation: str = "skip",
        choose_bits: bool = False, choose_power: int = 0, threads: int = 1, out: str | None = None,
        render_mode: str | None = None,
    ) -> None:
        _check_render_mode(render_mode)
        self._cell = Cell(
            scenario, 1, action=action, reward=reward, overrides=overrides, events=events, optimum=optimum,
            on_violation=on_violation, choose_bits=choose_bits, choose_power=choose_power, threads=threads, out=out)
        self.observation_space, self.action_space = self._cell.observation_space, self._cell.action_space
        self.render_mode = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict, dict]:
        if seed is not None:
            seed = repetition(seed)
        super().reset(seed=seed)
        self._cell.reset(draw(self.np_random, 1) if seed is None else [seed])
        return self._observe(), {"repetition": int(self._cell.repetitions[0])}

    def step(self, action: Any) -> tuple[dict, float, bool, bool, dict]:
        worlds = self._cell.worlds
        info = {name: values[0].item() for name, values in self._cell.step(np.asarray(action)[None]).items()}
        info["devices"], info["values"] = worlds.block_devices[0].copy(), worlds.values[0].copy()
        reward = float(self._cell.reward(info, ()))
        return self._observe(), reward, bool(worlds.terminated[0]), bool(worlds.truncated[0]), info

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

    World i of ``reset(seed=r)`` is the repetition r + i; an episode that begins by itself is one that is drawn. In the step that ends
    an episode, ``infos["final_obs"]`` and ``infos["final_info"]`` are the old one's, the observation is the new one's, and the other
    infos are those of the round that was played, but for ``repetition``. ``options={"reset_mask": …}`` resets some of the worlds;
    with ``autoreset=False`` nothing else does (``AutoresetMode.DISABLED``, which gymnasium's vector wrappers of observations ask for).
    What ``RoundEnv`` takes, this takes, but for ``out``.
    """

    metadata = {"render_modes": [], "autoreset_mode": gymnasium.vector.AutoresetMode.SAME_STEP}

    def __init__(
        self, num_envs: int = 1, scenario: scenarios.Scenario = "paper", *, action: str = "assign", reward: Reward = "objective",
        overrides: scenarios.Overrides | None = None, events: bool = True, optimum: bool = True, on_violation: str = "skip",
        choose_bits: bool = False, choose_power: int = 0, threads: int = 1, autoreset: bool = True,
        render_mode: str | None = None,
    ) -> None:
        _check_render_mode(render_mode)
        if not autoreset:
            self.metadata = {**self.metadata, "autoreset_mode": gymnasium.vector.AutoresetMode.DISABLED}
        self._resets = bool(autoreset)
        self._cell = Cell(
            scenario, num_envs, action=action, reward=reward, overrides=overrides, events=events, optimum=optimum,
            on_violation=on_violation, choose_bits=choose_bits, choose_power=choose_power, threads=threads)
        self.num_envs, self.render_mode = self._cell.worlds.shape[0], None
        self.single_observation_space, self.single_action_space = self._cell.observation_space, self._cell.action_space
        self._all = np.ones(self.num_envs, np.bool_)
        self._all.flags.writeable = False
        self.observation_space = gymnasium.vector.utils.batch_space(self.single_observation_space, self.num_envs)
        self.action_space = gymnasium.vector.utils.batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict, dict]:
        which = (options or {}).get("reset_mask")
        if which is not None and np.asarray(which).dtype != np.bool_:
            raise ScenarioError(f"'reset_mask' is {which!r}; a bool per world is needed")
        self._cell.reset(self._repetitions(seed), which)
        return self._cell.observe(), self._marked({"repetition": self._cell.repetitions.copy()})

    def step(self, actions: Any) -> tuple[dict, np.ndarray, np.ndarray, np.ndarray, dict]:
        cell, worlds = self._cell, self._cell.worlds
        info = cell.step(actions)
        reward = cell.reward(info, (self.num_envs,))
        terminated, truncated = worlds.terminated.copy(), worlds.truncated.copy()
        over = terminated | truncated
        observation = cell.observe()
        if not (self._resets and over.any()):
            return observation, reward, terminated, truncated, self._marked(info)
        final = np.full(self.num_envs, None, object)
        for world in np.flatnonzero(over):
            final[world] = {name: array[world].copy() for name, array in observation.items()}
        cell.reset(draw(self.np_random, self.num_envs), over)
        infos = self._marked({**info, "repetition": cell.repetitions.copy()})
        ended = {"final_obs": final, "final_info": self._marked(info, over)}
        return cell.observe(), reward, terminated, truncated, {**infos, **self._marked(ended, over)}

    def _repetitions(self, seed: Any) -> list[int]:
        if isinstance(seed, (Sequence, np.ndarray)) and not isinstance(seed, (str, bytes)):
            if len(seed) != self.num_envs:
                raise ScenarioError(f"there are {len(seed)} seeds for {self.num_envs} worlds")
            given = [None if one is None else repetition(one) for one in seed]
            named = [one for one in given if one is not None]
            if named:
                self.np_random = np.random.default_rng(named)
        elif seed is None:
            given = [None] * self.num_envs
        else:
            first = repetition(seed)
            super().reset(seed=first)
            given = [repetition(first + world) for world in range(self.num_envs)]
        return [one if one is not None else drawn for one, drawn in zip(given, draw(self.np_random, self.num_envs))]

    def _marked(self, info: dict[str, Any], which: np.ndarray | None = None) -> dict[str, Any]:
        """An info as gymnasium has it, where beside each entry stands which worlds have it."""
        return {**info, **{f"_{name}": self._all if which is None else which for name in info}}

    def action_masks(self) -> np.ndarray:
        """Which numbers of the actions can do anything (worlds, sum of nvec)."""
        return self._cell.masks()

    @property
    def worlds(self) -> Worlds:
        """The worlds' arrays."""
        return self._cell.worlds

    def close_extras(self, **_: Any) -> None:
        self._cell.worlds.close()


def _check_render_mode(render_mode: Any) -> None:
    if render_mode is not None:
        raise ScenarioError(f"render_mode is {render_mode!r}; there is nothing to see")
