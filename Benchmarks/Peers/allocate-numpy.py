"""One allocation round with numpy and scipy: the value of every bit level of every pair in whole-array operations, the
best level kept, then scipy's linear_sum_assignment. In two styles, by the first argument:

lean: level after level, in place, without needless temporaries: how one writes it with care.
broadcast: one array over devices, blocks and levels: how one writes it down from the equations.

Reads paths of problem files from standard input, one per line, and answers each with a line of JSON. A file holds
little-endian doubles: N, K, B, N0, T_max, payload a bit, q_min, q_max; then for each device rho, p_min, p_max, T_dev,
E_dev, T_srv; then the N K gains. Reading it is not timed.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment


def lean(bandwidth, noise, deadline, per_bit, bits, devices, gains):
    share, power_min, power_max, compute_time, compute_energy, server_time = devices
    left = deadline - compute_time - server_time
    in_time = left > 0
    left = np.where(in_time, left, 1.0)
    power_min = power_min[:, None]
    cap = (power_max * (1 + 1e-9))[:, None]
    energy = compute_energy[:, None]
    gain = gains / noise
    best = np.zeros_like(gain)
    power = np.empty_like(gain)
    rate = np.empty_like(gain)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for q in bits:
            payload = per_bit * q
            # Eq. (22a) at equality: the least power, Eq. (23) in closed form.
            growth = np.where(in_time, np.expm1(np.log(2) * payload / (bandwidth * left)), np.inf)
            np.divide(growth[:, None], gain, out=power)
            feasible = power <= cap
            np.maximum(power, power_min, out=power)
            # Eq. (12), (14), (15), (17), (21).
            np.multiply(gain, power, out=rate)
            np.log1p(rate, out=rate)
            power *= payload * np.log(2) / bandwidth
            power /= rate
            power += energy
            np.divide((share * np.log2(1 + q))[:, None], power, out=power)
            np.maximum(best, power, out=best, where=feasible)
    rows, columns = linear_sum_assignment(best, maximize=True)
    return best[rows, columns].sum()


def broadcast(bandwidth, noise, deadline, per_bit, bits, devices, gains):
    share, power_min, power_max, compute_time, compute_energy, server_time = (row[:, None, None] for row in devices)
    bits = np.array(bits)
    payload = per_bit * bits
    left = deadline - compute_time - server_time
    gain = (gains / noise)[:, :, None]
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        required = np.where(left > 0, np.expm1(np.log(2) * payload / (bandwidth * left)) / gain, np.inf)
        power = np.maximum(required, power_min)
        energy = compute_energy + power * payload / (bandwidth * np.log2(1 + gain * power))
        value = np.where(required <= power_max * (1 + 1e-9), share * np.log2(1 + bits) / energy, 0)
    best = value.max(axis=2)
    rows, columns = linear_sum_assignment(best, maximize=True)
    return best[rows, columns].sum()


def main():
    solve = {"lean": lean, "broadcast": broadcast}[sys.argv[1]]
    for path in sys.stdin:
        data = np.fromfile(path.strip(), dtype="<f8")
        n, k = int(data[0]), int(data[1])
        bandwidth, noise, deadline, per_bit = data[2:6]
        bits = range(int(data[6]), int(data[7]) + 1)
        devices = data[8 : 8 + 6 * n].reshape(n, 6).T.copy()
        gains = data[8 + 6 * n :].reshape(n, k)
        start = time.process_time()
        objective = solve(bandwidth, noise, deadline, per_bit, bits, devices, gains)
        elapsed = time.process_time() - start
        print(json.dumps({"objective": objective, "ms": elapsed * 1e3}), flush=True)


main()
