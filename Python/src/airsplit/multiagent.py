"""A PettingZoo environment in which every device is an agent: ``airsplit/Devices-v0``.

    from airsplit.multiagent import DevicesEnv
    environment = DevicesEnv("quickstart")
    observations, infos = environment.reset(seed=0)
    actions = {agent: environment.action_space(agent).sample(infos[agent]["action_mask"]) for agent in environment.agents}
    observations, rewards, terminations, truncations, infos = environment.step(actions)

A step is a round. An agent says with how many bits its device would send, 0 for no part and i for the i-th level; a matching finds the
blocks for those who want to send, so that the objective is largest. Devices that cannot take part, being out of reach or away, stay
agents and are masked: an agent of PettingZoo that has left cannot come back.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from pettingzoo import ParallelEnv

from . import scenarios
from ._cell import Cell, draw
from ._worlds import repetition
from .environments import _check_render_mode
from .errors import ScenarioError


class DevicesEnv(ParallelEnv):
    """One world whose N devices are agents ``device_0`` … ``device_{N-1}``.

    - ``reward``: ``own``, what the device adds to U (1/J); ``team``, U for all; ``-regret``, U / U* - 1 for all.
    - the other parameters are those of ``airsplit.environments.RoundEnv``.

    An agent sees, as float32 in a Box of K + 6 numbers, its gains in dB, then its compute time and server time of a step (s), least
    and largest power (W), share of the data, and the rounds since it last completed one; with ``devices.availability`` one more, 1
    where it is there and 0 where it is away, and with ``devices.battery`` what that holds (J). Its ``infos`` have ``action_mask``,
    int8, as PettingZoo and ``Discrete.sample`` have it: no part is always allowed.
    """

    metadata = {"name": "airsplit/Devices-v0", "render_modes": [], "is_parallelizable": True}

    def __init__(
        self, scenario: scenarios.Scenario = "paper", *, reward: str = "own", overrides: scenarios.Overrides | None = None,
        events: bool = True, optimum: bool = True, render_mode: str | None = None,
    ) -> None:
        if reward not in ("own", "team", "-regret"):
            raise ScenarioError(f"reward is {reward!r}; 'own', 'team' and '-regret' are allowed")
        _check_render_mode(render_mode)
        self._cell = Cell(
            scenario, 1, action="bits", overrides=overrides, events=events, optimum=optimum or reward == "-regret")
        self._reward, self.render_mode, self._random = reward, None, None
        _, N, K = self._cell.worlds.shape
        self.possible_agents = [f"device_{device}" for device in range(N)]
        self._places = {agent: device for device, agent in enumerate(self.possible_agents)}
        self.agents: list[str] = []
        seen = [self._cell.observation_space[name] for name in ("gains_db", *self._cell.columns)]
        low, high = _row([space.low for space in seen], 0), _row([space.high for space in seen], 0)
        levels = len(self._cell.levels)
        self.observation_spaces = {agent: spaces.Box(low, high, dtype=np.float32) for agent in self.possible_agents}
        self.action_spaces = {agent: spaces.Discrete(levels + 1) for agent in self.possible_agents}

    def observation_space(self, agent: str) -> spaces.Space:
        """The same object at every call, as PettingZoo asks."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space:
        """Likewise."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict, dict]:
        """Begins the repetition ``seed`` of the scenario's seed, or one that is drawn by what the last seed determines."""
        if seed is not None:
            seed = repetition(seed)
        if seed is not None or self._random is None:
            self._random = np.random.default_rng(seed)
        self._cell.reset(draw(self._random, 1) if seed is None else [seed])
        self.agents = list(self.possible_agents)
        energy = np.zeros(len(self.agents))
        return self._observe(), self._infos({"repetition": int(self._cell.repetitions[0])}, energy)

    def step(self, actions: Mapping[str, int]) -> tuple[dict, dict, dict, dict, dict]:
        """Plays a round; who gives no action takes no part."""
        if not isinstance(actions, Mapping):
            raise ScenarioError(f"the actions are {type(actions).__name__}; a dict with an action per agent is needed")
        for agent in actions:
            if agent not in self._places:
                raise ScenarioError(f"there is no agent {agent!r}; the last is {self.possible_agents[-1]!r}")
        worlds = self._cell.worlds
        chosen = np.array([[_whole(agent, actions.get(agent, 0)) for agent in self.possible_agents]])
        info = {name: values[0].item() for name, values in self._cell.step(chosen).items()}
        if self._reward == "own":
            shares = worlds.values[0]
        else:
            value = info["objective"] if self._reward == "team" else -info["regret"]
            shares = np.full(len(self.possible_agents), value)
        rewards = dict(zip(self.possible_agents, shares.tolist()))
        terminated, truncated = bool(worlds.terminated[0]), bool(worlds.truncated[0])
        result = (
            self._observe(), rewards, dict.fromkeys(self.possible_agents, terminated),
            dict.fromkeys(self.possible_agents, truncated), self._infos(info, worlds.energy_j[0]))
        if terminated or truncated:
            self.agents = []
        return result

    def close(self) -> None:
        self._cell.worlds.close()

    def _observe(self) -> dict[str, np.ndarray]:
        seen = [array[0] for array in self._cell.observe().values()]
        return {agent: _row(seen, device) for agent, device in self._places.items()}

    def _infos(self, info: Mapping[str, Any], energy_j: np.ndarray) -> dict[str, dict[str, Any]]:
        masks = self._cell.masks()[0].reshape(len(self.possible_agents), -1).astype(np.int8)
        return {
            agent: {**info, "action_mask": mask, "device_energy_j": energy}
            for agent, mask, energy in zip(self.possible_agents, masks, energy_j.tolist())}


def _row(seen: list[np.ndarray], device: int) -> np.ndarray:
    """What is seen of one device, its gains first."""
    return np.concatenate([array[device].ravel() for array in seen])


def _whole(agent: str, action: Any) -> int:
    try:
        return operator.index(action.item() if isinstance(action, np.ndarray) and action.size == 1 else action)
    except TypeError:
        raise ScenarioError(f"the action of {agent!r} is {action!r}; a whole number is needed") from None
