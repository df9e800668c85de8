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

from . import _command, scenarios
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
    try:
        library = ctypes.CDLL(str(place()))
        library.airsplit_version.restype = ctypes.c_char_p
        found = library.airsplit_interface()
    except (OSError, AttributeError) as error:
        raise AirSplitError(f"{place()} is no library of AirSplit: {error}") from None
    if found != _INTERFACE:
        raise AirSplitError(f"{place()} has version {found} of the interface, and {_INTERFACE} is needed")
    return library


def version() -> str:
    """The library's version."""
    return _load().airsplit_version().decode()


_buffers = threading.local()
#: The process that called the library first.
_process: int | None = None


def _call(name: str, *arguments: Any) -> None:
    global _process
    _process = _process or os.getpid()
    if _process != os.getpid():
        raise RunError(
            f"process {os.getpid()} was forked from one that had used AirSplit's library; start it by 'spawn' or 'forkserver', as "
            "AsyncVectorEnv(…, context='spawn') and SubprocVecEnv(…, start_method='forkserver') do, or play many worlds in one "
            "process: RoundVectorEnv")
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
    """Worlds of a scenario, opened with the options that ``airsplit.h`` documents; the arrays are written anew by every call, and by
    nobody else. Those of an observation stay 0 unless ``seen``.

    ``gains_db`` (W, N, K) float32 in dB, ``gains`` the same as power ratios in float64 where ``linear``, ``usable`` (W, N, K)
    bool, ``bits_most`` (W, N), ``devices`` (W, N, C) float64 by ``columns``, ``idle_rounds`` (W, N), ``round`` (W,), ``time_s``
    (W,); after a step ``figures`` (W, F), ``terminated`` and ``truncated`` (W,) bool, ``block_devices``, ``block_bits`` and
    ``block_power_w`` (W, K) as they were played, ``values`` and ``energy_j`` (W, N).
    """

    def __init__(self, options: Mapping[str, Any], *, linear: bool = False, seen: bool = True) -> None:
        self._handle = ctypes.c_int64()
        try:
            request = json.dumps(options, default=scenarios.plain)
        except TypeError as error:
            raise ScenarioError(f"an option cannot be said: {error}") from None
        _call("airsplit_open", request.encode(), ctypes.byref(self._handle))
        about = self.about = self._describe()
        W, N, K = self.shape = about["worlds"], about["devices"], about["blocks"]
        self.columns = {name: place for place, name in enumerate(about["device_columns"])}
        self.places = {name: place for place, name in enumerate(about["figures"])}
        self._kept: list[np.ndarray] = []
        self.gains_db = self._made((W, N, K), np.float32)
        self.gains = self._made((W, N, K)) if linear else None
        self.usable = self._made((W, N, K), np.bool_)
        self.bits_most = self._made((W, N), np.int32)
        self.devices = self._made((W, N, len(self.columns)))
        self.idle_rounds = self._made((W, N), np.int32)
        self.round = self._made((W,), np.int32)
        self.time_s = self._made((W,))
        self.figures = self._made((W, len(self.places)))
        self.terminated, self.truncated = self._made((W,), np.bool_), self._made((W,), np.bool_)
        self.block_devices = self._made((W, K), np.int32)
        self.block_bits = self._made((W, K), np.int32)
        self.block_power_w = self._made((W, K))
        self.values, self.energy_j = self._made((W, N)), self._made((W, N))
        observed = (
            self.gains_db, self.gains, self.usable, self.bits_most, self.devices, self.idle_rounds, self.round, self.time_s)
        self._observation = _Observation(*(_pointer(array if seen else None) for array in observed))
        self._outcome = _Outcome(*map(_pointer, (
            self.figures, self.terminated, self.truncated, self.block_devices, self.block_bits, self.block_power_w,
            self.values, self.energy_j)))

    def _made(self, shape: tuple[int, ...], kind: Any = np.float64) -> np.ndarray:
        """An array for the library to write, which lives as long as the worlds whatever becomes of the view that is returned."""
        self._kept.append(np.zeros(shape, kind))
        shown = self._kept[-1].view()
        shown.flags.writeable = False
        return shown

    def _use(self, name: str, *arguments: Any) -> None:
        if not self._handle.value:
            raise ScenarioError("the environment is closed")
        _call(name, self._handle, *arguments)

    def _describe(self) -> dict[str, Any]:
        needed, size = ctypes.c_size_t(), 1 << 16
        while True:
            text = ctypes.create_string_buffer(size)
            self._use("airsplit_describe", text, ctypes.c_size_t(size), ctypes.byref(needed))
            if needed.value <= size:
                return json.loads(text.value)
            size = needed.value

    def reset(self, which: np.ndarray | None = None, seeds: Sequence[int] | None = None) -> None:
        """Begins the worlds of the mask ``which``, or all, as the repetitions ``seeds`` (W,), or those that follow."""
        W = self.shape[0]
        mask = None if which is None else _array(which, np.bool_, (W,), "which")
        numbers = None if seeds is None else _array(seeds, np.uint64, (W,), "seeds")
        self._use("airsplit_reset", ctypes.c_void_p(_pointer(mask)), ctypes.c_void_p(_pointer(numbers)),
                  ctypes.byref(self._observation))
        for ended in (self.terminated, self.truncated):
            ended.base[slice(None) if mask is None else mask] = False

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
        self._use("airsplit_step", action, ctypes.byref(self._outcome), ctypes.byref(self._observation))

    def figure(self, name: str) -> np.ndarray:
        """A figure of every world's last round (W,); nan where it has none."""
        return self.figures[:, self.places[name]]

    def column(self, name: str) -> np.ndarray:
        """What every device has (W, N), such as ``power_max_w``."""
        return self.devices[:, :, self.columns[name]]

    def check_begun(self) -> None:
        """Raises where a world was never reset: there is nothing to see yet."""
        if not self.round.all():
            raise ScenarioError("nothing has begun: reset it first")

    def close(self) -> None:
        """Closes the worlds; once more is no mistake, and a forked process has none to close."""
        handle, self._handle = self._handle, ctypes.c_int64()
        if handle.value and _process == os.getpid():
            _call("airsplit_close", handle)

    def __reduce__(self) -> Any:
        raise TypeError("worlds that are open cannot be copied or pickled; open them anew, and reset to the same seed")

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
