#!/usr/bin/env python3
"""When devices are there, from FedScale's availability traces: a table for `devices.availability: {file, period}`.

    tools/python/from_fedscale.py client_behave_trace availability.csv --devices 100

reads the pickle that FedScale calls `client_behave_trace`, a dictionary of clients, each with "active" and "inactive", the
seconds at which it comes and leaves, and "finish_time", after which its trace begins again; and writes the columns device,
on_s, off_s. As in FedScale, device n has the n-th client's trace, and after the last client comes the first one again.

A scenario has one period for all devices, FedScale one for each client. So every trace is repeated up to --until, by default
the longest finish_time; what to write as `period` is printed. Spans that touch or overlap become one, empty ones none. A
client that comes once more than it leaves stays until its finish_time. An instant at which a device leaves is no longer
part of its span; in FedScale it is.

A pickle can run any program when it is read. This reader admits dictionaries, lists, tuples, sets, texts, bytes and numbers,
and refuses a file that names anything else, before it is called. Values of numpy are among these: write
`{client: {key: list(map(int, …))}}` instead.
"""

import argparse
import collections
import io
import math
import pickle
import resource
import sys

#: Bytes that a trace may have; FedScale's has 26 MB.
LARGEST = 256 << 20
#: Memory that a trace may take while it is read.
MOST_MEMORY = 8 << 30
#: Rows that AirSplit reads of a table.
MOST_ROWS = 20_000_000
#: Seconds that AirSplit counts.
LATEST = 1e9


class Refused(Exception):
    """Why a file is not read."""


class PlainUnpickler(pickle.Unpickler):
    """Admits what the format of pickles writes without naming a class or a function."""

    def find_class(self, module, name):
        raise Refused(f"it names {module}.{name}; a trace holds only dictionaries, lists, texts and numbers")

    def persistent_load(self, identifier):
        raise Refused("it refers to an object outside of the file")


def read(data):
    """The clients in the bytes of a trace."""
    if len(data) > LARGEST:
        raise Refused(f"it is larger than {LARGEST} bytes")
    # Python itself writes a SystemError to stderr, at times, where it has no memory for the bytes that a pickle asks for.
    hook, sys.excepthook = sys.excepthook, lambda *_: None
    try:
        clients = PlainUnpickler(io.BytesIO(data)).load()
    except Refused:
        raise
    except MemoryError:
        raise Refused("it takes too much memory") from None
    # A damaged pickle fails in many ways; none of them has called anything.
    except Exception as error:
        raise Refused(f"it is no pickle that can be read: {error}") from None
    finally:
        sys.excepthook = hook
    if not isinstance(clients, dict) or not clients:
        raise Refused(f"it holds {kind(clients)}, and no dictionary of clients")
    return clients


def kind(value):
    return "an empty dictionary" if value == {} else f"a value of the type {type(value).__name__}"


def name(client):
    if isinstance(client, str):
        return f"client {client[:40]!r}"
    return f"client {client}" if isinstance(client, int) and abs(client) < 10**20 else "a client"


def seconds(value, where):
    """A number of a trace, as a moment."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused(f"{where} is {kind(value)}, and no number")
    if not 0 <= value <= LATEST:
        shown = repr(value) if isinstance(value, float) or abs(value) < 10**20 else "a number of many digits"
        raise Refused(f"{where} is {shown}; allowed are 0 to {LATEST:.0f} seconds")
    return float(value)


def moments(trace, key, client):
    values = trace.get(key)
    if not isinstance(values, (list, tuple)):
        raise Refused(f"{name(client)} has no list {key!r}")
    return [seconds(value, f"{name(client)}: {key}[{place}]") for place, value in enumerate(values)]


def spans(trace, client):
    """One client's spans, ascending and apart, and after how many seconds they begin again."""
    if not isinstance(trace, dict):
        raise Refused(f"{name(client)} is {kind(trace)}, and no dictionary")
    finish = seconds(trace.get("finish_time"), f"{name(client)}: finish_time")
    if finish == 0:
        raise Refused(f"{name(client)}: finish_time is 0")
    active, inactive = moments(trace, "active", client), moments(trace, "inactive", client)
    if len(active) == len(inactive) + 1:
        inactive.append(finish)
    if len(active) != len(inactive):
        raise Refused(f"{name(client)} comes {len(active)} times and leaves {len(inactive)} times")
    return joined((on, min(off, finish)) for on, off in zip(active, inactive)), finish


def joined(pairs):
    """Spans that touch or overlap made one, and those without any time left out."""
    found = []
    for on, off in sorted(pair for pair in pairs if pair[0] < pair[1]):
        if found and on <= found[-1][1]:
            found[-1][1] = max(found[-1][1], off)
        else:
            found.append([on, off])
    return found


def repeated(spans, finish, until):
    """The spans again and again, cut off at `until`."""
    turns = math.ceil(until / finish)
    if turns * len(spans) > MOST_ROWS:
        raise Refused(f"up to {until:.15g} s, traces that begin again after {finish:.15g} s make more than {MOST_ROWS} rows")
    return joined(
        (turn * finish + on, min(turn * finish + off, until)) for turn in range(turns) for on, off in spans)


#: Rows of all devices, how many these are, when the rows begin again, and how many devices have none.
Table = collections.namedtuple("Table", "rows devices until never")


def table(clients, devices=None, until=None):
    """The table of so many devices, as many as clients unless given."""
    names = list(clients)
    devices = len(names) if devices is None else devices
    traces = [spans(clients[client], client) for client in names[:devices]]
    if until is None:
        until = max(finish for _, finish in traces)
    rows, never = [], 0
    for device in range(devices):
        found = repeated(*traces[device % len(traces)], until)
        never += not found
        rows += [(device, on, off) for on, off in found]
        if len(rows) > MOST_ROWS:
            raise Refused(f"the table has more than {MOST_ROWS} rows; --devices takes fewer")
    if not rows:
        raise Refused("no client ever comes")
    return Table(rows, devices, until, never)


def positive(text):
    value = int(text)
    if not 1 <= value <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{value} is not in 1 to 10000000")
    return value


def moment(text):
    value = float(text)
    if not 1e-3 <= value <= LATEST:
        raise argparse.ArgumentTypeError(f"{text} is not in 0.001 to {LATEST:.0f} seconds")
    return value


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("trace", help="FedScale's pickle, client_behave_trace")
    parser.add_argument("table", help="the CSV file to write; - is standard output")
    parser.add_argument("--devices", type=positive, help="how many devices; as many as there are clients unless given")
    parser.add_argument(
        "--until", type=moment, metavar="SECONDS", help="how far; the longest finish_time unless given")
    options = parser.parse_args(arguments)
    # A few bytes of a pickle may ask for any amount of memory.
    limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MOST_MEMORY if limit == resource.RLIM_INFINITY else min(MOST_MEMORY, limit)
    resource.setrlimit(resource.RLIMIT_AS, (most, limit))
    try:
        with open(options.trace, "rb") as file:
            made = table(read(file.read(LARGEST + 1)), options.devices, options.until)
        lines = "".join(f"{device},{on:.15g},{off:.15g}\n" for device, on, off in made.rows)
        if options.table == "-":
            sys.stdout.write("device,on_s,off_s\n" + lines)
        else:
            with open(options.table, "w", encoding="ascii", newline="") as file:
                file.write("device,on_s,off_s\n" + lines)
    except Refused as reason:
        sys.exit(f"error: {options.trace}: {reason}")
    except MemoryError:
        sys.exit(f"error: {options.trace}: it takes too much memory")
    except OSError as error:
        sys.exit(f"error: {error.filename}: {error.strerror}")
    away = f", {made.never} of them never there" if made.never else ""
    print(f"{made.devices} devices{away}; availability: {{file: {options.table}, period: {made.until:.15g} s}}",
          file=sys.stderr)


if __name__ == "__main__":
    main()
