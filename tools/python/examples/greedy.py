"""The best pair first, then the best of what is left."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from airsplit_policy import Policy, serve


class Greedy(Policy):
    def allocate(self, round, gains):
        pairs = []
        for device, row in enumerate(gains):
            for block, gain in enumerate(row):
                best = self.best(device, gain)
                if best and best[0] > 0:
                    pairs.append((best[0], device, block))
        chosen, devices, blocks = [], set(), set()
        for _, device, block in sorted(pairs, reverse=True):
            if device not in devices and block not in blocks:
                chosen.append((device, block))
                devices.add(device)
                blocks.add(block)
        return chosen


if __name__ == "__main__":
    serve(Greedy)
