#!/usr/bin/env python3
"""Writes references.csv beside this file, with mpmath: function, x, y (powers), and the value as the sum of two doubles."""
import random
from pathlib import Path

from mpmath import mp, mpf

mp.prec = 300
FUNCTIONS = {
    "log": mp.log,
    "log2": lambda x: mp.log(x) / mp.ln2,
    "log10": lambda x: mp.log(x) / mp.ln10,
    "log1p": mp.log1p,
    "exp": mp.exp,
    "expm1": mp.expm1,
    "sinpi": mp.sinpi,
    "cospi": mp.cospi,
    "pow": mp.power,
}
draw = random.Random(20250412)


def spread(low, high, count=12):
    """Numbers of any magnitude from 2^low to 2^high."""
    return [2 ** draw.uniform(low, high) for _ in range(count)]


def even(low, high, count=12):
    return [draw.uniform(low, high) for _ in range(count)]


def signed(numbers):
    return [draw.choice([-1, 1]) * number for number in numbers]


def near_one():
    return [1 + number for number in signed(spread(-52, -1))]


# Next to the borders of the tables' steps, where the rest is largest.
logarithm_borders = [(1 + (step + 0.5) / 128) * 2.0**scale for step in (0, 1, 2, 63, 126, 127) for scale in (-1, 0, 1)]
exponential_borders = [(step + 0.5) * 0.005415212348514514 for step in (-130, -129, -2, -1, 0, 1, 2, 127, 128)]
logarithms = spread(-1074, 1023.9) + even(0.5, 2) + near_one() + logarithm_borders
exponents = even(-708, 709.7) + even(-2, 2) + signed(spread(-60, 5)) + exponential_borders
turns = even(-4, 4) + even(-0.25, 0.25) + signed(spread(-60, 50)) + [0.25, 0.125, 0.2499999999, 2.0**52 + 1]
ARGUMENTS = {
    "log": logarithms,
    "log2": logarithms + [2.0**power for power in (-1074, -5, 1, 33)],
    "log10": logarithms + [10.0**power for power in (1, 9, 22)],
    "log1p": spread(-60, 1000) + [-x for x in spread(-60, 0)] + even(-1, 4) + [x - 1 for x in logarithm_borders[:12]],
    "exp": exponents,
    "expm1": [x for x in exponents if x > -60] + even(-0.02, 0.02),
    "sinpi": turns,
    "cospi": turns,
}
POWERS = (
    list(zip(spread(-1000, 1000), even(-0.7, 0.7)))
    + list(zip(spread(-5, 5), even(-100, 100)))
    + list(zip(near_one(), signed(spread(0, 12))))
    + [(10.0, y) for y in even(-300, 300)]
    + [(10.0, float(y)) for y in (-3, 2, 22, 300)]
    + [(-1.5, 3.0), (-1.5, -4.0), (3.0, 0.5)]
)


def line(function, x, y=None):
    value = FUNCTIONS[function](mpf(x)) if y is None else FUNCTIONS[function](mpf(x), mpf(y))
    high = float(value)
    texts = [x.hex(), "" if y is None else y.hex(), high.hex(), float(value - mpf(high)).hex()]
    return ",".join([function, *texts])


rows = [line(function, float(x)) for function, numbers in ARGUMENTS.items() for x in numbers]
rows += [line("pow", x, y) for x, y in POWERS]
Path(__file__).with_name("references.csv").write_text("function,x,y,high,low\n" + "\n".join(rows) + "\n")
