#!/usr/bin/env python3
"""Writes the tables of Sources/CElementary: tools/elementary-tables.py [FOLDER]

Numbers are computed to 200 digits with mpmath (Debian: python3-mpmath). The high part of a logarithm is a multiple of
2^-42, so that its sum with whole multiples of ln 2's high part is exact; each low part is the rest, rounded to a double.
"""
import sys
from pathlib import Path

from mpmath import floor, log, mp, mpf, nint

mp.dps = 200
STEPS = 128
INCLUDE_NOTE = "/* Written by tools/elementary-tables.py. */\n"


def split(value, unit):
    """A value as a multiple of `unit` and the rest."""
    high = nint(value / unit) * unit
    return float(high), float(value - high)


def logarithms():
    rows = []
    for step in range(STEPS + 1):
        centre = 1 + mpf(step) / STEPS
        inverse = floor(4096 / centre + mpf(1) / 2) / 4096
        high, low = split(-log(inverse), mpf(2) ** -42)
        rows.append((float(inverse), high, low))
    return rows


def powers():
    rows = []
    for step in range(STEPS):
        value = mpf(2) ** (mpf(step) / STEPS)
        high = float(value)
        rows.append((high, float(value - mpf(high))))
    return rows


def table(type_name, name, note, rows):
    lines = [f"/* {note} */", f"static const {type_name} {name}[{len(rows)}] = {{"]
    lines += ["    {" + ", ".join(number.hex() for number in row) + "}," for row in rows]
    return "\n".join(lines + ["};", ""])


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "Sources/CElementary")
    folder.joinpath("logarithm-table.h").write_text(
        INCLUDE_NOTE
        + table(
            "logarithm_step",
            "logarithm_steps",
            "About 128 / (128 + i) in twelfth bits, and minus its logarithm.",
            logarithms(),
        )
    )
    folder.joinpath("exponential-table.h").write_text(
        INCLUDE_NOTE + table("two_parts", "exponential_steps", "2^(i/128).", powers())
    )
    for name, value, unit in [
        ("ln 2 (multiple of 2^-42)", log(2), mpf(2) ** -42),
        ("ln 2 / 128 (34 bits)", log(2) / 128, mpf(2) ** -42),
    ]:
        print(name, *(part.hex() for part in split(value, unit)))
    for name, value in [
        ("128 / ln 2", 128 / log(2)),
        ("1 / ln 2", 1 / log(2)),
        ("1 / ln 10", 1 / log(10)),
        ("pi", +mp.pi),
    ]:
        high = float(value)
        print(name, high.hex(), float(value - mpf(high)).hex())


if __name__ == "__main__":
    main()
