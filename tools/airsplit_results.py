"""`load_runs` and `types` of the Python package, for scripts that stand beside a source checkout: see
Python/src/airsplit/results.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Python" / "src"))

from airsplit.results import load_runs, types  # noqa: E402

__all__ = ["load_runs", "types"]
