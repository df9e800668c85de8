"""Each block to the device whose rate there is largest beside its average so far."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from airsplit_policy import Policy, serve

WINDOW = 100  # rounds that the average looks back


class ProportionalFair(Policy):
    def allocate(self, round, gains):
        rates = [[self.rate(g, d["power_max_w"]) for g in row] for d, row in zip(self.devices, gains)]
        average = self.state or [sum(row) / len(row) for row in rates]
        pairs = sorted(((rates[n][k] / max(average[n], 1e-9), n, k) for n in range(len(gains))
                        for k in range(self.blocks) if self.best(n, gains[n][k])), reverse=True)
        chosen = {}
        for _, device, block in pairs:
            if device not in chosen and block not in chosen.values():
                chosen[device] = block
        served = [rates[n][chosen[n]] if n in chosen else 0 for n in range(len(gains))]
        self.state = [(1 - 1 / WINDOW) * a + s / WINDOW for a, s in zip(average, served)]
        return list(chosen.items())


if __name__ == "__main__":
    serve(ProportionalFair)
