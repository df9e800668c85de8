"""Trains language models in AirSplit's scenarios: encoders and decoders that Hugging Face's `transformers` loads from a folder.

    training:
      trainer:
        external:
          command: [python3, tools/python/transformers_trainer.py, --model, FOLDER, --data, FOLDER, --lora-rank, '8']

BERT, MiniLM, GPT-2, Llama and their like, cut behind the embedding or behind a block as `model.cut` says; classification of texts,
or causal language modelling. Nothing is loaded from a hub. `airsplit profile` gets `model.profile` from it.

The model becomes two modules. The device's has what stands before the cut, and ends there; the server's has the rest, and begins
with what arrived. So the numbers at the cut, samples × tokens × width, are all that crosses in a step, and their gradient all that
comes back, at `downlink.gradient_bits` where there is a downlink. Short texts are filled up behind their end; there the device sends
zeros, by which the server knows them, and no mask is sent. Labels, and words to be foretold, are the server's from the beginning. A
head that shares the table of words with the embedding has a copy of its own.

With --lora-rank low-rank adapters of `peft` are trained beside a frozen model, with the head of a classification, which is drawn;
--save-weights then writes peft's adapter_model.safetensors. Otherwise all is trained, or what `trainable` and `embedding` say.
Dropout is off, also in training.

--data is a folder with train.jsonl and test.jsonl, a text a line: {"text": "…", "label": 3, "client": "a"}; `tokens`, a list of
numbers, may stand for `text`. Sample n of AirSplit is line n + 1 of train.jsonl. Lines that name clients stand client after client,
as many as the scenario's devices have samples; debian_descriptions.py writes such files.
"""

import copy
import json
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # read when transformers is imported

from torch_split import SplitTrainer, options, parser
from airsplit_trainer import serve

import torch
import transformers
from torch import nn
from torch.nn import functional

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
vars(options).update(model=None, data=None, task="classification", tokens=32, test=None, lora_rank=None, lora_alpha=16.0,
                     lora_targets=None, rslora=False, pooling="library")


class Reached(Exception):
    """The cut, with what has been computed up to there."""

    def __init__(self, values):
        self.values = values


class Stand(nn.Module):
    """Stands for a block."""

    def __init__(self, block):
        super().__init__()
        # Decoders choose a block's mask by it.
        if hasattr(block, "attention_type"):
            self.attention_type = block.attention_type


class End(Stand):
    """The first block's, where none is on the device: what comes in is what is sent."""

    def forward(self, hidden_states, *others, **named):
        raise Reached(hidden_states)


def end(block, arguments, output):
    raise Reached(first(output))


def first(value):
    return value[0] if isinstance(value, tuple) else value


class Arrived(nn.Module):
    """Stands for an embedding before the cut: hands on what arrived, and adds nothing where a sum is made of it."""

    def forward(self, *others, **named):
        for value in (*others, *named.values()):
            if isinstance(value, torch.Tensor) and value.ndim == 3:
                return value
        return torch.zeros(())


class Passed(Stand):
    """A block's that lies before the cut: hands on what comes in."""

    def __init__(self, block, is_tuple):
        super().__init__(block)
        self.is_tuple = is_tuple

    def forward(self, hidden_states, *others, **named):
        return (hidden_states,) if self.is_tuple else hidden_states


class Anatomy:
    """Where a model's blocks are, and what stands before them and behind."""

    def __init__(self, model):
        depth = model.config.num_hidden_layers
        found = [name for name, module in model.named_modules() if isinstance(module, nn.ModuleList) and len(module) == depth]
        if not found:
            raise ValueError(f"{type(model).__name__} has no list of its {depth} blocks, and cannot be cut")
        self.path, self.depth = min(found, key=len), depth
        steps = self.path.split(".")
        above = [".".join(steps[:k]) for k in range(len(steps))]
        beside = [f"{name}.{child}".lstrip(".") for name in above for child, _ in model.get_submodule(name).named_children()]
        beside = [name for name in beside if name not in above and name != self.path]
        called, self.is_tuple = [], False

        def note_block(block, arguments, output):
            self.is_tuple = isinstance(output, tuple)
            called.append(self.path)

        blocks = model.get_submodule(self.path)
        hooks = [model.get_submodule(name).register_forward_pre_hook(lambda *_, name=name: called.append(name)) for name in beside]
        hooks.append(blocks[0].register_forward_hook(note_block))
        with torch.no_grad():
            model.base_model(input_ids=torch.zeros(1, 2, dtype=torch.long), attention_mask=torch.ones(1, 2, dtype=torch.long))
        for hook in hooks:
            hook.remove()
        early = called[:called.index(self.path)]
        # What has no parameters, as rotary positions, is needed on both sides.
        self.before = [name for name in beside if name in early and any(True for _ in model.get_submodule(name).parameters())]
        self.behind = [name for name in beside if name not in early]

    def device(self, model, blocks):
        """What stands before the cut."""
        model = copy.deepcopy(model)
        own = model.get_submodule(self.path)
        first_block = own[0]
        for k in range(blocks, self.depth):
            own[k] = nn.Identity()
        for name in self.behind:
            model.set_submodule(name, nn.Identity())
        if blocks:
            own[blocks - 1].register_forward_hook(end)
        else:
            own[0] = End(first_block)
        return model

    def server(self, model, blocks):
        """What stands behind the cut."""
        model = copy.deepcopy(model)
        own = model.get_submodule(self.path)
        for k in range(blocks):
            own[k] = Passed(own[k], self.is_tuple)
        for name in self.before:
            model.set_submodule(name, Arrived())
        return model


class DeviceSide(nn.Module):
    """Numbers of tokens, and which are there, to what is sent: zeros for those that are not."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens, is_there):
        try:
            self.model.base_model(input_ids=tokens, attention_mask=is_there.long())
        except Reached as cut:
            return cut.values * is_there[..., None]
        raise RuntimeError("the cut was not reached")


class ServerSide(nn.Module):
    """What arrived to logits: a row a text, or in language modelling a row a token."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, values):
        is_there = values.detach().ne(0).any(-1)
        is_there[:, 0] = True
        given = {"inputs_embeds": values, "attention_mask": is_there.long()}
        if options.pooling == "mean" and options.task == "classification":
            hidden = self.model.base_model(**given).last_hidden_state
            weights = is_there / is_there.sum(1, keepdim=True)
            return head(self.model)((hidden * weights[..., None]).sum(1))
        if not hasattr(self.model, "score"):
            return self.model(**given).logits
        # A decoder's library finds the last token by its number, which the server does not have.
        last = (is_there * torch.arange(values.shape[1], device=values.device)).argmax(1)
        hidden = self.model.base_model(**given).last_hidden_state
        return self.model.score(hidden[torch.arange(len(hidden), device=values.device), last])


def head(model):
    """A classification's last layer."""
    found = getattr(model, "score", getattr(model, "classifier", None))
    if not isinstance(found, nn.Linear):
        raise ValueError(f"--pooling mean: the head of {type(model).__name__} is no single layer")
    return found


def load(classes):
    """The model of the options, with adapters where they say so, and its anatomy."""
    folder = model_folder()
    kind = {"classification": transformers.AutoModelForSequenceClassification,
            "causal-lm": transformers.AutoModelForCausalLM}[options.task]
    given = {"num_labels": classes} if options.task == "classification" else {}
    model, found = kind.from_pretrained(folder, dtype=torch.float32, output_loading_info=True, ignore_mismatched_sizes=True, **given)
    model.config.use_cache = False
    model.eval()
    if options.pooling == "mean" and options.task == "classification":
        head(model)
        if hasattr(model.base_model, "pooler"):
            model.base_model.pooler = None
    anatomy = Anatomy(model)
    inner = (anatomy.path + ".", *(name + "." for name in anatomy.before))
    missing = sorted(name for name in found["missing_keys"] if name.startswith(inner))
    if missing:
        raise ValueError(f"{folder} has no weights of {len(missing)} parameters of {type(model).__name__}, {missing[0]} among them")
    if options.lora_rank:
        adapt(model, anatomy)
    return model, anatomy


def model_folder():
    if options.model is None:
        raise ValueError("which model? --model names a folder that transformers wrote")
    name = options.model
    if name.startswith("python:"):
        import importlib
        return importlib.import_module(name.removeprefix("python:")).get_model_path()
    if not (Path(name) / "config.json").exists():
        raise ValueError(f"{name}: there is no config.json; --model names a folder that transformers wrote")
    return name


def adapt(model, anatomy):
    """Puts peft's adapters beside the matrices that the options name, peft's own choice unless they do."""
    import peft
    targets = options.lora_targets
    if targets == ["all-linear"]:
        # peft's word of that name takes the head too.
        targets = [name for name, module in model.named_modules()
                   if name.startswith(anatomy.path + ".") and getattr(getattr(module, "weight", None), "ndim", 0) == 2]
    for target in targets or []:
        if not any(name == target or name.endswith("." + target) for name, _ in model.named_modules()):
            names = sorted({name.rsplit(".", 1)[-1] for name, module in model.named_modules()
                            if name.startswith(anatomy.path + ".") and getattr(getattr(module, "weight", None), "ndim", 0) == 2})
            raise ValueError(f"--lora-targets: no matrix is called '{target}'; there are {', '.join(names)}, or all-linear")
    peft.inject_adapter_in_model(peft.LoraConfig(
        r=options.lora_rank, lora_alpha=options.lora_alpha, target_modules=targets, lora_dropout=0.0, use_rslora=options.rslora), model)
    model.eval()


class TransformersTrainer(SplitTrainer):
    """One run."""

    def build(self):
        if self.training.get("labels") == "device":
            raise ValueError("this trainer leaves labels and head at the server; take 'labels: server'")
        return self.parts()

    def parts(self):
        """Both modules, in one that has their parameters."""
        model, anatomy = load(self.model["classes"])
        self.base = model.base_model_prefix + "."
        cut = self.model["cut"]
        blocks = int(cut.removeprefix("after-block-")) if cut.startswith("after-block-") else 0
        if blocks > anatomy.depth:
            raise ValueError(f"the model has {anatomy.depth} blocks, and the cut is {cut}")
        return nn.ModuleDict({"device": DeviceSide(anatomy.device(model, blocks)),
                              "server": ServerSide(anatomy.server(model, blocks))})

    def is_on_device(self, name):
        return name.startswith("device.")

    def is_head(self, name):
        return not own_name(name).startswith(self.base)

    def is_trained(self, name):
        if not options.lora_rank:
            return True
        return ".lora_" in name or (options.task == "classification" and self.is_head(name))

    def before_cut(self, inputs):
        return self.module["device"](*inputs)

    def behind_cut(self, values):
        return self.module["server"](values)

    # -- The data -------------------------------------------------------------------------------------------------

    def prepare_data(self):
        if "train.images" in self.tensors:
            raise ValueError("this trainer reads texts; leave 'dataset' out of the scenario")
        if options.data is None:
            raise ValueError("which texts? --data names a folder with train.jsonl and test.jsonl")
        rows = {part: list(read(Path(options.data) / f"{part}.jsonl")) for part in ("train", "test")}
        self.check_clients(rows["train"])
        rows["test"] = rows["test"][:options.test]
        self.tokens, self.lengths, self.labels = {}, {}, {}
        for part, own in rows.items():
            self.tokens[part], self.lengths[part] = (made.to(self.device) for made in numbered(own, f"{options.data}/{part}.jsonl"))
            if options.task == "classification":
                self.labels[part] = labels(own, self.model["classes"], f"{options.data}/{part}.jsonl").to(self.device)

    def check_clients(self, rows):
        """Lines belong to the devices that the scenario gives their numbers."""
        path = f"{options.data}/train.jsonl"
        if len(rows) < sum(self.sizes):
            raise ValueError(f"{path}: {len(rows)} lines, and the scenario's devices have {sum(self.sizes)} samples; "
                             f"{fleet_hint()}")
        start = 0
        for device, size in enumerate(self.sizes):
            own = {row.get("client") for row in rows[start:start + size]}
            if len(own) > 1:
                raise ValueError(f"{path}: lines {start + 1} to {start + size}, the samples of device {device}, are of {len(own)} "
                                 f"clients; {fleet_hint()}")
            start += size

    def inputs(self, part, samples, flips=None):
        places = torch.arange(self.tokens[part].shape[1], device=self.device)
        return self.tokens[part][samples], places < self.lengths[part][samples, None]

    def losses(self, logits, part, samples):
        """The sum of the losses, how many there are, and how many are right."""
        if options.task == "classification":
            wanted = self.labels[part][samples]
        else:
            tokens, is_there = self.inputs(part, samples)
            wanted = torch.where(is_there, tokens, -100)[:, 1:].flatten()
            logits = logits[:, :-1].flatten(0, 1)
        right = (logits.argmax(1) == wanted).sum()
        return functional.cross_entropy(logits, wanted, reduction="sum"), int((wanted >= 0).sum()), int(right)

    def loss(self, outputs, samples):
        total, count, _ = self.losses(outputs, "train", samples)
        return total / count

    def score(self):
        total, count, right = 0.0, 0, 0
        with torch.no_grad():
            for samples in torch.arange(len(self.tokens["test"]), device=self.device).split(256):
                logits = self.behind_cut(self.before_cut(self.inputs("test", samples)))
                loss, some, hits = self.losses(logits, "test", samples)
                total, count, right = total + loss.item(), count + some, right + hits
        return (total / count, right / count) if count else (None, None)

    # -- What comes out -------------------------------------------------------------------------------------------

    def weights(self):
        """The model in its library's names; with adapters what was trained, in peft's."""
        written = super().weights()
        if not options.lora_rank:
            return {own_name(name): tensor for name, tensor in written.items()}
        return {"base_model.model." + own_name(name).replace(".default.", "."): tensor for name, tensor in written.items()
                if name in self.trained}

    @staticmethod
    def profile(model):
        """The figures of a model that is cut there, of texts as long as the options say: work as torch counts it, and memory as
        autograd keeps it."""
        from torch.utils.flop_counter import FlopCounterMode
        trainer = TransformersTrainer.__new__(TransformersTrainer)
        trainer.model = model
        torch.manual_seed(0)
        module = trainer.parts()
        parameters = dict(module.named_parameters())
        for name, parameter in parameters.items():
            parameter.requires_grad_(trainer.is_trained(name))
        for side in module.values():
            side.model.set_attn_implementation("eager")
        tokens, is_there = torch.ones(1, options.tokens, dtype=torch.long), torch.ones(1, options.tokens, dtype=torch.bool)
        known, kept = {p.data_ptr() for p in parameters.values()}, {}

        def keep(tensor):
            if tensor.untyped_storage().data_ptr() not in known:
                kept[tensor.untyped_storage().data_ptr()] = tensor
            return tensor

        def count(function, *arguments):
            with FlopCounterMode(display=False) as counter:
                return function(*arguments), counter.get_total_flops()

        def bits():
            return 8 * sum(tensor.untyped_storage().nbytes() for tensor in kept.values())

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            values, device_forward = count(module["device"], tokens, is_there)
            device_memory = bits()
            arrived = values.detach().requires_grad_(values.requires_grad)
            logits, server_forward = count(module["server"], arrived)
            memory = bits()
        _, server_backward = count(logits.sum().backward)
        device_backward = count(values.backward, torch.ones_like(values))[1] if values.requires_grad else 0
        # Sums and a norm, which torch does not count.
        embedding = 8 * values.numel()
        if not options.lora_rank:
            device_backward += 2 * embedding
        trained = {name: p.numel() for name, p in parameters.items() if p.requires_grad}
        head = {name: p for name, p in parameters.items() if trainer.is_head(name)}
        rows = options.tokens if options.task == "causal-lm" else 1
        return {
            "payload": {"sample": options.tokens, "activations": values.numel(),
                        "device_weights": sum(size for name, size in trained.items() if trainer.is_on_device(name)),
                        "parameters": sum(trained.values()), "head_parameters": sum(p.numel() for p in head.values()),
                        "head_activations": rows * values.shape[-1]},
            "work": {"device_forward": f"{device_forward + embedding} FLOP", "device_backward": f"{device_backward} FLOP",
                     "forward": f"{device_forward + embedding + server_forward} FLOP",
                     "head_forward": f"{2 * rows * sum(p.numel() for p in head.values() if p.ndim > 1)} FLOP"},
            "memory": {"device": f"{device_memory} bit", "whole": f"{memory} bit"},
        }


def own_name(name):
    """A parameter's name in its library, less the side that has it."""
    return name.split(".model.", 1)[1]


def fleet_hint():
    return f"the fleet that was written beside it is '--set devices.file={options.data}/clients.csv'"


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                row = json.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("text", row.get("tokens")), (str, list)):
                    raise ValueError(f"{path}:{number}: it is no object with a 'text' or 'tokens'")
                yield row
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; tools/python/debian_descriptions.py writes one") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}:{number}: it is no JSON: {error.msg}") from None


def numbered(rows, path):
    """Tokens of all texts, cut off or filled up to as many as the options say, and how many are there of each."""
    filler, most = 0, options.tokens
    if any("tokens" not in row for row in rows):
        tokenizer = transformers.AutoTokenizer.from_pretrained(model_folder())
        filler = tokenizer.pad_token_id or 0
        texts = tokenizer([row.get("text", "") for row in rows], truncation=True, max_length=most)["input_ids"]
    lists = [row["tokens"][:most] if "tokens" in row else texts[place] for place, row in enumerate(rows)]
    least = 2 if options.task == "causal-lm" else 1
    for number, own in enumerate(lists, start=1):
        if len(own) < least:
            raise ValueError(f"{path}:{number}: it has {len(own)} tokens; {options.task} needs {least}")
    made = torch.full((len(lists), most), filler)
    for place, own in enumerate(lists):
        made[place, :len(own)] = torch.tensor(own)
    return made, torch.tensor([len(own) for own in lists])


def labels(rows, classes, path):
    for number, row in enumerate(rows, start=1):
        if not isinstance(row.get("label"), int) or not 0 <= row["label"] < classes:
            raise ValueError(f"{path}:{number}: its label is {row.get('label')!r}; the scenario's model has classes 0 to {classes - 1}")
    return torch.tensor([row["label"] for row in rows])


if __name__ == "__main__":
    arguments = parser("Trains language models in AirSplit's scenarios.")
    arguments.add_argument("--model", help="a folder that transformers wrote; python:NAME: the one that an installed package has")
    arguments.add_argument("--data", help="a folder with train.jsonl and test.jsonl")
    arguments.add_argument("--task", choices=["classification", "causal-lm"], default="classification")
    arguments.add_argument("--tokens", type=int, default=32, help="tokens that a text is cut off or filled up to; 32")
    arguments.add_argument("--test", type=int, help="texts of the test, the first ones; all")
    arguments.add_argument("--pooling", choices=["library", "mean"], default="library",
                           help="what the head of a classification reads: what its library has it read, or a text's mean token")
    arguments.add_argument("--lora-rank", type=int, help="train adapters of this rank beside a frozen model")
    arguments.add_argument("--lora-alpha", type=float, default=16.0, help="what their scale is, times the rank; 16")
    arguments.add_argument("--lora-targets", type=lambda text: text.split(","), metavar="NAME,NAME",
                           help="the matrices that have one, or all-linear; peft's choice for the model")
    arguments.add_argument("--rslora", action="store_true", help="scale by the rank's root")
    arguments.parse_args(namespace=options)
    serve(TransformersTrainer)
