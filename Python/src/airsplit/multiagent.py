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

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from pettingzoo import ParallelEnv

from . import scenarios
from .environments import _Cell, _LARGEST, NO_LINK_DB
from .errors import ScenarioError


class DevicesEnv(ParallelEnv):
    """One world whose N devices are agents ``device_0`` … ``device_{N-1}``.

    - ``reward``: ``own``, what the device adds to U (1/J); ``team``, U for all; ``-regret``, U / U* - 1 for all.
    - the other parameters are those of ``airsplit.environments.RoundEnv``.

    An agent sees, as float32 in a Box of K + 6 numbers, its gains in dB, then its compute time and server time of a step (s), least
    and largest power (W), share of the data, and the rounds since it last completed one. Its ``infos`` have ``action_mask``, int8, as
    PettingZoo and ``Discrete.sample`` have it: no part is always allowed.
    """

    metadata = {"name": "airsplit/Devices-v0", "render_modes": [], "is_parallelizable": True}

    def __init__(
        self, scenario: scenarios.Scenario = "paper", *, reward: str = "own", overrides: scenarios.Overrides | None = None,
        events: bool = True, optimum: bool = True, render_mode: str | None = None,
    ) -> None:
        if reward not in ("own", "team", "-regret"):
            raise ScenarioError(f"reward is {reward!r}; 'own', 'team' and '-regret' are allowed")
        if render_mode is not None:
            raise ScenarioError(f"render_mode is {render_mode!r}; there is nothing to see")
        self._cell = _Cell(
            scenario, 1, action="bits", reward="objective", overrides=overrides, events=events,
            optimum=optimum or reward == "-regret", on_violation="skip", choose_bits=False, choose_power=0, threads=1, first=0)
        self._reward, self.render_mode = reward, None
        _, N, K = self._cell.worlds.shape
        self.possible_agents = [f"device_{device}" for device in range(N)]
        self.agents: list[str] = []
        low = np.concatenate((np.full(K, NO_LINK_DB), np.zeros(6))).astype(np.float32)
        high = np.concatenate((np.full(K, -NO_LINK_DB), np.full(6, _LARGEST))).astype(np.float32)
        levels = len(self._cell.levels)
        self.observation_spaces = {agent: spaces.Box(low, high, dtype=np.float32) for agent in self.possible_agents}
        self.action_spaces = {agent: spaces.Discrete(levels + 1) for agent in self.possible_agents}

    def observation_space(self, agent: str) -> spaces.Space:
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space:
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict, dict]:
        """Begins the repetition ``seed`` of the scenario's seed, or the one that follows."""
        self._cell.reset(seeds=None if seed is None else [seed])
        self.agents = list(self.possible_agents)
        return self._observe(), self._infos({})

    def step(self, actions: Mapping[str, int]) -> tuple[dict, dict, dict, dict, dict]:
        """Plays a round; who gives no action takes no part."""
        unknown = set(actions) - set(self.possible_agents)
        if unknown:
            raise ScenarioError(f"there is no agent {sorted(unknown)[0]!r}; the last is {self.possible_agents[-1]!r}")
        cell, worlds = self._cell, self._cell.worlds
        cell.step(np.array([[int(actions.get(agent, 0)) for agent in self.possible_agents]]))
        info = {name: values[0].item() for name, values in cell.info().items()}
        if self._reward == "own":
            shares = worlds.values[0]
        else:
            value = info["objective"] if self._reward == "team" else -info["regret"]
            shares = np.full(len(self.possible_agents), value)
        rewards = dict(zip(self.possible_agents, shares.tolist()))
        terminated, truncated = bool(worlds.terminated[0]), bool(worlds.truncated[0])
        result = (
            self._observe(), rewards, dict.fromkeys(self.possible_agents, terminated),
            dict.fromkeys(self.possible_agents, truncated), self._infos(info))
        if terminated or truncated:
            self.agents = []
        return result

    def close(self) -> None:
        self._cell.worlds.close()

    def _observe(self) -> dict[str, np.ndarray]:
        seen = self._cell.observe()
        columns = ("compute_time_s", "server_time_s", "power_min_w", "power_max_w", "data_share", "rounds_idle")
        table = np.concatenate((seen["gains_db"][0], np.stack([seen[name][0] for name in columns], axis=1)), axis=1)
        return dict(zip(self.possible_agents, table))

    def _infos(self, info: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        masks = self._cell.masks()[0].reshape(len(self.possible_agents), -1).astype(np.int8)
        energy = self._cell.worlds.energy_j[0].tolist()
        return {
            agent: {**info, "action_mask": masks[device], "device_energy_j": energy[device] if info else 0.0}
            for device, agent in enumerate(self.possible_agents)}
