"""Allocation alone: problems of one round as dicts, and answers to them."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union

from . import _command, scenarios
from .scenarios import Overrides, Scenario

#: A problem as a dict with the keys of an instance file (gains linear, arrays of numpy allowed), or a ``.json`` or ``.jsonl`` file.
Instances = Union[str, "os.PathLike[str]", Mapping[str, Any], Sequence[Mapping[str, Any]]]


def draw(
    scenario: Scenario, count: int = 1, *, seed: int | None = None, overrides: Overrides | None = None,
) -> list[dict[str, Any]]:
    """The first rounds of so many repetitions of a scenario, as instances: ``gains`` are linear, one row per device."""
    words = ["--seed", str(int(seed))] if seed is not None else []
    with scenarios.file(scenario) as (path, renaming):
        output = _command.call(
            ["draw", path, "--count", str(int(count)), *words, *scenarios.settings(overrides)], renaming=renaming)
    return [json.loads(line) for line in output.data]


def solve(
    instances: Instances, policy: str | Sequence[str] = "exact", *, settings: Mapping[str, Any] | None = None,
) -> Any:
    """Who takes part, with which block, power and bits, as ``airsplit solve`` says.

    An answer has ``objective``, ``assignments`` (``device``, ``block``, ``power_w``, ``bits``, times in s, energies in J) and
    sums. Of one policy and one instance it is returned as it is; several policies give a dict from name to answer, several
    instances a list. ``settings`` are the policies' own: ``{"bcd.tolerance": 1e-9}``.
    """
    names = [policy] if isinstance(policy, str) else list(policy)
    words = [word for key, value in (settings or {}).items() for word in ("--set", f"{key}={value}")]
    with _file(instances) as (path, renaming):
        output = _command.call(["solve", path, "--policy", ",".join(names), *words], renaming=renaming)
    answers = [json.loads(line)["policies"] for line in output.data]
    if isinstance(policy, str) and "," not in policy:
        answers = [answer[policy] for answer in answers]
    return answers[0] if _is_single(instances) else answers


def check(instances: Instances, answers: Any) -> str:
    """What ``airsplit check`` says of answers to instances: constraints (22a-g), objective, gap to the optimum.

    ``answers`` are answers as ``solve`` gives them, or lists of assignments, one per instance. Raises ``RunError`` with every
    violated constraint.
    """
    given = [answers] if _is_single(instances) else list(answers)
    lines = [answer if isinstance(answer, Mapping) else {"assignments": list(answer)} for answer in given]
    wrapped = [line if "policies" in line else {"policies": {"answer": line}} for line in lines]
    with _file(instances) as (path, renaming), _file(wrapped) as (answered, more):
        return _command.call(["check", path, answered], renaming={**renaming, **more}).text()


def _is_single(instances: Instances) -> bool:
    return isinstance(instances, Mapping) or isinstance(instances, (str, os.PathLike)) and str(instances).endswith(".json")


@contextlib.contextmanager
def _file(instances: Instances) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(instances, (str, os.PathLike)):
        yield os.fspath(instances), {}
        return
    items = [instances] if isinstance(instances, Mapping) else instances
    with tempfile.TemporaryDirectory(prefix="airsplit-") as folder:
        path = os.path.join(folder, "instances.jsonl")
        with open(path, "w", encoding="utf-8") as stream:
            for item in items:
                stream.write(json.dumps(item, ensure_ascii=False, default=scenarios.plain) + "\n")
        yield path, {path: "<dict>"}
