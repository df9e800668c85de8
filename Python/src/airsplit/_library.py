"""The native library: worlds of a scenario in this process, played round by round over arrays of numpy without a copy."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from . import _command
from .errors import AirSplitError, ProgramNotFound, RunError, ScenarioError

#: The version of the interface that this module speaks (airsplit.h).
_INTERFACE = 1
_MESSAGE = 1 << 16

BLOCKS, SCORES, BITS = 0, 1, 2


def _fields(*names: str) -> list[tuple[str, Any]]:
    return [(name, ctypes.c_void_p) for name in names]


class _Observation(ctypes.Structure):
    _fields_ = _fields(
        "gains_db", "gains", "usable", "bits_most", "devices", "idle_rounds", "round", "time_s")


class _Action(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int32), *_fields("devices", "bits", "power_w", "clock_scale", "scores")]


class _Outcome(ctypes.Structure):
    _fields_ = _fields("figures", "terminated", "truncated", "devices", "bits", "power_w", "values", "energy_j")


def place() -> Path:
    """The library that is loaded: that of ``AIRSPLIT_LIBRARY``, of the wheel, or of a source checkout."""
    named = os.environ.get("AIRSPLIT_LIBRARY")
    program = _command.program()
    places = [Path(named)] if named else [
        program.parent.parent / "libexec" / "airsplit" / "libairsplit.so", program.parent / "libairsplit-library.so"]
    for path in places:
        if path.is_file():
            return path
    raise ProgramNotFound(
        f"AIRSPLIT_LIBRARY names '{named}', which is no file" if named else
        "there is no library of AirSplit; install the wheel that tools/make-wheel makes, or build a source checkout with "
        "'swift build -c release --product airsplit-library'")


@functools.cache
def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(str(place()))
    library.airsplit_version.restype = ctypes.c_char_p
    found = library.airsplit_interface()
    if found != _INTERFACE:
        raise AirSplitError(f"{place()} has version {found} of the interface, and {_INTERFACE} is needed")
    return library


def version() -> str:
    """The library's version."""
    return _load().airsplit_version().decode()


_buffers = threading.local()


def _call(name: str, *arguments: Any) -> None:
    message = getattr(_buffers, "message", None)
    if message is None:
        message = _buffers.message = ctypes.create_string_buffer(_MESSAGE)
    status = getattr(_load(), name)(*arguments, message, ctypes.c_size_t(_MESSAGE))
    if status:
        raise (ScenarioError if status == 2 else RunError)(message.value.decode(errors="replace"))


def estimate(values: Sequence[float]) -> tuple[float, float]:
    """The mean of draws and half the width of its 95 % interval; nan for fewer than two, and where no draw differs."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    mean, half = ctypes.c_double(), ctypes.c_double()
    _call("airsplit_estimate", ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(array.size), ctypes.byref(mean),
          ctypes.byref(half))
    return mean.value, half.value


class Worlds:
    """Worlds of a scenario, opened with the options that ``airsplit.h`` documents; the arrays are written anew by every call.

    ``gains_db`` (W, N, K) float32 in dB, ``gains`` the same as power ratios in float64 where ``linear``, ``usable`` (W, N, K)
    bool, ``bits_most`` (W, N), ``devices`` (W, N, C) float64 by ``columns``, ``idle_rounds`` (W, N), ``round`` (W,), ``time_s``
    (W,); after a step ``figures`` (W, F), ``terminated`` and ``truncated`` (W,) bool, ``block_devices``, ``block_bits`` and
    ``block_power_w`` (W, K) as they were played, ``values`` and ``energy_j`` (W, N).
    """

    def __init__(self, options: Mapping[str, Any], *, linear: bool = False) -> None:
        self._handle = ctypes.c_int64()
        _call("airsplit_open", json.dumps(options).encode(), ctypes.byref(self._handle))
        about = self.about = self._describe()
        W, N, K = self.shape = about["worlds"], about["devices"], about["blocks"]
        self.columns = {name: place for place, name in enumerate(about["device_columns"])}
        self.places = {name: place for place, name in enumerate(about["figures"])}
        self.gains_db = np.zeros((W, N, K), np.float32)
        self.gains = np.zeros((W, N, K)) if linear else None
        self.usable = np.zeros((W, N, K), np.bool_)
        self.bits_most = np.zeros((W, N), np.int32)
        self.devices = np.zeros((W, N, len(self.columns)))
        self.idle_rounds = np.zeros((W, N), np.int32)
        self.round = np.zeros(W, np.int32)
        self.time_s = np.zeros(W)
        self.figures = np.zeros((W, len(self.places)))
        self.terminated, self.truncated = np.zeros(W, np.bool_), np.zeros(W, np.bool_)
        self.block_devices = np.zeros((W, K), np.int32)
        self.block_bits = np.zeros((W, K), np.int32)
        self.block_power_w = np.zeros((W, K))
        self.values, self.energy_j = np.zeros((W, N)), np.zeros((W, N))
        self._observation = _Observation(*map(_pointer, (
            self.gains_db, self.gains, self.usable, self.bits_most, self.devices, self.idle_rounds, self.round, self.time_s)))
        self._outcome = _Outcome(*map(_pointer, (
            self.figures, self.terminated, self.truncated, self.block_devices, self.block_bits, self.block_power_w,
            self.values, self.energy_j)))

    def _describe(self) -> dict[str, Any]:
        needed, size = ctypes.c_size_t(), 1 << 16
        while True:
            text = ctypes.create_string_buffer(size)
            _call("airsplit_describe", self._handle, text, ctypes.c_size_t(size), ctypes.byref(needed))
            if needed.value <= size:
                return json.loads(text.value)
            size = needed.value

    def reset(self, which: np.ndarray | None = None, seeds: Sequence[int] | None = None) -> None:
        """Begins the worlds of the mask ``which``, or all, as the repetitions ``seeds`` (W,), or those that follow."""
        W = self.shape[0]
        mask = None if which is None else _array(which, np.bool_, (W,), "which")
        numbers = None if seeds is None else _array(seeds, np.uint64, (W,), "seeds")
        _call("airsplit_reset", self._handle, ctypes.c_void_p(_pointer(mask)), ctypes.c_void_p(_pointer(numbers)),
              ctypes.byref(self._observation))

    def step(
        self, kind: int | None, *, devices: Any = None, bits: Any = None, power_w: Any = None, clock_scale: Any = None,
        scores: Any = None,
    ) -> None:
        """Plays a round of every world; without a kind the scenario's policy decides.

        ``BLOCKS``: ``devices`` (W, K), -1 for none, and if given ``bits`` (W, K), 0 for the best, ``power_w`` and ``clock_scale``
        (W, K), nan for the best. ``SCORES``: ``scores`` (W, N). ``BITS``: ``bits`` (W, N), 0 for no part.
        """
        W, N, K = self.shape
        action = None
        if kind is not None:
            per_block = (W, K)
            arrays = [
                None if devices is None else _array(devices, np.int32, per_block, "devices"),
                None if bits is None else _array(bits, np.int32, (W, N) if kind == BITS else per_block, "bits"),
                None if power_w is None else _array(power_w, np.float64, per_block, "power_w"),
                None if clock_scale is None else _array(clock_scale, np.float64, per_block, "clock_scale"),
                None if scores is None else _array(scores, np.float64, (W, N), "scores"),
            ]
            action = ctypes.byref(_Action(kind, *map(_pointer, arrays)))
        _call("airsplit_step", self._handle, action, ctypes.byref(self._outcome), ctypes.byref(self._observation))

    def figure(self, name: str) -> np.ndarray:
        """A figure of every world's last round (W,); nan where it has none."""
        return self.figures[:, self.places[name]]

    def column(self, name: str) -> np.ndarray:
        """What every device has (W, N), such as ``power_max_w``."""
        return self.devices[:, :, self.columns[name]]

    def close(self) -> None:
        """Closes the worlds; once more is no mistake."""
        handle, self._handle = self._handle, ctypes.c_int64()
        if handle.value:
            _call("airsplit_close", handle)

    def __enter__(self) -> Worlds:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        try:
            if getattr(self, "_handle", None):
                self.close()
        except Exception:  # the interpreter may be ending
            pass


def _pointer(array: np.ndarray | None) -> int | None:
    return None if array is None else array.ctypes.data


def _array(value: Any, kind: Any, shape: tuple[int, ...], name: str) -> np.ndarray:
    array = np.asarray(value)
    if array.shape != shape:
        raise ScenarioError(f"'{name}' has the shape {array.shape}; {shape} is needed")
    if array.dtype == kind:
        return np.ascontiguousarray(array)
    if not np.issubdtype(array.dtype, np.number) and array.dtype != np.bool_:
        raise ScenarioError(f"'{name}' is of {array.dtype}; numbers are needed")
    with np.errstate(invalid="ignore"):
        converted = np.ascontiguousarray(array, dtype=kind)
    if not np.issubdtype(kind, np.floating) and not np.array_equal(converted, array):
        raise ScenarioError(f"'{name}' has numbers that are not whole, or too large")
    return converted
