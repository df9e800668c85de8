"""Policies as functions of Python.

    def strongest(problem):
        device, block = numpy.unravel_index(problem.gains.argmax(), problem.gains.shape)
        return [(device, block)]

    airsplit.run("quickstart", policy=strongest)

A policy is called once per round with a ``Problem`` and returns who takes part: pairs (device, block), or dicts with ``device``,
``block`` and, if it decides them too, ``power_w``, ``bits`` and ``clock_scale``. What is left open is chosen so that the objective is
largest. Numbers of numpy are numbers. The function runs in this process, on the thread that called, and the program asks it over a
socket: 0.4 ms per round of 50 devices and 10 blocks, beside what the function takes. ``airsplit.environments`` needs a tenth of that
where rounds can be decided from outside, without checkpoints or comparisons. An answer that breaks a constraint of (22a-g) ends the run with a message, unless
``overrides={"policies.external.on_violation": "skip"}`` (or ``"penalty"``) says otherwise.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """The allocation problem of a round, N devices on K blocks. Arrays cannot be written to."""

    #: From 1.
    round: int
    #: Channel power gains h_nk, linear, (N, K); 0 where there is no link.
    gains: np.ndarray
    #: rho_n, (N,).
    data_share: np.ndarray
    #: T_n^dev and E_n^dev of a step, (9), (10): s and J, (N,).
    compute_time_s: np.ndarray
    compute_energy_j: np.ndarray
    #: T^srv of a step, (11), with the wait that is expected: s, (N,).
    server_time_s: np.ndarray
    #: Limits of the power, W, (N,).
    power_min_w: np.ndarray
    power_max_w: np.ndarray
    #: Levels q, rising, and S(q) of each: bit, (Q,).
    bits: np.ndarray
    payload_bits: np.ndarray
    #: T_max, (22a): s; infinite without one.
    deadline_s: float
    #: B and N0 of a block: Hz and W.
    bandwidth_hz: float
    noise_w: float
    #: ``{"kind": "ratio"}`` or ``{"kind": "difference", "weight_j": …}``, (21).
    objective: Mapping[str, Any]
    #: Of the draw: the same devices and channels have the same.
    seed: int
    repetition: int
    #: Every term of each device, with the keys of an instance file.
    devices: tuple[Mapping[str, Any], ...]
    #: What the last round came to (``objective``, ``participants``, ``violations``); none in the first.
    last: Mapping[str, Any] | None
    #: The resolved scenario.
    scenario: Mapping[str, Any]
    #: The rest of the problem, with the keys of an instance file: ``downlink``, ``link``, ``clock_scales``.
    terms: Mapping[str, Any]

    @functools.cached_property
    def gains_db(self) -> np.ndarray:
        """Gains in dB, (N, K); ``-inf`` where there is no link."""
        import numpy as np
        with np.errstate(divide="ignore"):
            return _fixed(10 * np.log10(self.gains))

    @property
    def device_count(self) -> int:
        """N."""
        return self.gains.shape[0]

    @property
    def block_count(self) -> int:
        """K."""
        return self.gains.shape[1]


def problem(hello: Mapping[str, Any], message: Mapping[str, Any], devices: list[Mapping[str, Any]]) -> Problem:
    """The problem that the program's messages tell."""
    import numpy as np
    terms = hello["problem"]

    def each(key: str) -> np.ndarray:
        return _fixed(np.array([device[key] for device in devices], dtype=float))

    deadline = terms["deadline_s"]
    return Problem(
        round=message["round"], gains=_fixed(np.array(message["gains"], dtype=float).reshape(len(devices), terms["blocks"])),
        **{key: each(key) for key in (
            "data_share", "compute_time_s", "compute_energy_j", "server_time_s", "power_min_w", "power_max_w")},
        bits=_fixed(np.array(terms["bits"])), payload_bits=_fixed(np.array(terms["payload_bits"], dtype=float)),
        deadline_s=math.inf if deadline is None else deadline, bandwidth_hz=terms["bandwidth_hz"], noise_w=terms["noise_w"],
        objective=terms["objective"], seed=hello["seed"], repetition=hello["repetition"], devices=tuple(devices),
        last=message["last"], scenario=hello["scenario"], terms=terms)


def assignments(answer: Iterable[Any]) -> list[dict[str, Any]]:
    """An answer in the program's words.

    Raises ``TypeError`` or ``ValueError`` for what is neither a pair nor a dict of numbers.
    """
    return [_assignment(item) for item in answer]


def _assignment(item: Any) -> dict[str, Any]:
    if isinstance(item, Mapping):
        fields = dict(item)
    else:
        try:
            device, block = item
        except (TypeError, ValueError):
            raise TypeError(f"a policy answers pairs (device, block) or dicts, and {item!r} is neither") from None
        fields = {"device": device, "block": block}
    return {
        key: _whole(key, value) if key in ("device", "block", "bits") else float(value)
        for key, value in fields.items() if value is not None}


def _whole(key: str, value: Any) -> int:
    number = float(value)
    if not number.is_integer():
        raise ValueError(f"a policy answered {key} {value!r}, which is no whole number")
    return int(value)


def _fixed(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
