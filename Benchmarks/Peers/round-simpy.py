"""Rounds in SimPy: a process for each device, a timeout for each activity, a Resource of the server's accelerators.

    round-simpy.py LOAD ROUNDS

LOAD is what Sources/airsplit-bench/RoundLoad.swift writes. The strongest form that we found: timeouts are made without
Environment's wrappers; what a step needs is at hand before it begins; no timer watches a step, since a process knows when its
activity would end, so that a load in which somebody misses the deadline is refused; a request that is granted at once is
not awaited; garbage collection is off.
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
    """One device's round: time and joules are added up activity by activity, as in a ledger."""
    activities = [device[name] for name in ("forward", "uplink", "server", "backward")]
    forward, uplink, server, backward = (activity["time"] for activity in activities)
    forward_energy, uplink_energy, _, backward_energy = (activity["energy"] for activity in activities)
    gradient = device.get("gradient")
    down = gradient["time"] if gradient else 0.0
    down_energy = down_time = 0.0
    compute_time = compute_energy = air_time = air_energy = server_time = wait_time = total = 0.0
    arrives = forward + uplink
    leaves = arrives + server
    heard = leaves + down
    first, second, third = ticks(forward), ticks(arrives), ticks(leaves)
    send, serve, hear, end = second - first, third - second, ticks(heard) - third, ticks(heard + backward) - ticks(heard)
    hear_first, end_first = hear, end
    model = device.get("model")
    if model:
        yield Timeout(environment, ticks(model["time"]))
        total += model["time"]
        down_time += model["time"]
        down_energy += model["energy"]
    for _ in range(device["steps"]):
        start = environment._now
        yield Timeout(environment, first)
        total += forward
        compute_time += forward
        compute_energy += forward_energy
        yield Timeout(environment, send)
        total += uplink
        air_time += uplink
        air_energy += uplink_energy
        if accelerators is None:
            yield Timeout(environment, serve)
        else:
            request = Request(accelerators)
            if request.triggered:
                yield Timeout(environment, serve)
                hear, end = hear_first, end_first
            else:
                arrival = environment._now
                yield request
                now = environment._now
                wait = (now - arrival) / 1e9
                total += wait
                wait_time += wait
                # A wait moves the ends of what follows by what rounding makes of the sum.
                left = arrives + wait + server
                until = start + ticks(left)
                yield Timeout(environment, until - now)
                got = start + ticks(left + down)
                hear = got - until
                end = start + ticks(left + down + backward) - got
            Release(accelerators, request)
        total += server
        server_time += server
        if environment._now + hear + end - start > span:
            sys.exit("round-simpy: a device misses the deadline, which this peer does not watch for")
        if gradient:
            yield Timeout(environment, hear)
            total += down
            down_time += down
            down_energy += gradient["energy"]
        yield Timeout(environment, end)
        total += backward
        compute_time += backward
        compute_energy += backward_energy
    upload = device["upload"]
    yield Timeout(environment, ticks(upload["time"]))
    total += upload["time"]
    air_energy += upload["energy"]
    sums.append(total * air_energy)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        load = json.load(file)
    count = int(sys.argv[2])
    span = ticks(math.ceil(load["deadline"] * (1 + TOLERANCE) * 1e9) / 1e9) + 1
    circle = load["rounds"]
    environment = simpy.Environment()
    capacity = load.get("accelerators")
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
