"""The hold model in SimPy with callbacks of timeouts, its fastest way: no processes, no generators."""

import json
import math
import sys
import time

import simpy
from simpy.core import StopSimulation
from simpy.events import Timeout

MASK = 8191


def make_increments():
    """The table of Sources/airsplit-bench/HoldModel.swift."""
    count = MASK + 1
    table = [math.floor(-math.log(1 - (i + 0.5) / count) * 1e9 + 0.5) for i in range(count)]
    state = 88172645463325252
    for last in range(MASK, 0, -1):
        state ^= state << 13 & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 7
        state ^= state << 17 & 0xFFFFFFFFFFFFFFFF
        other = state % (last + 1)
        table[last], table[other] = table[other], table[last]
    return table


def main():
    pending, events = int(sys.argv[1]), int(sys.argv[2])
    increments = make_increments()
    environment = simpy.Environment()
    cursor = pending
    remaining = 0

    def hold(_):
        nonlocal cursor, remaining
        Timeout(environment, increments[cursor & MASK]).callbacks.append(hold)
        cursor += 1
        remaining -= 1
        if remaining == 0:
            raise StopSimulation(None)

    for entity in range(pending):
        Timeout(environment, increments[entity & MASK] + entity).callbacks.append(hold)
    remaining = min(pending, events)
    environment.run()
    remaining = events
    start = time.process_time()
    environment.run()
    seconds = time.process_time() - start
    answer = {"pending": pending, "events_per_s": events / seconds, "bytes_per_event": None, "end_ns": environment.now}
    print(json.dumps(answer))


main()
