"""Split training in PyTorch under AirSplit's direction: what trainers of any model have in common.

A subclass of `SplitTrainer` has a model that is cut in two, its data and its loss: `build`, `is_on_device`, `before_cut`,
`behind_cut`, `prepare_data`, `inputs`, `loss` and `score`. `torch_trainer.py` has timm's Vision Transformers,
`transformers_trainer.py` language models.

Who takes part, which samples each step takes, with which bits, how models and optimizers come together: all of it is
AirSplit's word. Rounding draws from generators of its own, seeded by run, round and device; so the same seed gives the same
numbers on the same machine, but not AirSplit's.

What crosses the cut is a tensor of its own: the server's part begins with the numbers that arrived, its gradient there is
what goes back, and the device's part goes on from that. With `--tensors FILE` each of them, and all weights that are sent,
are a line of a table: round, device, step, direction, tensor, shape, bits (a number), payload_bits.

On a processor it takes as many threads as AirSplit's `--threads` says, one per core unless given, and lets them sleep while
they wait for each other: GNU's OpenMP, which torch brings, lets them spin, and where anything else runs they keep the cores
from those that they wait for. A step of scenarios/train-quickstart.yaml took 59 ms of processor time on one thread, 72 to 82
on two that sleep and 651 to 797 on two that spin, on two busy cores. OMP_WAIT_POLICY=active, set outside, brings that back.
"""

import argparse
import collections
import hashlib
import math
import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when torch is imported

import torch

from airsplit_trainer import Tensor, Trainer

options = argparse.Namespace(device="auto", tensors=None)


def parser(description):
    """The options that all trainers have."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, ...; auto: a GPU where there is one")
    made.add_argument("--tensors", metavar="FILE", help="write a table of every tensor on the air there")
    return made


#: Where a step stands; `step` counts from 1.
Place = collections.namedtuple("Place", "round device step")


class TensorTable:
    """A table of what goes over the air, written round by round; a run that goes on cuts off what came after its checkpoint."""

    HEADER = "round,device,step,direction,tensor,shape,bits,payload_bits\n"

    def __init__(self, path, is_exact):
        self.path, self.is_exact = path, is_exact
        self.lines, self.size = [self.HEADER], 0

    def add(self, place, direction, tensor, shape, bits, is_quantized=False):
        """A tensor of so many bits a number. What is quantised has Eq. (8)'s sign and range where the scenario counts them."""
        count = math.prod(shape)
        payload = count * (bits + 1) + 64 if is_quantized and self.is_exact and bits < 32 else count * bits
        step = "" if place.step is None else place.step
        shape = "x".join(map(str, shape))
        self.lines.append(f"{place.round},{place.device},{step},{direction},{tensor},{shape},{bits},{payload}\n")

    def write(self):
        data = "".join(self.lines).encode()
        with open(self.path, "r+b" if self.size else "wb") as file:
            file.truncate(self.size)
            file.seek(self.size)
            file.write(data)
        self.size, self.lines = self.size + len(data), []


class SplitTrainer(Trainer):
    """One run of any module that is cut in two."""

    merges_versions = True

    def __init__(self, hello, tensors):
        super().__init__(hello, tensors)
        torch.set_num_threads(max(1, self.training["threads"]))
        torch.manual_seed(self.number("model"))
        wanted = options.device
        self.device = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted)
        self.module = self.build().to(self.device)
        parameters = dict(self.module.named_parameters())
        self.device_names = [name for name in parameters if self.is_on_device(name)]
        frozen = self.training["embedding"] == "frozen"
        for name, parameter in parameters.items():
            is_trained = self.is_trained(name) if self.training["trainable"] == "all" else self.is_head(name)
            parameter.requires_grad_(is_trained and not (frozen and name in self.device_names))
        self.trained = {name: p for name, p in parameters.items() if p.requires_grad}
        if self.training.get("labels") == "device":
            self.device_names += [name for name in parameters if self.is_head(name)]
        self.optimizers = {
            "device": self.optimizer([p for n, p in self.trained.items() if n in self.device_names]),
            "server": self.optimizer([p for n, p in self.trained.items() if n not in self.device_names]),
        }
        self.sizes = self.tensors["partition.sizes"].numbers()
        self.shared = {"model": self.copy_model(), "optimizer": {"device": None, "server": None}}
        self.own = {}  # device: its model, its optimizers' states
        self.versions = {}  # round: the model that it began with, where a device still works on it
        self.kept = {}  # device: round, bits and mini-batches of the activations that the server keeps
        self.activations = {}  # device: sample's number: activations
        rule = self.scenario.get("quantizer", {}).get("payload")
        if options.tensors and self.training.get("labels") == "device":
            raise ValueError("--tensors knows no labels on the device, where what the head reads crosses too")
        self.air = TensorTable(options.tensors, rule == "exact") if options.tensors else None
        self.gradient_bits = (self.scenario.get("downlink") or {}).get("gradient_bits", 32)
        self.is_cut = self.training["framework"] in ("sflam", "sfl", "sfl-v2", "sl")
        self.prepare_data()

    # -- What a trainer of a kind of model has to say ---------------------------------------------------------------

    def build(self):
        """The module, whose parts `before_cut` and `behind_cut` run."""
        raise NotImplementedError

    def is_on_device(self, name):
        """Whether a parameter stands before the cut."""
        raise NotImplementedError

    def is_trained(self, name):
        """Whether a parameter is trained where the scenario has all of the model trained."""
        return True

    def is_head(self, name):
        """Whether a parameter is the head's."""
        return name.startswith("head.")

    def before_cut(self, inputs):
        """The device's part: what goes over the air."""
        raise NotImplementedError

    def behind_cut(self, values):
        """The server's part: what the loss is of."""
        raise NotImplementedError

    def prepare_data(self):
        """Makes the samples ready whose numbers `inputs` is given."""
        raise NotImplementedError

    def inputs(self, part, samples, flips=None):
        """What `before_cut` takes of these samples of 'train' or 'test'."""
        raise NotImplementedError

    def loss(self, outputs, samples):
        """The mean loss of training samples."""
        raise NotImplementedError

    def score(self):
        """Mean loss and accuracy of the module on the test set; nothing where there is none."""
        raise NotImplementedError

    # -- A step ---------------------------------------------------------------------------------------------------

    def quantize(self, values, bits, generator):
        """What arrives of these values at so many bits a number; 32 are raw."""
        if bits >= 32:
            return values.detach()
        draws = torch.rand(values.shape, generator=generator, device=self.device, dtype=torch.float64)
        return quantized(values.detach(), bits, draws)

    def steps(self, device, bits, round, tensors):
        """The mini-batches of a device as (samples, mirrored or not, activations or None), and where rounding draws."""
        name = device if f"batches.{device}" in tensors else "pool"
        rows = self.unwired(tensors[f"batches.{name}"]).long()
        flips = self.unwired(tensors[f"flips.{name}"]).bool() if f"flips.{name}" in tensors else None
        generator = self.generator(round, device)
        for step, row in enumerate(rows):
            samples = row[row >= 0].to(self.device)
            mirrored = flips[step][row >= 0].to(self.device) if flips is not None else None
            yield samples, mirrored, self.kept_activations(device, samples), bits, generator

    def step(self, samples, flips, kept, bits, generator, rate, place, is_fresh=True):
        """Forward, over the air, server, and back; returns the loss summed over the samples."""
        values, arrived = None, kept
        if kept is None:
            values = self.before_cut(self.inputs("train", samples, flips))
            arrived = self.quantize(values, bits, generator)
        comes_back = values is not None and values.requires_grad
        arrived = arrived.detach().requires_grad_(comes_back)
        loss = self.loss(self.behind_cut(arrived), samples)
        value = loss.item()
        if not value < float("inf"):
            raise ArithmeticError(f"round {place.round}, device {place.device}, step {place.step}: the loss is {value}, "
                                  f"not a finite number (learning rate {rate})")
        self.module.zero_grad(set_to_none=True)
        loss.backward()
        if comes_back:
            values.backward(self.quantize(arrived.grad, self.gradient_bits, generator))
        if self.air and self.is_cut and is_fresh:
            self.air.add(place, "up", "activations", arrived.shape, bits, is_quantized=True)
            if comes_back:
                self.air.add(place, "down", "gradient", arrived.grad.shape, self.gradient_bits, is_quantized=True)
        if (limit := self.training["optimizer"]["gradient_clip"]) is not None:
            torch.nn.utils.clip_grad_norm_(list(self.trained.values()), limit)
        for optimizer in self.optimizers.values():
            if optimizer is not None:
                optimizer.param_groups[0]["lr"] = rate
                optimizer.step()
        return value * len(samples), len(samples)

    def run(self, participant, round, tensors):
        """All steps of a device; the sum of the losses, and how many samples there were."""
        total, count = 0.0, 0
        device, fresh = participant["device"], participant["fresh_steps"]
        for index, step in enumerate(self.steps(device, participant["bits"], round["round"], tensors), start=1):
            place = Place(self.now, device, index)
            loss, samples = self.step(*step, round["learning_rate"], place, index <= fresh)
            total, count = total + loss, count + samples
        return total, count

    def kept_activations(self, device, samples):
        """What the server has of these samples, where it keeps activations: each was sent once."""
        if device not in self.kept:
            return None
        if device not in self.activations:
            kept = self.kept[device]
            generator, table = self.generator(kept["round"], device), {}
            for row in self.unwired(kept["rows"]).long():
                numbers = row[row >= 0].to(self.device)
                with torch.no_grad():
                    values = self.before_cut(self.inputs("train", numbers))
                    values = self.quantize(values, kept["bits"], generator)
                table.update(zip(numbers.tolist(), values))
            self.activations[device] = table
        return torch.stack([self.activations[device][number] for number in samples.tolist()])

    # -- A round --------------------------------------------------------------------------------------------------

    def train(self, round, tensors):
        rule = self.training["optimizer"]["state"]
        participants = [p for p in round["participants"] if self.sizes[p["device"]] > 0]
        if self.training["keeps_activations"]:
            self.keep(participants, round, tensors)
        present = [p for p in participants if not p["late"]]
        self.now = round["round"]
        style = "versions" if "base_weight" in round else self.training["aggregation"].replace("-", "_")
        if self.air:
            self.list_weights(participants, "down")
        loss, count, local = getattr(self, f"train_{style}")(present, round, tensors, rule)
        if self.air:
            self.list_lost(participants, tensors)
            self.list_weights(present, "up")
            self.air.write()
        figures = {"train_loss": loss / count if count else None, "test_accuracy_local": local}
        if round["evaluate"]:
            figures["test_loss"], figures["test_accuracy"] = self.score_all() if style == "alone" else self.score_shared()
        return figures

    def list_weights(self, participants, direction):
        """What is sent of the model: of the device's part or, where it stands whole there, of all of it, what is trained."""
        if self.training["framework"] in ("ll", "cl"):
            return
        for p in participants:
            for name, parameter in self.trained.items():
                if name in self.device_names or not self.is_cut:
                    self.air.add(Place(self.now, p["device"], None), direction, name, parameter.shape, 32)

    def list_lost(self, participants, tensors):
        """What those sent who were late: their training is lost, and nothing is computed of it."""
        is_trained = any(name in self.device_names for name in self.trained)
        for p in participants:
            if not p["late"] or not self.is_cut:
                continue
            for index, row in enumerate(self.unwired(tensors[f"batches.{p['device']}"])[:p["fresh_steps"]], start=1):
                samples = row[row >= 0].long().to(self.device)
                with torch.no_grad():
                    shape = self.before_cut(self.inputs("train", samples)).shape
                place = Place(self.now, p["device"], index)
                self.air.add(place, "up", "activations", shape, p["bits"], is_quantized=True)
                if is_trained:
                    self.air.add(place, "down", "gradient", shape, self.gradient_bits, is_quantized=True)

    def train_averaged(self, present, round, tensors, rule):
        """Everyone from the model; the models' mean by data, Eq. (6), is the next one."""
        total, count, accuracies, sums = 0.0, 0, [], None
        for p in present:
            own = self.own.setdefault(p["device"], {})
            self.load_model(self.shared["model"])
            for part in self.optimizers:
                states = self.shared["optimizer"] if rule == "averaged" else own
                self.load_state(part, None if rule == "reset" else states.get(part))
            loss, samples = self.run(p, round, tensors)
            total, count = total + loss, count + samples
            if round["evaluate"] and self.training["evaluate_local"]:
                accuracies.append(self.score()[1])
            result = {"model": self.copy_model()}
            for part in self.optimizers:
                if rule == "kept":
                    own[part] = self.copy_state(part)
                elif rule == "averaged":
                    result[part] = self.copy_state(part)
            sums = weighted(sums, p["weight"], result)
        if present:
            self.shared["model"] = sums["model"]
            if rule == "averaged":
                self.shared["optimizer"] = {part: rounded(sums[part]) for part in self.optimizers}
        accuracies = [value for value in accuracies if value is not None]
        return total, count, sum(accuracies) / len(accuracies) if accuracies else None

    def train_versions(self, present, round, tensors, rule):
        """Everyone from the version with which they began; the weights are AirSplit's, see the protocol."""
        now, used = round["round"], round["versions_in_use"]
        self.versions[now] = self.shared["model"]
        total, count, accuracies = 0.0, 0, []
        sums = weighted(None, round["base_weight"], self.shared["model"])
        for p in present:
            own, begun = self.own.setdefault(p["device"], {}), self.versions[p["version"]]
            self.load_model(begun)
            for part in self.optimizers:
                self.load_state(part, own.get(part) if rule == "kept" else None)
            task = {"round": p["version"], "learning_rate": p["learning_rate"]}
            loss, samples = self.run(p, task, tensors)
            total, count = total + loss, count + samples
            if round["evaluate"] and self.training["evaluate_local"]:
                accuracies.append(self.score()[1])
            if rule == "kept":
                own.update({part: self.copy_state(part) for part in self.optimizers})
            sums = weighted(sums, p["weight"], self.copy_model())
            sums = weighted(sums, -p["begun_weight"], begun)
        self.shared["model"] = sums
        self.versions = {version: model for version, model in self.versions.items() if version in used}
        accuracies = [value for value in accuracies if value is not None]
        return total, count, sum(accuracies) / len(accuracies) if accuracies else None

    def train_handed_on(self, present, round, tensors, rule):
        """One after another on one model."""
        total, count = 0.0, 0
        self.load_model(self.shared["model"])
        self.load_state("server", None if rule == "reset" else self.shared["optimizer"]["server"])
        self.load_state("device", self.shared["optimizer"]["device"] if rule == "averaged" else None)
        for p in present:
            own = self.own.setdefault(p["device"], {})
            if rule != "averaged":
                self.load_state("device", own.get("device") if rule == "kept" else None)
            loss, samples = self.run(p, round, tensors)
            total, count = total + loss, count + samples
            if rule == "kept":
                own["device"] = self.copy_state("device")
        self.keep_model()
        return total, count, None

    def train_pooled(self, present, round, tensors, rule):
        """All samples in one place."""
        if not present:
            return 0.0, 0, None
        self.load_model(self.shared["model"])
        for part in self.optimizers:
            self.load_state(part, None if rule == "reset" else self.shared["optimizer"][part])
        total, count = self.run({**present[0], "bits": 32}, round, tensors)
        self.keep_model()
        return total, count, None

    def train_alone(self, present, round, tensors, rule):
        """Everyone on a model of their own."""
        total, count = 0.0, 0
        for p in present:
            own = self.own.setdefault(p["device"], {})
            self.load_model(own.get("model", self.shared["model"]))
            for part in self.optimizers:
                self.load_state(part, None if rule == "reset" else own.get(part))
            loss, samples = self.run(p, round, tensors)
            total, count = total + loss, count + samples
            own["model"] = self.copy_model()
            if rule != "reset":
                own.update({part: self.copy_state(part) for part in self.optimizers})
        return total, count, None

    def train_shared_server(self, present, round, tensors, rule):
        """One server part takes all steps in the order of its events; device parts are averaged."""
        if not present:
            return 0.0, 0, None
        self.load_model(self.shared["model"])
        self.load_state("server", None if rule == "reset" else self.shared["optimizer"]["server"])
        clients, taken = {}, collections.Counter()
        fresh = {p["device"]: p["fresh_steps"] for p in present}
        for p in present:
            own = self.own.setdefault(p["device"], {})
            state = {"reset": None, "kept": own.get("device"), "averaged": self.shared["optimizer"]["device"]}[rule]
            clients[p["device"]] = [self.steps(p["device"], p["bits"], round["round"], tensors), self.copy_model(True), state]
        total, count = 0.0, 0
        for device in round["server_order"]:
            step = next(clients[device][0], None) if device in clients else None
            if step is None:
                continue
            self.load_model(clients[device][1])
            self.load_state("device", clients[device][2])
            taken[device] += 1
            place = Place(round["round"], device, taken[device])
            loss, samples = self.step(*step, round["learning_rate"], place, taken[device] <= fresh[device])
            total, count = total + loss, count + samples
            clients[device][1:] = [self.copy_model(True), self.copy_state("device")]
        sums = None
        for p in present:
            _, model, state = clients[p["device"]]
            if rule == "kept":
                self.own[p["device"]]["device"] = state
            sums = weighted(sums, p["weight"], {"model": model, "state": state or self.empty_state("device")})
        self.load_model(sums["model"])
        self.load_state("device", rounded(sums["state"]))
        self.keep_model()
        return total, count, None

    def keep(self, participants, round, tensors):
        """The server keeps activations once a device has sent all of an epoch."""
        for p in participants:
            device, rows = p["device"], tensors[f"batches.{p['device']}"]
            epoch = rows.shape[0] // self.training["local_epochs"]
            if device not in self.kept and not (p["late"] and p["steps"] < epoch):
                first = Tensor("int32", (epoch, rows.shape[1]), bytes(rows.data[:4 * epoch * rows.shape[1]]))
                self.kept[device] = {"round": round["round"], "bits": p["bits"], "rows": first}

    def score_shared(self):
        self.load_model(self.shared["model"])
        return self.score()

    def score_all(self):
        """The mean over all devices of what each one's own model makes of the test set."""
        owners = [own["model"] for own in self.own.values() if "model" in own]
        models = owners + ([self.shared["model"]] if len(owners) < len(self.sizes) else [])
        weights = [1] * len(owners) + [len(self.sizes) - len(owners)]
        scores = []
        for model in models:
            self.load_model(model)
            scores.append(self.score())
        if not scores or scores[0][0] is None:
            return None, None
        return tuple(sum(w * s[k] for w, s in zip(weights, scores)) / len(self.sizes) for k in (0, 1))

    # -- Weights and states ---------------------------------------------------------------------------------------

    def optimizer(self, parameters):
        rule = self.training["optimizer"]
        if not parameters:
            return None
        if rule["name"] == "sgd":
            return torch.optim.SGD(parameters, lr=0.0, momentum=rule["momentum"], weight_decay=rule["weight_decay"])
        return torch.optim.AdamW(parameters, lr=0.0, betas=(rule["beta1"], rule["beta2"]), eps=rule["epsilon"],
                                 weight_decay=rule["weight_decay"])

    def copy_model(self, device_only=False):
        return {name: p.detach().clone() for name, p in self.trained.items()
                if not device_only or name in self.device_names}

    def load_model(self, model):
        with torch.no_grad():
            for name, value in model.items():
                self.trained[name].copy_(value)

    def keep_model(self):
        self.shared = {"model": self.copy_model(), "optimizer": {part: self.copy_state(part) for part in self.optimizers}}

    def empty_state(self, part):
        optimizer, rule = self.optimizers[part], self.training["optimizer"]
        slots = ["exp_avg", "exp_avg_sq"] if rule["name"] == "adamw" else ["momentum_buffer"] if rule["momentum"] else []
        parameters = optimizer.param_groups[0]["params"] if optimizer else []
        return {"step": 0.0, **{f"{slot}.{k}": torch.zeros_like(p) for k, p in enumerate(parameters) for slot in slots}}

    def copy_state(self, part):
        """An optimizer's state, all zero before its first step."""
        state = self.empty_state(part)
        for k, parameter in enumerate(self.optimizers[part].param_groups[0]["params"] if self.optimizers[part] else []):
            for slot, value in self.optimizers[part].state.get(parameter, {}).items():
                if slot == "step":
                    state["step"] = float(value)
                elif value is not None:
                    state[f"{slot}.{k}"] = value.detach().clone()
        return state

    def load_state(self, part, state):
        optimizer = self.optimizers[part]
        if optimizer is None:
            return
        optimizer.state.clear()
        for name, value in (state or {}).items():
            if name != "step":
                slot, k = name.rsplit(".", 1)
                parameter = optimizer.param_groups[0]["params"][int(k)]
                optimizer.state[parameter][slot] = value.clone()
                if slot.startswith("exp_avg"):
                    optimizer.state[parameter]["step"] = torch.tensor(state["step"])

    # -- Between AirSplit and torch -------------------------------------------------------------------------------

    def save(self):
        kept = {device: {**kept, "rows": self.unwired(kept["rows"])} for device, kept in self.kept.items()}
        tensors = {}
        whole = {"shared": self.shared, "own": self.own, "kept": kept, "versions": self.versions,
                 "table": self.air.size if self.air else 0}
        state = taken_apart(whole, "", tensors)
        return state, {name: wired(value) for name, value in tensors.items()}

    def restore(self, state, tensors):
        whole = put_together(state, {name: self.unwired(tensor).to(self.device) for name, tensor in tensors.items()})
        self.shared = whole["shared"]
        self.own = {int(device): own for device, own in whole["own"].items()}
        self.versions = {int(version): model for version, model in whole.get("versions", {}).items()}
        self.kept = {int(device): {**kept, "rows": wired(kept["rows"])} for device, kept in whole["kept"].items()}
        if self.air and whole.get("table"):
            self.air.size, self.air.lines = whole["table"], []

    def weights(self):
        self.load_model(self.shared["model"])
        if self.training["aggregation"] == "alone" and any("model" in own for own in self.own.values()):
            sums, total = None, sum(self.sizes)
            for device, size in enumerate(self.sizes):
                sums = weighted(sums, size / total, self.own.get(device, {}).get("model", self.shared["model"]))
            self.load_model(sums)
        return {name: wired(value) for name, value in self.module.state_dict().items()}

    def unwired(self, tensor):
        kind = {"float32": torch.float32, "int32": torch.int32, "uint8": torch.uint8}[tensor.type]
        if 0 in tensor.shape:
            return torch.zeros(tensor.shape, dtype=kind)
        return torch.frombuffer(bytearray(tensor.data), dtype=kind).reshape(tensor.shape)

    def number(self, *names):
        """A seed for what these names stand for."""
        text = "/".join(map(str, (self.seed, self.repetition, *names)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") >> 1

    def generator(self, round, device):
        return torch.Generator(device=self.device).manual_seed(self.number("quantization", round, device))


def quantized(values, bits, draws):
    """Eq. (7): magnitudes become one of the two levels around them, at random and without bias; signs stay.

    `draws` are uniform on [0, 1), one a number, in double precision as all of the arithmetic is.
    """
    magnitude = values.abs().double()
    low, high = magnitude.min(), magnitude.max()
    levels = 2 ** bits - 1
    place = ((magnitude - low) * (levels / (high - low) if high > low else 0.0)).clamp(max=levels)
    below = place.floor()
    level = below + (draws < place - below)
    return torch.copysign((low + level / levels * (high - low)).float(), values)


def weighted(sums, weight, tree):
    """`sums` and `weight` times the numbers of a tree of dictionaries."""
    if isinstance(tree, dict):
        return {key: weighted(None if sums is None else sums[key], weight, value) for key, value in tree.items()}
    return weight * tree if sums is None else sums + weight * tree


def rounded(state):
    """A mean of optimizers' states: a number of steps is whole."""
    return {**state, "step": float(round(state["step"]))}


def wired(value):
    """A torch tensor as it goes over the pipe."""
    value = value.detach().cpu().contiguous()
    return Tensor(str(value.dtype).removeprefix("torch."), value.shape, value.numpy().tobytes())


def taken_apart(tree, path, tensors):
    """A tree with its tensors taken out of it, which go to `tensors` by their path."""
    if isinstance(tree, dict):
        return {str(key): taken_apart(value, f"{path}/{key}", tensors) for key, value in tree.items()}
    if isinstance(tree, torch.Tensor):
        tensors[path] = tree
        return {"tensor": path}
    return tree


def put_together(tree, tensors):
    """The tree that `taken_apart` was given."""
    if isinstance(tree, dict):
        return tensors[tree["tensor"]] if set(tree) == {"tensor"} else {k: put_together(v, tensors) for k, v in tree.items()}
    return tree
