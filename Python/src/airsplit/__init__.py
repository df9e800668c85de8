"""AirSplit in Python: simulate split federated fine-tuning over a wireless uplink, allocate its rounds, compare policies.

    import airsplit
    run = airsplit.run("quickstart", policy="bcd", rounds=5)
    run.rounds[["round", "objective", "objective_optimum"]]
    airsplit.compare("quickstart", policies=["exact", "bcd", "ep"], repetitions=20)
    environment = gymnasium.make("airsplit/Round-v0", scenario="quickstart", action="scores")

The notebooks in Examples/notebooks of the source begin with first steps, and end with a policy that is learned.

Everything is simulated by the native program ``airsplit``, which the wheel brings; names here are imported when they are used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._registration import register_when_imported

#: That of the program.
__version__ = "0.1.0"

_PLACES = {
    "errors": ("AirSplitError", "AirSplitWarning", "NotEnoughData", "ProgramNotFound", "RunError", "ScenarioError"),
    "evaluation": ("evaluate",),
    "instances": ("check", "draw", "solve"),
    "policies": ("Problem",),
    "results": ("load_runs", "types"),
    "runs": ("Run", "resume", "run"),
    "scenarios": (
        "channel", "list_frameworks", "list_keys", "list_metrics", "list_policies", "list_scenarios", "validate"),
    "studies": ("compare", "sweep"),
}
_MODULES = (
    "callbacks", "channels", "environments", "errors", "evaluation", "instances", "multiagent", "policies", "results", "runs",
    "scenarios", "studies")
_PLACE = {name: module for module, names in _PLACES.items() for name in names}

__all__ = sorted([*_PLACE, *_MODULES, "__version__"])

if TYPE_CHECKING:
    from . import (
        callbacks, channels, environments, errors, evaluation, instances, multiagent, policies, results, runs, scenarios,
        studies)
    from .errors import AirSplitError, AirSplitWarning, NotEnoughData, ProgramNotFound, RunError, ScenarioError
    from .evaluation import evaluate
    from .instances import check, draw, solve
    from .policies import Problem
    from .results import load_runs, types
    from .runs import Run, resume, run
    from .scenarios import (
        channel, list_frameworks, list_keys, list_metrics, list_policies, list_scenarios, validate)
    from .studies import compare, sweep


def __getattr__(name: str) -> Any:
    if name in _PLACE:
        value = getattr(importlib.import_module(f".{_PLACE[name]}", __name__), name)
    elif name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    else:
        raise AttributeError(f"module 'airsplit' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


register_when_imported()
