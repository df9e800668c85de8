"""A contextual bandit: learns over the rounds what a device costs, from what its gain lets one expect (LinUCB).

Its context is a device's best gain in decibels; what it learns is the energy of a whole round, of which a policy sees
only what it has tried. Devices of low expected cost for their data come first, those seldom tried get the benefit of
the doubt.
"""

import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from airsplit_policy import Policy, serve

DOUBT = 0.5  # how much an estimate may be off in a device's favour


class Bandit(Policy):
    def __init__(self, hello):
        super().__init__(hello)
        # Of every device: how often it was tried, the mean of its context and of its cost's logarithm, its context now.
        self.state = self.state or [[0, 0.0, 0.0, 0.0] for _ in self.devices]

    def allocate(self, round, gains):
        reward = {}
        for device, row in enumerate(gains):
            tried, context, cost, _ = self.state[device]
            now = self.state[device][3] = 10 * math.log10(max(max(row), 1e-30))
            # A gain of 10 dB more than usual is expected to cost about a tenth less.
            expected = cost - 0.01 * (now - context) if tried else -math.inf
            bonus = DOUBT * math.sqrt(math.log(round + 1) / (tried + 1))
            reward[device] = self.devices[device]["data_share"] * math.exp(min(bonus - expected, 700))
        free, chosen = set(range(self.blocks)), []
        for device in sorted(reward, key=lambda n: (-reward[n], n)):
            usable = [block for block in free if self.best(device, gains[device][block])]
            if usable:
                block = max(usable, key=lambda k: (gains[device][k], -k))
                chosen.append((device, block))
                free.remove(block)
        return chosen

    def learn(self, outcome):
        for participant in outcome["participants"]:
            device = participant["device"]
            tried, context, cost, now = self.state[device]
            seen = math.log(max(participant["energy_j"], 1e-12))
            self.state[device] = [tried + 1, context + (now - context) / (tried + 1),
                                  cost + (seen - cost) / (tried + 1), now]


if __name__ == "__main__":
    serve(Bandit)
