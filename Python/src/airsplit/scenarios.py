"""Scenarios as the program reads them: a file, the name of a shipped one, or a dict; and values laid over them."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from . import _command
from .errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

#: A path, the name of a shipped scenario ("paper", "quickstart"), or the scenario itself.
Scenario = Union[str, "os.PathLike[str]", Mapping[str, Any]]
#: Values by key: nested mappings are laid leaf by leaf, a key with dots (``uplink.fading``) as a whole.
Overrides = Mapping[str, Any]

#: Keys that name files, from the current folder in a dict as they are from its own folder in a file.
_FILES = (("devices", "file"), ("uplink", "gains"), ("mobility", "file"), ("model", "weights"), ("training", "dataset", "path"))


def validate(scenario: Scenario, overrides: Overrides | None = None) -> str:
    """Checks a scenario and returns it with every default in force, as YAML.

    Warnings are warned of; raises ``ScenarioError`` with every mistake.
    """
    with file(scenario) as (path, renaming):
        return _command.call(["validate", "--resolved", path, *settings(overrides)], renaming=renaming).text()


def channel(
    scenario: Scenario, devices: Any = 0, blocks: Any = 0, *, start_s: float = 0, stop_s: float = 1, step_s: float = 1e-3,
    repetition: int = 0, overrides: Overrides | None = None,
) -> pd.DataFrame:
    """The channel over time, one row per instant, device and block.

    ``devices`` and ``blocks`` are numbers or sequences of them, from 0; times are in seconds, ``stop_s`` is included. Columns are
    those of ``airsplit channel``: ``time_s``, ``device``, ``block``, ``x_m``, ``y_m``, ``distance_m``, …, ``gain_db``.
    """
    from .results import read_exactly
    with file(scenario) as (path, renaming):
        output = _command.call(
            ["channel", path, "--devices", _numbers(devices), "--blocks", _numbers(blocks), "--from", repr(float(start_s)),
             "--to", repr(float(stop_s)), "--step", repr(float(step_s)), "--repetition", str(int(repetition)),
             *settings(overrides)], renaming=renaming)
    return read_exactly(output.data)


def list_scenarios() -> list[str]:
    """The names of the scenarios that come with the program."""
    folder = _command.shared_folder("scenarios")
    return sorted(path.stem for path in folder.glob("*.yaml")) if folder else []


def list_policies() -> list[dict[str, Any]]:
    """Policies: ``name``, ``summary`` and ``settings``."""
    return _listing("policies")


def list_frameworks() -> list[dict[str, Any]]:
    """Frameworks, such as ``sflam`` and ``fl``, with their traits."""
    return _listing("frameworks")


def list_metrics() -> list[dict[str, Any]]:
    """What ``compare`` can compare: ``name``, ``unit``, ``better``."""
    return _listing("metrics")


def list_keys() -> list[dict[str, Any]]:
    """Every key of a scenario."""
    return _listing("keys")


def _listing(topic: str) -> list[dict[str, Any]]:
    return json.loads(_command.call(["list", topic, "--format", "json"]).text())


@contextlib.contextmanager
def file(scenario: Scenario) -> Iterator[tuple[str, dict[str, str]]]:
    """A file with the scenario, as long as it is needed, and how messages are to call it."""
    if not isinstance(scenario, Mapping):
        yield _path(scenario), {}
        return
    tree = _with_paths_from_here(scenario)
    tree.setdefault("schema", 1)
    tree.setdefault("name", "scenario")
    with tempfile.TemporaryDirectory(prefix="airsplit-") as folder:
        path = os.path.join(folder, "scenario.yaml")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(yaml(tree, indent=1))
        yield path, {path: "<dict>", folder + "/": ""}


def _path(scenario: str | os.PathLike[str]) -> str:
    path = os.fspath(scenario)
    if not os.path.isfile(path) and "/" not in path and isinstance(scenario, str):
        folder = _command.shared_folder("scenarios")
        shipped = folder / f"{path.removesuffix('.yaml')}.yaml" if folder else None
        if shipped and shipped.is_file():
            return str(shipped)
        if folder and not path.endswith((".yaml", ".yml")):
            import difflib
            names = list_scenarios()
            near = difflib.get_close_matches(path, names, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(names)}"
            raise ScenarioError(f"there is no file and no shipped scenario '{path}'; {hint}")
    # What looks like an option is a file all the same.
    return f"./{path}" if path.startswith("-") else path


def _with_paths_from_here(scenario: Mapping[str, Any]) -> dict[str, Any]:
    tree = {key: dict(value) if isinstance(value, Mapping) else value for key, value in scenario.items()}
    for *parents, last in _FILES:
        node: Any = tree
        for key in parents:
            if isinstance(node.get(key), Mapping):
                node[key] = dict(node[key])
                node = node[key]
            else:
                node = {}
        if isinstance(node.get(last), str):
            node[last] = os.path.abspath(node[last])
    return tree


def settings(overrides: Overrides | None) -> list[str]:
    """Values laid over a scenario, as options of a command."""
    words = []
    for key, value in _leaves(overrides or {}):
        words += ["--set", f"{key}={yaml(value)}"]
    return words


def _leaves(overrides: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in overrides.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value and "." not in key:
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def yaml(value: Any, indent: int | None = None) -> str:
    """A value as YAML, of which JSON is a part. Numbers and arrays of numpy are numbers and lists; paths are absolute."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=plain)


def plain(value: Any) -> Any:
    """What JSON does not know as what it does."""
    if isinstance(value, os.PathLike):
        return os.path.abspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (tuple, range)):
        return list(value)
    raise TypeError(f"a scenario cannot say {type(value).__name__}")


def _numbers(items: Any) -> str:
    return ",".join(str(int(item)) for item in ([items] if not hasattr(items, "__iter__") else items))
