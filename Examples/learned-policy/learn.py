#!/usr/bin/env python3
"""A policy that is learned: MaskablePPO of sb3-contrib puts devices on blocks, and is judged against the optimum on unseen draws.

    tools/python-environment --with python Examples/learned-policy/learn.py --out results/learned-policy

A round's draw does not depend on what was decided in the last, so there is nothing to look ahead for: gamma is 0, and the reward is
U / U* - 1. One network looks at every pair of device and block alike, and at what its row, its column and the table are on average,
so that it need not learn anew for each device what it knows of another.
"""

import argparse
import pathlib
import time

import gymnasium
import numpy as np
import pandas as pd
import torch
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import DummyVecEnv
from torch import nn

import airsplit
from airsplit.environments import RoundEnv

CELL = pathlib.Path(__file__).resolve().parent / "cell.yaml"
TESTED = range(200)              # never trained on: episodes without a seed are repetitions from 2^23
WATCHED = range(1000, 1030)      # for the learning curve


def features(observation):
    """(devices, blocks, 5): gains, times and powers on scales of about 1."""
    gains = observation["gains_db"]
    device = np.stack([
        observation["compute_time_s"] + observation["server_time_s"] - 4, np.log(observation["power_max_w"]),
        np.log10(observation["power_min_w"]) + 1, 50 * (observation["data_share"] - 1 / len(gains))], axis=-1)
    pairs = np.concatenate((
        np.clip((gains[..., None] + 115) / 12, -4, 4), np.repeat(device[:, None], gains.shape[1], axis=1)), axis=-1)
    return np.clip(pairs, -10, 10).astype(np.float32)


class Features(gymnasium.ObservationWrapper):
    """The environment with such observations."""

    def __init__(self, environment):
        super().__init__(environment)
        devices, blocks = environment.observation_space["gains_db"].shape
        self.observation_space = gymnasium.spaces.Box(-10, 10, (devices, blocks, 5), np.float32)

    def observation(self, observation):
        return features(observation)

    def action_masks(self):
        return self.unwrapped.action_masks()


class Table(nn.Module):
    """A layer over a table of pairs: each sees itself, its row, its column and all, and weights are shared."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(6 * inputs, outputs)

    def forward(self, table):
        devices, blocks = table.mean(2, keepdim=True), table.mean(1, keepdim=True)
        parts = (table, devices, blocks, table.mean((1, 2), keepdim=True), table.amax(1, keepdim=True), table.amax(2, keepdim=True))
        return self.linear(torch.cat([part.expand_as(table) for part in parts], dim=-1))


class Choice(nn.Module):
    """Who is on each block: a logit for each device and one for nobody."""

    def __init__(self, shape, width=48):
        super().__init__()
        self.shape = shape
        self.layers = nn.Sequential(Table(shape[2], width), nn.ReLU(), Table(width, width), nn.ReLU(), Table(width, 1))
        self.nobody = nn.Parameter(torch.tensor(-1.0))

    def forward(self, flat):
        logits = self.layers(flat.reshape(-1, *self.shape))[..., 0].transpose(1, 2)
        return torch.cat((logits, self.nobody.expand(*logits.shape[:2], 1)), dim=-1).flatten(1)


class Worth(nn.Module):
    """What the round is worth."""

    def __init__(self, shape, width=48):
        super().__init__()
        self.shape = shape
        self.layers = nn.Sequential(Table(shape[2], width), nn.ReLU(), Table(width, width), nn.ReLU())
        self.last = nn.Linear(width, 1)

    def forward(self, flat):
        return self.last(self.layers(flat.reshape(-1, *self.shape)).mean((1, 2)))


class PairPolicy(MaskableActorCriticPolicy):
    def _build(self, schedule):
        super()._build(schedule)
        self.action_net, self.value_net = Choice(self.observation_space.shape), Worth(self.observation_space.shape)
        self.optimizer = self.optimizer_class(self.parameters(), lr=schedule(1), **self.optimizer_kwargs)


def played(model):
    """The model as a policy for ``airsplit.evaluate``."""
    return lambda observation, action_masks: model.predict(
        features(observation), action_masks=action_masks, deterministic=True)[0]


def at_random(observation, action_masks, random=np.random.default_rng(0)):
    """For each block one of those that may be on it, or nobody."""
    return [random.choice(np.flatnonzero(mask)) for mask in action_masks.reshape(observation["gains_db"].shape[1], -1)]


class Watch(BaseCallback):
    """The regret on draws that are not trained on, from time to time."""

    def __init__(self, every, seed):
        super().__init__()
        self.every, self.seed, self.rows, self.started = every, seed, [], time.process_time()

    def _on_rollout_start(self):
        if self.num_timesteps >= len(self.rows) * self.every:
            self.look()

    def look(self):
        frame = airsplit.evaluate({"ppo": played(self.model)}, CELL, WATCHED, metrics=["regret"])
        row = {"training": self.seed, "rounds": self.num_timesteps, "regret": frame["mean"][0], "half_width": frame["half_width"][0],
               "cpu_s": round(time.process_time() - self.started, 1)}
        self.rows.append(row)
        print("seed {training}: {rounds:7d} rounds, regret {regret:.4f} ± {half_width:.4f}, {cpu_s:.0f} s".format(**row), flush=True)

    def _on_step(self):
        return True

    def _on_training_end(self):
        self.look()


def learn(rounds, seed):
    """A model and its learning curve."""
    worlds = DummyVecEnv([lambda: Features(RoundEnv(CELL, reward="-regret", events=False))] * 16)
    model = MaskablePPO(
        PairPolicy, worlds, gamma=0, gae_lambda=0, n_steps=128, batch_size=256, n_epochs=4, learning_rate=lambda left: 1e-3 * left,
        ent_coef=0.002, policy_kwargs={"net_arch": []}, seed=seed, device="cpu")
    watch = Watch(rounds // 10, seed)
    model.learn(rounds, callback=watch)
    worlds.close()
    return model, watch.rows


def draw(folder):
    """The learning curves, over how far others stay below the optimum."""
    import matplotlib.pyplot as plt
    curve, policies = (pd.read_csv(folder / f"{name}.csv") for name in ("curve", "policies"))
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "airsplit", "font.size": 8, "axes.grid": True, "grid.color": "0.85",
                         "legend.frameon": False, "figure.constrained_layout.use": True}):
        figure, axes = plt.subplots(figsize=(5, 2.8))
        for marker, (seed, rows) in zip("osD^v", curve.groupby("training")):
            axes.plot(rows["rounds"], rows["regret"], color="#0072B2", marker=marker, markerfacecolor="white", markersize=3,
                      linewidth=1.1, label=f"PPO, training {seed}")
        regret = policies.query("metric == 'regret'").set_index("policy")["mean"]
        for name, colour, dashes in (("max-rate", "#E69F00", "--"), ("random", "#CC79A7", "-."), ("ep", "#D55E00", ":"),
                                     ("bcd", "#009E73", "--")):
            axes.axhline(regret[name], color=colour, linestyle=dashes, linewidth=1.1, label=name)
        axes.set(xlabel="rounds of training", ylabel="regret, 1 − U / U*", ylim=(0, None), xlim=(0, None))
        axes.legend(ncols=2, fontsize=7)
        figure.savefig(folder / "learning-curve.svg", metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100_000, help="rounds of training (100000)")
    parser.add_argument("--seeds", type=int, default=3, help="trainings (3)")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("results/learned-policy"), help="folder for the figures")
    options = parser.parse_args()
    torch.set_num_threads(1)
    models, curve = {}, []
    for seed in range(options.seeds):
        models[f"ppo, training {seed}"], rows = learn(options.rounds, seed)
        curve += rows
    policies = {"max-rate": "max-rate", "random": at_random, "ep": "ep", "bcd": "bcd", "exact": "exact"}
    policies.update({name: played(model) for name, model in models.items()})
    frame = airsplit.evaluate(policies, CELL, TESTED, metrics=["objective", "regret", "energy_j"])
    options.out.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(curve).to_csv(options.out / "curve.csv", index=False, float_format="%.6g")
    frame.to_csv(options.out / "policies.csv", index=False, float_format="%.6g")
    draw(options.out)
    print(frame.query("metric != 'energy_j'").to_string(index=False))


if __name__ == "__main__":
    main()
