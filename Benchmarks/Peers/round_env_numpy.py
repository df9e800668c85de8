"""The paper's cell as a Gymnasium environment in numpy and scipy, as papers on learned allocation write one for themselves.

An action names a device for each block, N for none. Gains are 128.1 + 37.6 log10 d and Rayleigh's, drawn anew each round; bits and power
are the best in closed form; the reward is U of Eq. (21), next to the optimum by scipy's linear_sum_assignment. Two styles of a step:

loop    over blocks and bit levels, in Python's own arithmetic: how most write it.
array   over blocks and levels in whole-array operations.
"""

import math

import gymnasium
import numpy as np
from scipy.optimize import linear_sum_assignment


class RoundEnv(gymnasium.Env):
    def __init__(self, cell, style="array", optimum=True, rounds=100):
        self.cell, self.style, self.optimum, self.rounds = cell, style, optimum, rounds
        self.share, self.power_min, self.power_max, self.compute_time, self.compute_energy, self.server_time = (
            np.array([device[key] for device in cell["devices"]]) for key in (
                "data_share", "power_min_w", "power_max_w", "compute_time_s", "compute_energy_j", "server_time_s"))
        self.bandwidth, self.noise, self.deadline = cell["bandwidth_hz"], cell["noise_w"], cell["deadline_s"]
        self.bits, self.payload = np.array(cell["bits"]), np.array(cell["payload_bits"])
        N, K = self.shape = len(cell["devices"]), cell["blocks"]
        self.observation_space = gymnasium.spaces.Dict({
            "gains_db": gymnasium.spaces.Box(-400, 400, (N, K), np.float32),
            "compute_time_s": gymnasium.spaces.Box(0, np.inf, (N,), np.float32)})
        self.action_space = gymnasium.spaces.MultiDiscrete([N + 1] * K)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.round = 0
        distance = self.np_random.uniform(0.05, 1.0, self.shape[0])
        self.path_gain = 10 ** (-(128.1 + 37.6 * np.log10(distance)) / 10)
        self.draw()
        return self.observe(), {}

    def draw(self):
        self.gains = self.path_gain[:, None] * self.np_random.exponential(size=self.shape)

    def observe(self):
        return {
            "gains_db": (10 * np.log10(self.gains)).astype(np.float32), "compute_time_s": self.compute_time.astype(np.float32)}

    def step(self, action):
        objective, time, energy = self.play_loop(action) if self.style == "loop" else self.play_array(action)
        info = {"objective": objective, "step_time_s": time, "step_energy_j": energy}
        if self.optimum:
            info["optimum"] = self.best()
        self.round += 1
        self.draw()
        return self.observe(), objective, False, self.round == self.rounds, info

    def play_loop(self, action):
        objective = time = energy = 0.0
        taken = set()
        for block, device in enumerate(action):
            if device == self.shape[0] or device in taken:
                continue
            gain = self.gains[device, block] / self.noise
            left = self.deadline - self.compute_time[device] - self.server_time[device]
            if left <= 0:
                continue
            best = None
            for bits, payload in zip(self.bits, self.payload):
                power = (2 ** (payload / (self.bandwidth * left)) - 1) / gain
                if power > self.power_max[device] * (1 + 1e-9):
                    break
                power = max(power, self.power_min[device])
                upload = payload / (self.bandwidth * math.log2(1 + gain * power))
                cost = self.compute_energy[device] + power * upload
                value = self.share[device] * math.log2(1 + bits) / cost
                if best is None or value > best[0]:
                    best = value, self.compute_time[device] + self.server_time[device] + upload, cost
            if best:
                taken.add(device)
                objective, time, energy = objective + best[0], max(time, best[1]), energy + best[2]
        return objective, time, energy

    def play_array(self, action):
        blocks = np.flatnonzero(action < self.shape[0])
        devices, first = np.unique(action[blocks], return_index=True)
        value, time, energy = self.price(devices, self.gains[devices, blocks[first]])
        level = value.argmax(1)
        rows = np.flatnonzero(value.max(1, initial=0) > 0)
        level = level[rows]
        return value[rows, level].sum(), time[rows, level].max(initial=0), energy[rows, level].sum()

    def price(self, devices, gains):
        """Value, time and energy of a step of each device on a gain with each level, which stand last."""
        share, low, high, compute, compute_energy, server = (
            column[devices].reshape(-1, *[1] * gains.ndim) for column in (
                self.share, self.power_min, self.power_max, self.compute_time, self.compute_energy, self.server_time))
        gain = gains[..., None] / self.noise
        left = self.deadline - compute - server
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            needed = np.where(left > 0, (2 ** (self.payload / (self.bandwidth * left)) - 1) / gain, np.inf)
            power = np.maximum(needed, low)
            upload = self.payload / (self.bandwidth * np.log2(1 + gain * power))
            energy = compute_energy + power * upload
            value = np.where(needed <= high * (1 + 1e-9), share * np.log2(1 + self.bits) / energy, 0)
        return value, compute + server + upload, energy

    def best(self):
        value = self.price(np.arange(self.shape[0]), self.gains)[0].max(2)
        rows, columns = linear_sum_assignment(value, maximize=True)
        return value[rows, columns].sum()
