"""Tells gymnasium of ``airsplit/Round-v0`` without importing it: at once where it is there already, else when it is imported."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
from typing import Any

_MODULE = "gymnasium.envs.registration"


def register(registration: Any) -> None:
    """Registers with gymnasium's module of that name, once."""
    if "airsplit/Round-v0" not in registration.registry:
        registration.register(
            "airsplit/Round-v0", entry_point="airsplit.environments:RoundEnv",
            vector_entry_point="airsplit.environments:RoundVectorEnv")


class _Registrar(importlib.abc.MetaPathFinder):
    """Waits for the import of gymnasium's registry. Gymnasium 1.4 asks no installed package for environments, and an import of its
    own here would take longer than all else."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_register(module: Any) -> None:
            execute(module)
            register(module)

        spec.loader.exec_module = execute_and_register  # type: ignore[method-assign]
        return spec


def register_when_imported() -> None:
    """Registers now or later."""
    if _MODULE in sys.modules:
        register(sys.modules[_MODULE])
    else:
        sys.meta_path.insert(0, _Registrar())
