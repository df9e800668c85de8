"""Rounds in SimPy: a process for each device, a timeout for each activity, a Resource where accelerators are counted.

    round-simpy.py LOAD ROUNDS [ACCELERATORS]

LOAD is what Sources/airsplit-bench/RoundLoad.swift writes. The strongest form that we found: timeouts are made without
Environment's wrappers, all that a step needs is at hand before it begins, and a process that knows that its activity would
end after the deadline waits for the deadline instead, so that no timer is set that nobody awaits. A Resource's request that
is granted at once is not awaited.
"""

import gc
import json
import math
import sys
import time

import simpy
from simpy.events import Timeout
from simpy.resources.resource import Release, Request

# PowerControl.tolerance: a step may end that much later, relatively, and a tick.
TOLERANCE = 1e-9


def ticks(seconds):
    return math.floor(seconds * 1e9 + 0.5)


def participant(environment, device, span, accelerators, sums):
    """One device's round: its time and its uplink's energy are added up event by event, as in a ledger."""
    forward, uplink, server, backward = (device[name]["time"] for name in ("forward", "uplink", "server", "backward"))
    energies = [device[name]["energy"] for name in ("forward", "uplink", "backward")]
    before, at_server, after = forward + uplink, forward + uplink + server, forward + uplink + server + backward
    elapsed, compute_time, compute_energy, uplink_time, uplink_energy, server_time = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    ends = [ticks(forward), ticks(before), ticks(at_server), ticks(after)]
    sent, at_accelerator, back = ends[1] - ends[0], ends[2] - ends[1], ends[3] - ends[2]
    is_late = False
    for _ in range(device["steps"]):
        # Without a queue a step's length is known; with one, only what comes after the server can be late.
        start = environment._now
        if ends[3] > span and accelerators is None:
            is_late = True
            break
        yield Timeout(environment, ends[0])
        elapsed += forward
        compute_time += forward
        compute_energy += energies[0]
        yield Timeout(environment, sent)
        elapsed += uplink
        uplink_time += uplink
        uplink_energy += energies[1]
        if accelerators is None:
            yield Timeout(environment, at_accelerator)
        else:
            request = Request(accelerators)
            if not request.triggered:
                yield request
            yield Timeout(environment, at_accelerator)
            Release(accelerators, request)
        elapsed += server
        server_time += server
        if environment._now + back - start > span:
            is_late = True
            break
        yield Timeout(environment, back)
        elapsed += backward
        compute_time += backward
        compute_energy += energies[2]
    if is_late:
        raise NotImplementedError("a device that misses the deadline: this load has none")
    yield Timeout(environment, ticks(device["upload"]["time"]))
    elapsed += device["upload"]["time"]
    uplink_time += device["upload"]["time"]
    uplink_energy += device["upload"]["energy"]
    sums.append(elapsed * uplink_energy)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        load = json.load(file)
    count = int(sys.argv[2])
    capacity = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    span = ticks(math.ceil(load["deadline"] * (1 + TOLERANCE) * 1e9) / 1e9) + 1
    circle = load["rounds"]
    environment = simpy.Environment()
    accelerators = simpy.Resource(environment, capacity) if capacity else None
    sums = []
    gc.disable()
    start = time.process_time()
    for number in range(count):
        for device in circle[number % len(circle)]:
            environment.process(participant(environment, device, span, accelerators, sums))
        environment.run()
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "end_ns": environment.now, "sum": math.fsum(sums)}))


main()
