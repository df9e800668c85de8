"""Trainers for AirSplit in Python: a class with a few methods, and no dependency.

    from airsplit_trainer import Trainer, serve

    class Mine(Trainer):
        def train(self, round, tensors):
            ...
            return {"train_loss": loss, "test_loss": None, "test_accuracy": None, "test_accuracy_local": None}

    serve(Mine)

A run begins with an object of the class; `self.tensors` are the images, the partition and the first weights by name.
`train` gets the round's work (participants, bits, learning rate) and each participant's mini-batches, and returns the
figures that it has; numbers of numpy are numbers. From `serve` on, standard output is AirSplit's: what the trainer, a library
or a program that it starts prints there goes to standard error instead, and standard input is empty for them.

In a scenario: `training: {trainer: {external: {command: [python3, my_trainer.py]}}}`, with `airsplit run --allow-external`.
"""

import json
import math
import os
import struct
import sys

PROTOCOL = 1
# Of runs in which devices merge that began with different versions of the model.
PROTOCOL_OF_VERSIONS = 2
SIZES = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1,
         "uint8": 1, "bool": 1}


class Tensor:
    """Numbers on the wire: a type's name, sizes, and little-endian bytes, row-major."""

    def __init__(self, type, shape, data):
        self.type, self.shape, self.data = type, tuple(shape), data

    def numpy(self):
        import numpy
        return numpy.frombuffer(self.data, self.type).reshape(self.shape)

    def numbers(self):
        """The numbers as a list, without any library."""
        letter = {"float32": "f", "float64": "d", "int64": "q", "int32": "i", "int16": "h", "int8": "b", "uint8": "B"}[self.type]
        return list(struct.unpack(f"<{len(self.data) // SIZES[self.type]}{letter}", self.data))


class Trainer:
    """What a run tells a trainer. Its methods are asked for one after another, on one thread."""

    #: Whether `train` keeps versions of the model and merges devices that began with different ones: `version` and `weight`
    #: of each participant, `base_weight` and `versions_in_use`.
    merges_versions = False

    def __init__(self, hello, tensors):
        self.hello, self.tensors = hello, tensors
        self.seed, self.repetition = hello["seed"], hello["repetition"]
        self.model, self.training, self.scenario = hello["model"], hello["training"], hello["scenario"]

    def train(self, round, tensors):
        raise NotImplementedError

    def save(self):
        """All that the next round depends on: something that JSON can say, and tensors by name."""
        raise NotImplementedError

    def restore(self, state, tensors):
        """Takes up what `save` returned."""
        raise NotImplementedError

    def weights(self):
        """The model as float32 tensors by name."""
        raise NotImplementedError

    @staticmethod
    def profile(model):
        """What a model of this name weighs, cut there: `payload`, `work` and `memory` as model.profile has them."""
        raise NotImplementedError("this trainer knows no profile")


def read_frame(stream):
    """A header and its tensors, or None at the end."""
    start = stream.read(4)
    if len(start) < 4:
        return None
    header = json.loads(stream.read(struct.unpack("<I", start)[0]))
    tensors = {}
    for entry in header.pop("tensors", []):
        count = SIZES[entry["type"]] * math.prod(entry["shape"])
        tensors[entry["name"]] = Tensor(entry["type"], entry["shape"], stream.read(count))
    return header, tensors


def plain(value):
    """A number or an array of numpy, or of a library like it, as JSON can say it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is nothing that JSON can say")


def write_frame(stream, header, tensors={}):
    """Sends a header and tensors by name."""
    listed = [{"name": name, "type": tensor.type, "shape": list(tensor.shape)} for name, tensor in tensors.items()]
    text = json.dumps({**header, "tensors": listed}, default=plain, allow_nan=False).encode()
    stream.write(struct.pack("<I", len(text)) + text)
    for tensor in tensors.values():
        stream.write(tensor.data)
    stream.flush()


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


def serve(trainer):
    """Answers AirSplit until it closes standard input."""
    questions, answers = own_streams()
    current = None
    while frame := read_frame(questions):
        header, tensors = frame
        kind = header["type"]
        try:
            if kind == "hello":
                if header["protocol"] == PROTOCOL_OF_VERSIONS and not trainer.merges_versions:
                    raise ValueError("this trainer merges no versions of the model; run it with 'aggregation: {mode: synchronous}', "
                                     "or a mode whose rest is withdrawn")
                current = trainer(header, tensors)
                write_frame(answers, {"type": "ready", "protocol": header["protocol"]})
            elif kind == "train":
                answer = {"type": "learning", "round": header["round"]}
                if "base_weight" in header:
                    answer["version"] = header["round"] + 1
                write_frame(answers, {**answer, **current.train(header, tensors)})
            elif kind == "save":
                state, saved = current.save()
                write_frame(answers, {"type": "state", "state": state}, saved)
            elif kind == "restore":
                current.restore(header["state"], tensors)
                write_frame(answers, {"type": "restored"})
            elif kind == "profile":
                write_frame(answers, {"type": "profile", **trainer.profile(header["model"])})
            else:
                write_frame(answers, {"type": "weights"}, current.weights())
        except Exception as error:
            write_frame(answers, {"type": "error", "message": f"{type(error).__name__}: {error}"})
            raise
