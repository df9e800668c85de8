"""The optimum of Eq. (22): the best option of every pair in closed form, then one assignment by scipy.

Nothing but the blocks couples devices, so the largest matching of the pairs' values is optimal.
"""

import os
import sys

import numpy
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from airsplit_policy import Policy, serve


class Exact(Policy):
    def allocate(self, round, gains):
        values = numpy.zeros((len(gains), self.blocks))
        options = {}
        for device, row in enumerate(gains):
            for block, gain in enumerate(row):
                best = self.best(device, gain)
                if best and best[0] > 0:
                    options[device, block] = best
                    values[device, block] = best[0]
        chosen = []
        for device, block in zip(*linear_sum_assignment(values, maximize=True)):
            if (device, block) in options:
                _, level, power = options[device, block]
                chosen.append({"device": int(device), "block": int(block), "power_w": power, "bits": self.bits[level]})
        return chosen


if __name__ == "__main__":
    serve(Exact)
