"""What the scripts of tools/validate share: AirSplit's side, always through its commands."""

import csv
import functools
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@functools.cache
def binary():
    """The airsplit that AIRSPLIT names, or this tree's release build, which is made where it is missing."""
    if named := os.environ.get("AIRSPLIT"):
        return named
    build = ["swift", "build", "--package-path", ROOT, "--configuration", "release", "--product", "airsplit"]
    place = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    if not (Path(place) / "airsplit").exists():
        subprocess.run(build, check=True, stdout=sys.stderr)
    return str(Path(place) / "airsplit")


def airsplit(*arguments):
    """What a command prints; ends the script where the command fails."""
    done = subprocess.run([binary(), *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"error: airsplit {' '.join(map(str, arguments))} failed")
    return done.stdout


def rows(text):
    """A CSV text as a list of dictionaries."""
    return list(csv.DictReader(text.splitlines()))


def run(folder, scenario, *options):
    """The rows of devices.csv of a run of a scenario, which is a text."""
    path = Path(folder) / "scenario.yaml"
    path.write_text(scenario, encoding="utf-8")
    out = Path(folder) / "run"
    airsplit("run", path, "--trace", "devices", "--out", out, "--force", "--quiet", *options)
    return rows((out / "devices.csv").read_text(encoding="utf-8"))


def table(header, lines):
    """Prints a Markdown table to standard output."""
    for line in [header, ["---"] * len(header), *lines]:
        print("| " + " | ".join(map(str, line)) + " |")
