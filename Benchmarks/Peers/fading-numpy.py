"""Power gains of Clarke's waves with numpy, in whole-array operations: |sum_m exp(j (2 pi f_d t cos a_m + phi_m))|^2 / M.

Reads a line of JSON: rays M, samples per link, links, and f_d times the interval. Answers with one: the seconds of
processor time that the gains took, and their mean, in two styles:

lean: ray after ray, in place, over all links and intervals: how one writes it with care.
broadcast: one array over links, rays and intervals: how one writes it down from the formula.
"""

import json
import sys
import time

import numpy as np


def lean(angles, phases, span, count):
    links, rays = phases.shape
    n = np.arange(count)
    h = np.zeros((links, count), dtype=complex)
    turn = np.empty((links, count))
    wave = np.empty((links, count), dtype=complex)
    for ray in range(rays):
        np.multiply(2 * np.pi * span * np.cos(angles[:, ray, None]), n, out=turn)
        turn += phases[:, ray, None]
        np.cos(turn, out=wave.real)
        np.sin(turn, out=wave.imag)
        h += wave
    return (h.real**2 + h.imag**2) / rays


def broadcast(angles, phases, span, count):
    n = np.arange(count)
    turns = 2 * np.pi * span * np.cos(angles)[:, :, None] * n + phases[:, :, None]
    return np.abs(np.exp(1j * turns).sum(axis=1)) ** 2 / phases.shape[1]


for line in sys.stdin:
    task = json.loads(line)
    draws = np.random.default_rng(7)
    shape = (task["links"], task["rays"])
    angles, phases = draws.uniform(0, 2 * np.pi, shape), draws.uniform(0, 2 * np.pi, shape)
    answer = {}
    for style in (lean, broadcast):
        start = time.process_time()
        powers = style(angles, phases, task["span"], task["samples"])
        answer[style.__name__] = {"seconds": time.process_time() - start, "mean": float(powers.mean())}
    print(json.dumps(answer), flush=True)
