"""Devices take turns: those that have waited longest choose their best free block."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from airsplit_policy import Policy, serve


class RoundRobin(Policy):
    def __init__(self, hello):
        super().__init__(hello)
        self.state = self.state or [0] * len(self.devices)

    def allocate(self, round, gains):
        free, chosen = set(range(self.blocks)), []
        for device in sorted(range(len(self.devices)), key=lambda n: (self.state[n], n)):
            usable = [block for block in free if self.best(device, gains[device][block])]
            if usable:
                block = max(usable, key=lambda k: (gains[device][k], -k))
                chosen.append((device, block))
                free.remove(block)
                self.state[device] = round
        return chosen


if __name__ == "__main__":
    serve(RoundRobin)
