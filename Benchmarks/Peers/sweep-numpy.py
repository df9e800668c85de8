"""What `airsplit sweep` does on the paper's default allocation, with numpy and scipy: five policies at ten deadlines on
many draws of 50 devices and 10 blocks, one row per run and a summary with 95 % intervals.

All draws of a chunk are priced at once, in chunks of the size that was fastest (--chunk 1 goes draw by draw), and scipy's
linear_sum_assignment matches one draw after the other. Two styles, --style:

lean: what we could find to make it fast in numpy. Only devices that computing leaves time are looked at, arrays are
worked on in place, and bits after bits cost no logarithm: where the least power meets the deadline exactly, time is
known, and where it is p_min, the rate is.
plain: the equations as they stand, one array over draws, devices, blocks and bits.

BCD takes its powers in closed form, and stops draw by draw. --jobs splits the draws over processes. --instances reads
the draws from a file of `airsplit draw` in place of drawing them.
"""

import argparse
import json
import math
import multiprocessing
import os

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.special import stdtrit

POLICIES = ["exact", "bcd", "ep", "rb", "nq"]
DEADLINES = [3.6, 3.8, 4.0, 4.25, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0]
METRICS = ["objective", "participants", "step_energy_j", "bits_mean", "power_mean_w", "step_latency_max_s"]
DEVICES, BLOCKS = 50, 10
BANDWIDTH = 20e6
NOISE = 1e-3 * 10 ** (-174 / 10) * BANDWIDTH
DEVICE_WORK, SERVER_WORK = 29_595_009_024, 1_632_577_486_464
PER_BIT = 64 * 49 * 768
BITS = np.arange(4, 33)
INFORMATION = np.log2(1 + BITS)
TOLERANCE = 1 + 1e-9
EQUAL_POWER = 1.0
# Seconds a bit of quantisation takes per 1/log1p(g p).
SLOWNESS = math.log(2) * PER_BIT / BANDWIDTH


class Draws:
    """Devices, gains and random beginnings of some draws; a row per draw."""

    def __init__(self, share, power_min, power_max, compute_time, compute_energy, server_time, gain, start, on_block):
        self.share, self.power_min, self.power_max = share, power_min, power_max
        self.compute_time, self.compute_energy, self.server_time = compute_time, compute_energy, server_time
        self.gain, self.start, self.on_block = gain, start, on_block

    @staticmethod
    def random(count, seed):
        random = np.random.Generator(np.random.PCG64(seed))
        shape = (count, DEVICES)
        distance = random.uniform(50, 1000, shape)
        clock = random.uniform(1e9, 1.5e9, shape)
        speed = clock * random.integers(4, 7, shape)
        samples = random.integers(400, 501, shape)
        server = 3e9 * random.integers(2560, 5121, count) * random.integers(1, 3, count)
        mean = 10 ** (-(128.1 + 37.6 * np.log10(distance / 1000)) / 10) / NOISE
        time = DEVICE_WORK / speed
        return Draws(
            samples / samples.sum(axis=1, keepdims=True), np.full(shape, 0.1), random.uniform(0.5, 2, shape), time,
            1e-29 * clock**3 * time, SERVER_WORK / server,
            mean[:, :, None] * random.standard_exponential((count, DEVICES, BLOCKS)),
            random.integers(0, BLOCKS, shape),
            np.argsort(random.random(shape), axis=1)[:, :BLOCKS])

    @staticmethod
    def read(path):
        with open(path) as file:
            instances = [json.loads(line) for line in file]

        def column(key):
            return np.array([[device[key] for device in instance["devices"]] for instance in instances])

        return Draws(
            column("data_share"), column("power_min_w"), column("power_max_w"), column("compute_time_s"),
            column("compute_energy_j"),
            column("server_time_s")[:, 0],
            np.array([instance["gains"] for instance in instances]) / NOISE,
            np.array([instance["policies"]["bcd"]["initial_block"] for instance in instances]),
            np.array([instance["policies"]["rb"]["device_on_block"] for instance in instances]))

    def __len__(self):
        return len(self.gain)

    def part(self, rows):
        return Draws(*(array[rows] for array in vars(self).values()))


def best_lean(left, share, energy, power_min, power_max, gain, bits, power=None):
    """Value and bits of the best option, power the best or given; all arrays broadcast to gain's shape."""
    best = np.zeros_like(gain)
    choice = np.zeros(gain.shape, np.int8)
    value, most, mask = np.empty_like(gain), np.empty_like(gain), np.empty(gain.shape, bool)
    if power is None:
        span = left / gain
        cap = power_max * TOLERANCE * gain
        per_bit = power_min * SLOWNESS / np.log1p(power_min * gain)
    else:
        seconds = SLOWNESS / np.log1p(power * gain)
        cap = left * TOLERANCE / seconds
        per_bit = power * seconds
    for q, information in bits:
        np.multiply(per_bit, q, out=value)
        need = q
        if power is None:
            with np.errstate(over="ignore"):
                need = np.expm1(SLOWNESS * q / left)
            np.multiply(need, span, out=most)
            np.maximum(value, most, out=value)
        np.add(value, energy, out=value)
        np.divide(share * information, value, out=value)
        np.greater(value, best, out=mask)
        np.logical_and(mask, need <= cap, out=mask)
        np.copyto(best, value, where=mask)
        np.copyto(choice, q, where=mask)
    return best, choice


def best_plain(left, share, energy, power_min, power_max, gain, bits, power=None):
    q = np.array([q for q, _ in bits])
    information = np.array([information for _, information in bits])
    left, share, energy, power_min, power_max, gain = (
        np.broadcast_to(array, gain.shape)[..., None] for array in (left, share, energy, power_min, power_max, gain))
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        if power is None:
            needed = np.where(left > 0, np.expm1(SLOWNESS * q / left) / gain, np.inf)
            feasible = needed <= power_max * TOLERANCE
            power = np.clip(needed, power_min, power_max)
        else:
            power = np.broadcast_to(power, gain.shape[:-1])[..., None]
            feasible = SLOWNESS * q / np.log1p(power * gain) <= left * TOLERANCE
        time = SLOWNESS * q / np.log1p(power * gain)
        value = np.where(feasible, share * information / (energy + power * time), 0)
    place = value.argmax(axis=-1)
    return np.take_along_axis(value, place[..., None], -1)[..., 0], q[place]


def power_of(left, power_min, gain, bits):
    """The least power that meets the deadline."""
    return np.maximum(power_min, np.expm1(SLOWNESS * bits / left) / gain)


def summed(draws, deadline, pairs):
    """The figures of each draw, from its participants: indices of draws, devices and blocks, power and bits."""
    draw, device, block, power, bits = pairs
    gain = draws.gain[draw, device, block]
    time = SLOWNESS * bits / np.log1p(gain * power)
    energy = draws.compute_energy[draw, device] + power * time
    value = draws.share[draw, device] * np.log2(1 + bits) / energy
    latency = draws.compute_time[draw, device] + draws.server_time[draw] + time
    count = len(draws)
    participants = np.bincount(draw, minlength=count)
    longest = np.zeros(count)
    np.maximum.at(longest, draw, latency)
    with np.errstate(invalid="ignore"):
        return np.stack([
            np.bincount(draw, value, count), participants, np.bincount(draw, energy, count),
            np.bincount(draw, bits, count) / participants, np.bincount(draw, power, count) / participants,
            np.where(participants > 0, longest, np.nan)])


def matched(draws, deadline, best, bits, power=None):
    """The optimum over pairs: one value and choice of bits for each device with time left and each block."""
    left = deadline - draws.compute_time - draws.server_time[:, None]
    if power is None:
        power = np.full(left.shape, np.nan)
    draw, device = np.nonzero(left > 0)
    rows = (draw, device)
    arguments = [array[rows][:, None] for array in (
        left, draws.share, draws.compute_energy, draws.power_min, draws.power_max)]
    fixed = None if np.isnan(power).all() else power[rows][:, None]
    value, choice = best(*arguments, draws.gain[rows], bits, fixed)
    ends = np.searchsorted(draw, np.arange(len(draws) + 1))
    pairs = []
    for index in range(len(draws)):
        first, last = ends[index], ends[index + 1]
        if first < last:
            row, column = linear_sum_assignment(value[first:last], maximize=True)
            pairs.append((row + first, column))
    if not pairs:
        return tuple(np.zeros(0, kind) for kind in (int, int, int, float, int))
    row, block = (np.concatenate(parts) for parts in zip(*pairs))
    used = value[row, block] > 0
    row, block = row[used], block[used]
    draw, device, bits = draw[row], device[row], choice[row, block].astype(int)
    if fixed is None:
        chosen = power_of(left[draw, device], draws.power_min[draw, device], draws.gain[draw, device, block], bits)
    else:
        chosen = power[draw, device]
    return draw, device, block, chosen, bits


def random_blocks(draws, deadline, best):
    draw = np.repeat(np.arange(len(draws)), BLOCKS)
    device, block = draws.on_block.ravel(), np.tile(np.arange(BLOCKS), len(draws))
    left = deadline - draws.compute_time[draw, device] - draws.server_time[draw]
    used = left > 0
    draw, device, block, left = draw[used], device[used], block[used], left[used]
    at = (draw, device)
    gain = draws.gain[draw, device, block]
    value, bits = best(
        left, draws.share[at], draws.compute_energy[at], draws.power_min[at], draws.power_max[at], gain,
        list(zip(BITS, INFORMATION)))
    used = value > 0
    draw, device, block, bits = draw[used], device[used], block[used], bits[used].astype(int)
    return draw, device, block, power_of(left[used], draws.power_min[draw, device], gain[used], bits), bits


def descent(draws, deadline, best):
    """Alg. 3: all devices of all draws that have not settled at once."""
    pairs = [None] * len(draws)
    active = np.arange(len(draws))
    before = np.full(len(draws), np.inf)
    left = deadline - draws.compute_time - draws.server_time[:, None]
    in_time = left > 0
    left = np.where(in_time, left, 1.0)
    reference = np.take_along_axis(draws.gain, draws.start[:, :, None], 2)[:, :, 0]
    bits = np.full(left.shape, BITS[-1])
    part = draws
    devices = np.arange(DEVICES)[None, :]
    for _ in range(50):
        # P1.
        with np.errstate(over="ignore"):
            needed = np.expm1(SLOWNESS * bits / left) / reference
        power = np.where(in_time & (needed <= part.power_max * TOLERANCE),
                         np.clip(needed, part.power_min, part.power_max), part.power_max)
        # P2.
        seconds = SLOWNESS / np.log1p(reference * power)
        most, bits = np.zeros_like(power), np.full(power.shape, BITS[0])
        for q, information in zip(BITS, INFORMATION):
            value = part.share * information / (part.compute_energy + power * seconds * q)
            better = (value > most) & (seconds * q <= left * TOLERANCE) & in_time
            most[better] = value[better]
            bits[better] = q
        # P3.
        seconds = np.log1p(part.gain * power[:, :, None])
        np.divide((SLOWNESS * bits)[:, :, None], seconds, out=seconds)
        late = seconds > (left * TOLERANCE)[:, :, None]
        late |= ~in_time[:, :, None]
        energy = seconds
        energy *= power[:, :, None]
        energy += part.compute_energy[:, :, None]
        energy[late] = 1e5
        objective = np.empty(len(active))
        for index in range(len(active)):
            row, column = linear_sum_assignment(energy[index])
            reference[index, row] = part.gain[index, row, column]
            cost = energy[index, row, column]
            used = cost < 1e5
            row, column, cost = row[used], column[used], cost[used]
            objective[index] = (part.share[index, row] * np.log2(1 + bits[index, row]) / cost).sum()
            pairs[active[index]] = (
                np.full(len(row), active[index]), row, column, power[index, row], bits[index, row])
        goes_on = np.abs(objective - before[active]) > 1e-6 * np.maximum(1, np.abs(objective))
        before[active] = objective
        active = active[goes_on]
        if not len(active):
            break
        part = part.part(goes_on)
        left, in_time, reference, bits = left[goes_on], in_time[goes_on], reference[goes_on], bits[goes_on]
    return tuple(np.concatenate(parts) for parts in zip(*pairs))


def measure(draws, style):
    """An array of figures: deadline, policy, metric, draw."""
    best = {"lean": best_lean, "plain": best_plain}[style]
    every = list(zip(BITS, INFORMATION))
    fixed = np.clip(EQUAL_POWER, draws.power_min, draws.power_max)
    figures = []
    for deadline in DEADLINES:
        answers = [
            matched(draws, deadline, best, every), descent(draws, deadline, best),
            matched(draws, deadline, best, every, fixed), random_blocks(draws, deadline, best),
            matched(draws, deadline, best, every[-1:]),
        ]
        figures.append([summed(draws, deadline, answer) for answer in answers])
    return np.array(figures)


def measure_chunk(arguments):
    draws, seed, style = arguments
    return measure(draws if isinstance(draws, Draws) else Draws.random(draws, seed), style)


def write(folder, figures):
    """runs.csv, a row per run, and summary.csv, a row per point and metric."""
    deadlines, policies, metrics, draws = figures.shape
    lines = ["deadline,policy,repetition," + ",".join(METRICS)]
    for i, deadline in enumerate(DEADLINES):
        for j, policy in enumerate(POLICIES):
            for draw, row in enumerate(figures[i, j].T.tolist()):
                cells = ",".join("" if x != x else repr(x) for x in row)
                lines.append(f"{deadline},{policy},{draw},{cells}")
    with open(os.path.join(folder, "runs.csv"), "w") as file:
        file.write("\n".join(lines) + "\n")
    known = ~np.isnan(figures)
    n = known.sum(axis=3)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, figures, 0).sum(axis=3) / n
        sd = np.sqrt((np.where(known, figures - mean[..., None], 0) ** 2).sum(axis=3) / (n - 1))
        half = stdtrit(n - 1, 0.975) * sd / np.sqrt(n)
        # Means over participants are ratios of sums, with the deviation of what is left of each draw's sum.
        for k in map(METRICS.index, ["bits_mean", "power_mean_w"]):
            counts = np.where(known[:, :, k], figures[:, :, METRICS.index("participants")], 0)
            sums = np.where(known[:, :, k], figures[:, :, k], 0) * counts
            mean[:, :, k] = sums.sum(axis=2) / counts.sum(axis=2)
            rest = sums - mean[:, :, k, None] * counts
            spread = np.sqrt((rest**2).sum(axis=2) * n[:, :, k] / (n[:, :, k] - 1)) / counts.sum(axis=2)
            half[:, :, k] = stdtrit(n[:, :, k] - 1, 0.975) * spread
    table = np.stack([mean, sd, mean - half, mean + half], axis=-1).tolist()
    lines = ["deadline,policy,metric,n,mean,sd,ci95_low,ci95_high"]
    for i, deadline in enumerate(DEADLINES):
        for j, policy in enumerate(POLICIES):
            for k, metric in enumerate(METRICS):
                cells = ",".join("" if x != x else repr(x) for x in table[i][j][k])
                lines.append(f"{deadline},{policy},{metric},{n[i, j, k]},{cells}")
    with open(os.path.join(folder, "summary.csv"), "w") as file:
        file.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--chunk", type=int, help="draws priced at once; what is fastest unless given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--style", choices=["lean", "plain"], default="lean")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--instances", help="a .jsonl file of airsplit draw")
    parser.add_argument("--out", default=".", help="the folder for runs.csv and summary.csv")
    options = parser.parse_args()
    chunk = options.chunk or {"lean": 100, "plain": 50}[options.style]
    if options.instances:
        draws = Draws.read(options.instances)
        parts = [draws.part(slice(first, first + chunk)) for first in range(0, len(draws), chunk)]
    else:
        parts = [min(chunk, options.draws - first) for first in range(0, options.draws, chunk)]
    tasks = [(part, (options.seed, index), options.style) for index, part in enumerate(parts)]
    if options.jobs > 1:
        with multiprocessing.Pool(options.jobs) as pool:
            results = pool.map(measure_chunk, tasks, chunksize=1)
    else:
        results = [measure_chunk(task) for task in tasks]
    os.makedirs(options.out, exist_ok=True)
    write(options.out, np.concatenate(results, axis=3))


if __name__ == "__main__":
    main()
