"""Policies for AirSplit in Python: a class with a method, and no dependency.

    from airsplit_policy import Policy, serve

    class Strongest(Policy):
        def allocate(self, round, gains):
            pairs = [(gains[n][k], n, k) for n in range(len(gains)) for k in range(self.blocks)]
            usable = [(n, k) for gain, n, k in sorted(pairs, reverse=True) if self.best(n, gain)]
            return usable[:1]

    serve(Strongest)

`allocate` gets the round, from 1, and the channel power gains, one row per device; it returns who takes part: pairs (device,
block), or dictionaries with "device", "block" and, if the policy decides them too, "power_w", "bits", "clock_scale" and "cut".
Numbers of numpy are numbers. What is left open AirSplit chooses so that the objective is largest. `best` says whether a
pair can meet the deadline at all; one that cannot ends the run, unless the scenario says `on_violation: skip` or `penalty`.

From `serve` on, standard output is AirSplit's: what the policy, a library or a program that it starts prints there goes to
standard error instead, and standard input is empty for them.

In a scenario: `policy: {external: {command: [python3, my_policy.py]}}`, run with `airsplit run --allow-external`.
"""

import json
import math
import os
import random
import sys

PROTOCOL = 1
#: 23 dBm in W, where the line of TR 38.840 ends.
DBM_23 = 10**2.3 * 1e-3


class Policy:
    """What a run tells a policy. One object per run; `state` is kept with checkpoints, and is whatever JSON can say. A run
    that goes on has nothing else of the object before it: what `learn` needs of the last `allocate` belongs there, too."""

    def __init__(self, hello):
        problem = hello["problem"]
        self.scenario = hello["scenario"]
        self.devices = problem["devices"]
        self.blocks = problem["blocks"]
        self.bits, self.payload_bits = problem["bits"], problem["payload_bits"]
        self.bandwidth, self.noise = problem["bandwidth_hz"], problem["noise_w"]
        self.deadline = math.inf if problem["deadline_s"] is None else problem["deadline_s"]
        self.downlink = problem.get("downlink")
        self.link = problem.get("link")
        self.objective = problem["objective"]
        self.state = hello["state"]
        self.random = random.Random(f"{hello['seed']}/{hello['repetition']}/{hello['round']}")

    def allocate(self, round, gains):
        raise NotImplementedError

    def learn(self, outcome):
        """Called with what the last round came to, before the next one: its objective, time and energy of everyone, and
        the "violations" of that round's answer, where the scenario lets a policy break constraints."""

    def rate(self, gain, power):
        """Bits per second on a block, Eq. (12), over the scenario's link."""
        return self.bandwidth * self.efficiency(gain * power / self.noise)

    def efficiency(self, snr):
        """Bits per second and hertz at a signal-to-noise ratio."""
        if self.link is None:
            return math.log2(1 + snr)
        if "shannon" in self.link:
            shannon = self.link["shannon"]
            cap = shannon.get("cap")
            return min(math.log2(1 + snr / shannon.get("gap", 1)), math.inf if cap is None else cap)
        steps = zip(self.link["mcs"]["least_snr"], self.link["mcs"]["efficiency"])
        return max((efficiency for least, efficiency in steps if least <= snr * (1 + 1e-9)), default=0.0)

    def least_snr(self, efficiency):
        """The least signal-to-noise ratio that carries so many bits per second and hertz; infinite where none does."""
        link = self.link or {"shannon": {}}
        if "shannon" in link:
            cap = link["shannon"].get("cap")
            if cap is not None and efficiency > cap * (1 + 1e-9):
                return math.inf
            return math.expm1(efficiency * math.log(2)) * link["shannon"].get("gap", 1)
        steps = zip(link["mcs"]["least_snr"], link["mcs"]["efficiency"])
        return min((least for least, carried in steps if carried * (1 + 1e-9) >= efficiency), default=math.inf)

    def downlink_time(self, gain, bits=None):
        """Seconds that a step's gradient, or so many bits, take to come down on a block; 0 without a downlink."""
        if self.downlink is None:
            return 0.0
        bits = self.downlink["gradient_bits"] if bits is None else bits
        return bits / (self.bandwidth * math.log2(1 + gain * self.downlink["power_w"] / self.downlink["noise_w"]))

    def download_time(self, device, gain):
        """Seconds of the model's download, where the deadline counts it."""
        terms = self.devices[device]
        bits = terms.get("deadline_download_bits", 0)
        return terms.get("deadline_broadcast_s", 0) + (self.downlink_time(gain, bits) if bits else 0.0)

    def least_power(self, device, gain, level):
        """The least power with which a device meets the deadline on a block at bits[level], or None, Eq. (22a, b)."""
        terms = self.devices[device]
        if gain <= 0:
            return None
        step = terms["compute_time_s"] + terms["server_time_s"] + self.downlink_time(gain)
        left = self.deadline - terms["deadline_steps"] * step - self.download_time(device, gain)
        data = terms["deadline_steps"] * self.payload_bits[level] + terms["deadline_upload_bits"]
        if left <= 0 or data / left / self.bandwidth > 1000:
            return None
        power = max(terms["power_min_w"], self.noise / gain * self.least_snr(data / left / self.bandwidth))
        return power if 0 < power <= terms["power_max_w"] * (1 + 1e-9) else None

    def powers(self, device, gain, level):
        """The powers among which the cheapest is that meets the deadline: the least, and over a link of steps all that begin one
        above it; with radios of TR 38.840 also the ends of the report's line, and what a cap carries. (Circuits that draw power may make another cheaper, without steps.)"""
        least = self.least_power(device, gain, level)
        if least is None:
            return []
        link = self.link or {"shannon": {}}
        larger = [self.noise / gain * snr for snr in link.get("mcs", {}).get("least_snr", [])]
        if "radio_energy" in self.devices[device]:
            larger += [1e-3, DBM_23, self.devices[device]["power_max_w"]]
            cap = link.get("shannon", {}).get("cap")
            larger += [] if cap is None else [self.noise / gain * self.least_snr(cap)]
        return [least] + [power for power in larger if least < power <= self.devices[device]["power_max_w"]]

    def drawn_power(self, device, power):
        """What a device's radio draws while it sends with a power."""
        terms = self.devices[device]
        if "radio_energy" not in terms:
            return power / terms["amplifier_efficiency"] + terms["circuit_power_w"]
        units = max(250, 250 + 450 / 23 * 10 * math.log10(power / 1e-3)) if power < DBM_23 else 700 * power / DBM_23
        return units * terms["radio_energy"]["tr38840"]["unit_w"]

    def value(self, device, gain, level, power):
        """What a pair is worth to the objective, Eq. (21)."""
        terms = self.devices[device]
        uplink = self.payload_bits[level] / self.rate(gain, power)
        energy = terms["compute_energy_j"] + uplink * self.drawn_power(device, power)
        energy += terms.get("receive_power_w", 0) * self.downlink_time(gain)
        information = terms["data_share"] * math.log2(1 + self.bits[level])
        kind = self.objective
        return information / energy if kind["kind"] == "ratio" else kind["weight_j"] * information - energy

    def best(self, device, gain):
        """The best (value, level, power) of a pair, or None where nothing meets the deadline."""
        options = ((n, power) for n in range(len(self.bits)) for power in self.powers(device, gain, n))
        return max(((self.value(device, gain, n, power), n, power) for n, power in options), default=None)


def own_streams():
    """Standard input and output for AirSplit alone, as binary files: the descriptors 0 and 1 become an empty file and
    standard error, for Python, for libraries in C and for programs that are started from here."""
    sys.stdout.flush()
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return questions, answers


def plain(value):
    """A number or an array of numpy, or of a library like it, as JSON can say it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is nothing that JSON can say")


def serve(policy):
    """Answers AirSplit until it closes standard input."""
    questions, answers = own_streams()
    current = None
    for line in questions:
        message = json.loads(line)
        if message["type"] == "hello":
            current = policy(message)
            answer = {"type": "ready", "protocol": PROTOCOL, "name": policy.__name__}
        else:
            if message["last"] is not None:
                current.learn(message["last"])
            # Told again where they have changed, as with an expected wait at the server.
            current.devices = message.get("devices", current.devices)
            chosen = current.allocate(message["round"], message["gains"])
            chosen = [item if isinstance(item, dict) else {"device": item[0], "block": item[1]} for item in chosen]
            answer = {"type": "allocation", "round": message["round"], "assignments": chosen, "state": current.state}
        answers.write(json.dumps(answer, default=plain, allow_nan=False).encode() + b"\n")
        answers.flush()
