"""Channels and movement of other tools as files that scenarios read.

    gains_db = airsplit.channels.from_sionna(a, tau, bandwidth_hz=20e6, blocks=10)
    airsplit.channels.save_gains("gains.npy", gains_db)
    airsplit.run("paper", overrides={"devices.count": gains_db.shape[1], "uplink.blocks": 10, "uplink.gains": "gains.npy"})

Gains are those of power in dB, (rounds, devices, blocks): below 0 by the path loss; ``-inf`` or nan where there is no link. A block's
gain is the mean of ``|H(f)|²`` over its part of the band, ``H(f) = Σ a exp(-j 2π f τ)`` over all paths. Several antennas: power is
divided evenly among those that send and added up over those that receive (maximum-ratio combining).
"""

from __future__ import annotations

import gzip
import os
import xml.etree.ElementTree
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: A path longer than this, in seconds (3,000 km), is none: the delay is in other units.
_LONGEST = 1e-2


def block_gains(
    coefficients: np.ndarray, delays_s: np.ndarray, *, bandwidth_hz: float, blocks: int, samples: int = 12,
) -> np.ndarray:
    """Gains in dB, (rounds, devices, blocks), of paths.

    ``coefficients`` are complex amplitudes (rounds, devices, receiving antennas, sending antennas, paths), ``delays_s`` their delays,
    of the same shape or one that stretches to it; ``bandwidth_hz`` is that of one block, the blocks lie side by side around the
    carrier. A path whose coefficient is 0 or nan is none. ``samples`` are the frequencies at which a block is looked at.
    """
    coefficients, delays_s = np.asarray(coefficients), np.asarray(delays_s, dtype=float)
    if coefficients.ndim != 5:
        raise ValueError(
            f"coefficients have shape {coefficients.shape}; (rounds, devices, receiving antennas, sending antennas, paths) is needed")
    if not (bandwidth_hz > 0 and int(blocks) == blocks >= 1 and int(samples) == samples >= 1):
        raise ValueError(f"bandwidth_hz, blocks and samples are {bandwidth_hz}, {blocks} and {samples}; all must be above 0")
    there = np.isfinite(coefficients) & (coefficients != 0)
    coefficients = np.where(there, coefficients, 0)
    # Where there is no path, tools write 0, nan, -1 or one second.
    delays_s = np.where(there, np.broadcast_to(delays_s, coefficients.shape), 0)
    if not np.isfinite(delays_s).all():
        raise ValueError("a path has a coefficient and no delay")
    if delays_s.size and (longest := delays_s.max()) > _LONGEST:
        raise ValueError(f"a path takes {longest:g} s; delays are in seconds, not shares of a delay spread")
    frequencies = bandwidth_hz / samples * (np.arange(blocks * samples) - (blocks * samples - 1) / 2)
    gains = np.empty((*coefficients.shape[:2], blocks))
    for place in np.ndindex(gains.shape[:2]):
        paths, delays = coefficients[place], delays_s[place]
        response = np.einsum("rtp,rtpf->rtf", paths, np.exp(-2j * np.pi * delays[..., None] * frequencies))
        power = (np.abs(response) ** 2).sum(axis=0).mean(axis=0)
        gains[place] = power.reshape(blocks, samples).mean(axis=1)
    with np.errstate(divide="ignore"):
        return 10 * np.log10(gains)


def from_sionna(
    a: Any, tau: Any, *, bandwidth_hz: float, blocks: int, direction: str | None = None, station: int = 0,
    path_loss_db: Any = 0, samples: int = 12,
) -> np.ndarray:
    """Gains in dB, (rounds, devices, blocks), of what a channel model of Sionna returns.

    ``a`` is complex, (batch, receivers, their antennas, senders, their antennas, paths, time steps), ``tau`` in seconds, (batch,
    receivers, senders, paths) or with antennas as ``a``. Rounds are the time steps of the first example of the batch, then those of
    the next. Devices are the senders (``direction="uplink"``) or, since a channel is reciprocal, the receivers (``"downlink"``);
    unless given, those of which there are several. ``station`` is the one on the other side.

    Seen with sionna-no-rt 2.2.0: ``UMi``, ``UMa`` and ``RMa`` put path loss and shadowing into ``a``; ``TDL`` and ``CDL`` have mean
    power 1, to which ``path_loss_db``, a number or one per device, belongs. Paths that a link has not have coefficient 0 and a delay of
    about 1 s. Called twice without a new topology, a model draws new rays and keeps path loss and shadowing: a loop of calls is one
    drop. Delays that were normalised, so that each link's first path has 0, change no gain.
    """
    a, tau = _array(a), _array(tau)
    if a.ndim != 7 or tau.ndim not in (4, 6):
        raise ValueError(f"a and tau have shapes {a.shape} and {tau.shape}; Sionna's have 7 and 4 (or 6) axes")
    if direction is None:
        if a.shape[1] > 1 and a.shape[3] > 1:
            raise ValueError(
                f"there are {a.shape[1]} receivers and {a.shape[3]} senders; say which are devices: direction='uplink' or 'downlink'")
        direction = "downlink" if a.shape[1] > 1 else "uplink"
    if direction not in ("uplink", "downlink"):
        raise ValueError(f"direction is {direction!r}; it is 'uplink' or 'downlink'")
    if tau.ndim == 4:
        tau = tau[:, :, None, :, None]
    # (batch, receivers, senders, antennas, antennas, paths, times)
    a, tau = a.transpose(0, 1, 3, 2, 4, 5, 6), tau.transpose(0, 1, 3, 2, 4, 5)
    if direction == "uplink":
        a, tau = a[:, station], tau[:, station]
    else:
        # Now the devices send: their antennas stand second.
        a, tau = (values[:, :, station].swapaxes(2, 3) for values in (a, tau))
    rounds, steps = a.shape[0], a.shape[-1]
    a = np.moveaxis(a, -1, 1).reshape(rounds * steps, *a.shape[1:-1])
    tau = np.repeat(tau, steps, axis=0)
    gains = block_gains(a, tau, bandwidth_hz=bandwidth_hz, blocks=blocks, samples=samples)
    return gains - np.broadcast_to(np.asarray(_array(path_loss_db), dtype=float), gains.shape[1])[None, :, None]


def from_deepmimo(
    dataset: Any, *, bandwidth_hz: float, blocks: int, users: Any = None, samples: int = 12,
) -> np.ndarray:
    """Gains in dB, (rounds, devices, blocks), of a DeepMIMO dataset, or of a list or ``DynamicDataset`` with one per round.

    ``users`` are the indices of those that are devices; all unless given. Paths are added up as amplitudes with their phases at every
    frequency. A user without a path has no link (``-inf``).

    Seen with deepmimo 4.0.5: ``power`` is in dB for 0 dB sent, ``phase`` in degrees, and what a user lacks is nan.
    ``compute_pathloss(coherent=False)`` adds amplitudes and not powers: two paths of -80 and -83 dB come to 75.4 dB of loss, and
    their powers to 78.2. ``compute_channels`` with subcarriers loses each path that comes later than a symbol, without a word: with
    512 subcarriers in 10 MHz after 51 us. Neither is used here.
    """
    # A dataset of several is an attribute of the object; other attributes would be looked for among the data.
    scenes = list(dataset) if isinstance(dataset, (list, tuple)) else list(vars(dataset).get("datasets", [dataset]))
    gains = []
    for scene in scenes:
        power, phase, delay = (np.asarray(scene[name], dtype=float) for name in ("power", "phase", "delay"))
        if users is not None:
            power, phase, delay = power[users], phase[users], delay[users]
        paths = np.sqrt(10 ** (power / 10)) * np.exp(1j * np.deg2rad(phase))
        gains.append(block_gains(
            paths[None, :, None, None], delay[None, :, None, None], bandwidth_hz=bandwidth_hz, blocks=blocks, samples=samples))
    if len({scene.shape for scene in gains}) > 1:
        raise ValueError(f"the rounds have different numbers of users: {sorted({scene.shape[1] for scene in gains})}")
    return np.concatenate(gains)


def from_quadriga(
    channels: Mapping[str, Any] | Sequence[Mapping[str, Any]], *, bandwidth_hz: float, blocks: int, samples: int = 12,
) -> np.ndarray:
    """Gains in dB, (rounds, devices, blocks), of channels of quadriga-lib, one dict per device; rounds are snapshots.

    A dict has ``coeff`` (complex) or ``coeff_re`` and ``coeff_im``, and ``delay`` in seconds: per snapshot an array (receiving
    antennas, sending antennas, paths), or all of them in one whose last axis is the snapshot. Path loss is in the coefficients.

    Seen with quadriga-lib 0.12.2: ``get_ieee_indoor`` returns a list of dicts, one per user, with a list of arrays per key, or with
    ``stack=True`` an array with a fourth axis; the station receives where ``uplink=True``. ``hdf5_read_channel`` returns such dicts
    too. ``baseband_freq_response`` has its first carrier at the centre frequency and its last one a bandwidth above it.
    """
    listed = [channels] if isinstance(channels, Mapping) else list(channels)
    gains = [
        np.concatenate([
            block_gains(
                coefficients[None, None], delays[None, None], bandwidth_hz=bandwidth_hz, blocks=blocks, samples=samples)
            for coefficients, delays in _snapshots(channel, number)])
        for number, channel in enumerate(listed)]
    if len({device.shape for device in gains}) > 1:
        raise ValueError(f"devices have different numbers of snapshots: {[device.shape[0] for device in gains]}")
    return np.concatenate(gains, axis=1)


def _snapshots(channel: Mapping[str, Any], number: int) -> list[tuple[np.ndarray, np.ndarray]]:
    def each(key: str) -> list[np.ndarray]:
        values = channel[key]
        if isinstance(values, (list, tuple)):
            return [np.asarray(value) for value in values]
        values = np.asarray(values)
        return [values] if values.ndim == 3 else list(np.moveaxis(values, -1, 0))

    try:
        delays = each("delay")
        if "coeff" in channel:
            return list(zip(each("coeff"), delays, strict=True))
        parts = zip(each("coeff_re"), each("coeff_im"), strict=True)
        return list(zip([real + 1j * imaginary for real, imaginary in parts], delays, strict=True))
    except KeyError as error:
        raise ValueError(f"channel {number} has no {error}; it has {', '.join(map(str, channel))}") from None


def save_gains(path: str | os.PathLike[str], gains_db: Any) -> None:
    """Writes gains (rounds, devices, blocks) in dB as the file that ``uplink.gains`` names: ``.npy``, ``.npz`` (packed), or to read,
    ``.csv`` and ``.csv.gz``."""
    gains = np.asarray(_array(gains_db), dtype="<f8")
    if gains.ndim != 3 or not gains.size:
        raise ValueError(f"gains have shape {gains.shape}; (rounds, devices, blocks) is needed")
    if np.isposinf(gains).any():
        raise ValueError("a gain is infinite; -inf is no link")
    name = os.fspath(path)
    if name.endswith(".npy"):
        np.save(name, gains)
    elif name.endswith(".npz"):
        np.savez_compressed(name, gain_db=gains)
    elif name.endswith((".csv", ".csv.gz")):
        with (gzip.open(name, "wt", encoding="ascii") if name.endswith(".gz") else open(name, "w", encoding="ascii")) as file:
            file.write("round,device,block,gain_db\n")
            for number, devices in enumerate(gains, start=1):
                for device, row in enumerate(devices.tolist()):
                    file.writelines(
                        f"{number},{device},{block},{gain if np.isfinite(gain) else ''}\n" for block, gain in enumerate(row))
    else:
        raise ValueError(f"gains are written as .npy, .npz, .csv or .csv.gz, and the file is '{name}'")


def from_sumo(
    fcd: str | os.PathLike[str], *, station: tuple[float, float] = (0.0, 0.0), kinds: Sequence[str] = ("vehicle",),
    length_m: float = 5.0,
) -> pd.DataFrame:
    """Positions of SUMO's vehicles, from the XML of ``--fcd-output`` (also ``.gz``): ``time_s``, ``device``, ``x_m``, ``y_m``, and the
    vehicles' names by device in ``attrs["vehicles"]``. ``save_positions`` writes them for ``mobility: {file: …}``.

    Devices are numbered as they appear. The base station is at ``station`` in SUMO's metres, and becomes (0, 0). Times count from the
    file's first step. A scenario's devices are there from its beginning to its end: one that enters later stands where it enters,
    and one that has left where it was last.

    Seen with eclipse-sumo 1.28.0: ``x``, ``y`` is the middle of the front bumper, and positions here are half of ``length_m`` (SUMO's
    standard, 5 m; 0 for the bumper) behind it; ``kinds`` may name ``person``, which stands where it says. In its FCD CSV an empty
    step is a row without a vehicle; the XML has an empty element. With ``--fcd-output.geo`` x and y are degrees: leave it out.
    """
    import pandas as pd
    devices: dict[str, int] = {}
    rows: list[tuple[float, int, float, float]] = []
    begin = time = None
    name = os.fspath(fcd)
    with gzip.open(name) if name.endswith(".gz") else open(name, "rb") as file:
        for event, element in xml.etree.ElementTree.iterparse(file, events=("start", "end")):
            if event == "start":
                if element.tag == "timestep":
                    time = float(element.attrib["time"])
                    begin = time if begin is None else begin
                continue
            if element.tag in kinds and time is not None:
                device = devices.setdefault(element.attrib["id"], len(devices))
                x, y = _centre(element, length_m if element.tag == "vehicle" else 0)
                rows.append((time - begin, device, x - station[0], y - station[1]))
            elif element.tag == "timestep":
                element.clear()
    if not rows:
        raise ValueError(f"{name} has no {' and no '.join(kinds)} in any time step")
    frame = pd.DataFrame(rows, columns=["time_s", "device", "x_m", "y_m"])
    first = frame.groupby("device", as_index=False).first()
    later = first[first["time_s"] > 0].assign(time_s=0.0)
    frame = pd.concat([later[frame.columns], frame]).sort_values(["time_s", "device"], kind="stable", ignore_index=True)
    frame.attrs["vehicles"] = list(devices)
    return frame


def _centre(element: xml.etree.ElementTree.Element, length_m: float) -> tuple[float, float]:
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    # From north, clockwise.
    angle = np.deg2rad(float(element.attrib.get("angle", 0)))
    return x - length_m / 2 * np.sin(angle), y - length_m / 2 * np.cos(angle)


def save_positions(path: str | os.PathLike[str], positions: pd.DataFrame) -> None:
    """Writes positions as the file that ``mobility: {file: …}`` names, ``.csv`` or ``.csv.gz``."""
    positions.to_csv(path, columns=["time_s", "device", "x_m", "y_m"], index=False)


def _array(values: Any) -> np.ndarray:
    """An array of numpy, also of a tensor that lies elsewhere or has a gradient."""
    for method in ("detach", "cpu"):
        values = getattr(values, method, lambda values=values: values)()
    return np.asarray(values)
