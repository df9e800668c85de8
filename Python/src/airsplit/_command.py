"""The native program: where it is, how it is called, and what its messages become."""

from __future__ import annotations

import csv
import functools
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .errors import AirSplitWarning, NotEnoughData, ProgramNotFound, RunError, ScenarioError

_PACKAGE = Path(__file__).resolve().parent


class Output(NamedTuple):
    """What a call of the program left: its data, to be read once, and its notes, without warnings."""

    data: BinaryIO
    notes: list[str]

    def text(self) -> str:
        return self.data.read().decode()


def program() -> Path:
    """The program that is called: that of ``AIRSPLIT_EXECUTABLE``, of the wheel, of a source checkout, or of ``PATH``.

    Raises ``ProgramNotFound`` where there is none.
    """
    return _program(os.environ.get("AIRSPLIT_EXECUTABLE"))


@functools.cache
def _program(named: str | None) -> Path:
    if named:
        if not os.access(named, os.X_OK):
            raise ProgramNotFound(f"AIRSPLIT_EXECUTABLE names '{named}', which is no program")
        return Path(named).resolve()
    for place in _places():
        if os.access(place, os.X_OK):
            return place.resolve()
    found = shutil.which("airsplit")
    # A script in Python of that name would be one that calls this.
    if found:
        with open(found, "rb") as file:
            if file.read(4) == b"\x7fELF":
                return Path(found).resolve()
    raise ProgramNotFound(
        "there is no program 'airsplit'; install the wheel that tools/make-wheel makes, build a source checkout with "
        "'swift build -c release --product airsplit', or name the program in AIRSPLIT_EXECUTABLE")


def _places() -> list[Path]:
    site = _PACKAGE.parent
    places = []
    # Read as a file: importlib.metadata takes longer to import than a short run takes.
    for record in site.glob("airsplit-*.dist-info/RECORD"):
        with record.open(newline="") as file:
            places += [site / row[0] for row in csv.reader(file) if row and row[0].endswith("bin/airsplit")]
    # `pip install --target` moves the folder of scripts and leaves RECORD as it was.
    places.append(site / "bin" / "airsplit")
    checkout = _checkout()
    if checkout:
        places += [checkout / build / "release" / "airsplit" for build in (".build-release", ".build")]
    return places


def _checkout() -> Path | None:
    """The source checkout that this package is a part of."""
    root = _PACKAGE.parent.parent.parent
    return root if (root / "Package.swift").is_file() and (root / "Python").is_dir() else None


def installed(path: str) -> Path | None:
    """A file or folder below the prefix of the wheel or of the program, such as ``libexec/airsplit/libairsplit.so``."""
    prefixes = [place.parent.parent for place in _places()] + [_PACKAGE.parent]
    try:
        prefixes.append(program().parent.parent)
    except ProgramNotFound:
        pass
    return next((prefix / path for prefix in prefixes if (prefix / path).exists()), None)


@functools.cache
def shared_folder(name: str) -> Path | None:
    """A folder that is shipped with the program, such as ``scenarios``: of the checkout, or below the wheel's prefix."""
    checkout = _checkout()
    if checkout and (checkout / name).is_dir():
        return checkout / name
    return installed(f"share/airsplit/{name}")


def call(
    arguments: Sequence[str], *, environment: Mapping[str, str] | None = None,
    meanwhile: Callable[[subprocess.Popen[bytes]], None] | None = None, renaming: Mapping[str, str] | None = None,
) -> Output:
    """Calls the program and waits for its end.

    Ctrl-C is handed on, so that a run saves its checkpoint; ``KeyboardInterrupt`` follows when the program has ended.
    ``meanwhile`` serves it until then. In messages, ``renaming`` gives the names by which the caller knows files.
    """
    data, said = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    with data, said:
        child = subprocess.Popen(
            [str(program()), *arguments], stdin=subprocess.DEVNULL, stdout=data, stderr=said,
            env={**os.environ, **environment} if environment else None)
        try:
            if meanwhile:
                meanwhile(child)
            child.wait()
        except KeyboardInterrupt as interrupt:
            _end(child)
            raise KeyboardInterrupt(_read(said, renaming)) from interrupt
        except BaseException:
            _end(child)
            raise
        text = _read(said, renaming)
        data.seek(0)
        output = io.BytesIO(data.read())
    if child.returncode == -signal.SIGINT:
        raise KeyboardInterrupt(text)
    if child.returncode != 0:
        kind = {2: ScenarioError, 3: NotEnoughData}.get(child.returncode, RunError)
        if child.returncode < 0:
            text = f"{text}\nthe program was ended by signal {-child.returncode}".strip()
        _warn(line for line in text.splitlines() if _is_warning(line))
        raise kind("\n".join(_plain(line) for line in text.splitlines() if not _is_warning(line)))
    lines = text.splitlines()
    _warn(line for line in lines if _is_warning(line))
    return Output(output, [line for line in lines if line and not _is_warning(line)])


def _end(child: subprocess.Popen[bytes]) -> None:
    """Asks the program to end, and waits for it; Ctrl-C again asks again, upon which it ends at once."""
    while child.poll() is None:
        try:
            child.send_signal(signal.SIGINT)
            child.wait()
        except KeyboardInterrupt:
            continue


def _read(said: BinaryIO, renaming: Mapping[str, str] | None) -> str:
    said.seek(0)
    text = said.read().decode(errors="replace")
    for file, name in (renaming or {}).items():
        text = text.replace(file, name)
    return text.strip()


def _is_warning(line: str) -> bool:
    return line.startswith("warning: ") or ": warning: " in line


def _plain(line: str) -> str:
    """A message's line in this package's words."""
    line = line.removeprefix("error: ")
    return f"overrides: {line.removeprefix('--set ')}" if line.startswith("--set ") else line


def _warn(lines) -> None:
    """Warns where the caller of this package called it."""
    depth, frame = 1, sys._getframe()
    while frame.f_back and Path(frame.f_code.co_filename).parent == _PACKAGE:
        depth, frame = depth + 1, frame.f_back
    for line in lines:
        warnings.warn(_plain(line.removeprefix("warning: ")), AirSplitWarning, stacklevel=depth)
