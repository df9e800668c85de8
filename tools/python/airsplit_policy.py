"""Policies for AirSplit in Python: a class with a method, and no dependency.

    from airsplit_policy import Policy, serve

    class Strongest(Policy):
        def allocate(self, round, gains):
            block = max(range(self.blocks), key=lambda k: gains[0][k])
            return [(0, block)]

    serve(Strongest)

`allocate` gets the round, from 1, and the channel power gains, a row a device; it returns who takes part: pairs (device,
block), or dictionaries with "device", "block" and, if the policy decides them too, "power_w", "bits" and "clock_scale".
What is left open AirSplit chooses so that the objective is largest. Nothing may be printed to standard output, which is
AirSplit's; standard error is yours.

In a scenario: `policy: {external: {command: [python3, my_policy.py]}}`, run with `airsplit run --allow-external`.
"""

import json
import math
import random
import sys

PROTOCOL = 1


class Policy:
    """What a run tells a policy. One object a run; `state` is kept with checkpoints, and is whatever JSON can say."""

    def __init__(self, hello):
        problem = hello["problem"]
        self.scenario = hello["scenario"]
        self.devices = problem["devices"]
        self.blocks = problem["blocks"]
        self.bits, self.payload_bits = problem["bits"], problem["payload_bits"]
        self.bandwidth, self.noise = problem["bandwidth_hz"], problem["noise_w"]
        self.deadline = math.inf if problem["deadline_s"] is None else problem["deadline_s"]
        self.objective = problem["objective"]
        self.state = hello["state"]
        self.random = random.Random(f"{hello['seed']}/{hello['repetition']}/{hello['round']}")

    def allocate(self, round, gains):
        raise NotImplementedError

    def learn(self, outcome):
        """Called with what the last round came to, before the next one: its objective, time and energy of everyone."""

    def rate(self, gain, power):
        """Bits a second on a block, Eq. (12)."""
        return self.bandwidth * math.log2(1 + gain * power / self.noise)

    def least_power(self, device, gain, level):
        """The least power with which a device meets the deadline on a block at bits[level], or None, Eq. (22a, b)."""
        terms = self.devices[device]
        left = self.deadline - terms["deadline_steps"] * (terms["compute_time_s"] + terms["server_time_s"])
        data = terms["deadline_steps"] * self.payload_bits[level] + terms["deadline_upload_bits"]
        if left <= 0 or gain <= 0 or data / left / self.bandwidth > 1000:
            return None
        power = max(terms["power_min_w"], self.noise / gain * math.expm1(data / left / self.bandwidth * math.log(2)))
        return power if 0 < power <= terms["power_max_w"] * (1 + 1e-9) else None

    def value(self, device, gain, level, power):
        """What a pair is worth to the objective, Eq. (21)."""
        terms = self.devices[device]
        uplink = self.payload_bits[level] / self.rate(gain, power)
        energy = terms["compute_energy_j"] + uplink * (power / terms["amplifier_efficiency"] + terms["circuit_power_w"])
        information = terms["data_share"] * math.log2(1 + self.bits[level])
        kind = self.objective
        return information / energy if kind["kind"] == "ratio" else kind["weight_j"] * information - energy

    def best(self, device, gain):
        """The best (value, level, power) of a pair, or None where nothing meets the deadline."""
        options = ((level, self.least_power(device, gain, level)) for level in range(len(self.bits)))
        return max(((self.value(device, gain, n, power), n, power) for n, power in options if power), default=None)


def serve(policy):
    """Answers AirSplit until it closes standard input."""
    answers, sys.stdout = sys.stdout, sys.stderr
    current = None
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            current = policy(message)
            answer = {"type": "ready", "protocol": PROTOCOL, "name": policy.__name__}
        else:
            if message["last"] is not None:
                current.learn(message["last"])
            chosen = current.allocate(message["round"], message["gains"])
            chosen = [item if isinstance(item, dict) else {"device": item[0], "block": item[1]} for item in chosen]
            answer = {"type": "allocation", "round": message["round"], "assignments": chosen, "state": current.state}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
