"""Trains AirSplit's scenarios in PyTorch, on a processor or a GPU, with timm's Vision Transformer.

    training: {trainer: {external: {command: [python3, tools/python/torch_trainer.py, --device, cuda]}}}

Everything but the model and its images is `torch_split.py`'s, which says how. Another model: subclass `TorchTrainer` and
override `build`, `is_on_device`, `before_cut` and `behind_cut`; other data: `prepare_data` and `inputs`. Language models:
`transformers_trainer.py`.
"""

import functools
import importlib.util
import re
import sys
from pathlib import Path

from torch_split import SplitTrainer, options, parser
from airsplit_trainer import serve

import torch
from torch.nn import functional

options.pretrained = False


def import_timm():
    """timm, also where torchvision's compiled part cannot be loaded: the operators that it registers are declared first."""
    try:
        import timm.models.vision_transformer as module
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] in ("timm", "torchvision")]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "FRAGMENT")
        text = (Path(importlib.util.find_spec("torchvision").origin).parent / "_meta_registrations.py").read_text()
        for operator in sorted(set(re.findall(r"register_fake\([\"']torchvision::(\w+)", text))):
            library.define(f"{operator}(Tensor a) -> Tensor")
        import_timm.library = library
        import timm.models.vision_transformer as module
    return module


class TorchTrainer(SplitTrainer):
    """One run."""

    # -- The model ------------------------------------------------------------------------------------------------

    def build(self):
        """The model, with the weights that AirSplit sent; where it has a profile and no shape, timm's of this name."""
        shape = self.model
        if "patch" not in shape:
            import_timm()
            import timm
            module = timm.create_model(shape["name"], num_classes=shape["classes"], pretrained=options.pretrained)
            self.channels, self.side, _ = module.default_cfg["input_size"]
            return module
        self.channels, self.side = shape["channels"], shape["image"]
        module = import_timm().VisionTransformer(
            img_size=shape["image"], patch_size=shape["patch"], in_chans=shape["channels"], embed_dim=shape["dim"],
            depth=shape["depth"], num_heads=shape["heads"], num_classes=shape["classes"],
            norm_layer=functools.partial(torch.nn.LayerNorm, eps=shape["norm_epsilon"]))
        weights = {name.removeprefix("weights."): self.unwired(tensor)
                   for name, tensor in self.tensors.items() if name.startswith("weights.")}
        module.load_state_dict(weights)
        return module

    def is_on_device(self, name):
        """Whether a parameter stands before the cut."""
        cut = self.model["cut"]
        if name.startswith("patch_embed."):
            return True
        if cut == "embedding":
            return False
        blocks = int(cut.removeprefix("after-block-")) if cut.startswith("after-block-") else 0
        return name in ("cls_token", "pos_embed") or any(name.startswith(f"blocks.{k}.") for k in range(blocks))

    def before_cut(self, inputs):
        """The device's part: what goes over the air."""
        cut, vit = self.model["cut"], self.module
        values = vit.patch_embed(inputs)
        if cut == "embedding":
            return values
        values = vit.norm_pre(vit.patch_drop(vit._pos_embed(values)))
        return vit.blocks[:int(cut.removeprefix("after-block-"))](values) if cut.startswith("after-block-") else values

    def behind_cut(self, values):
        """The server's part: the logits."""
        cut, vit = self.model["cut"], self.module
        if cut == "embedding":
            values = vit.norm_pre(vit.patch_drop(vit._pos_embed(values)))
        blocks = int(cut.removeprefix("after-block-")) if cut.startswith("after-block-") else 0
        return vit.forward_head(vit.norm(vit.blocks[blocks:](values)))

    # -- The data -------------------------------------------------------------------------------------------------

    def prepare_data(self):
        normalize, channels = self.training["normalize"], self.channels
        mean, std = (torch.tensor(normalize[key], dtype=torch.float64).expand(channels) for key in ("mean", "std"))
        self.table = ((torch.arange(256, dtype=torch.float64) / 255 - mean[:, None]) / std[:, None]).float().to(self.device)
        self.images = {part: self.unwired(self.tensors[f"{part}.images"]).to(self.device) for part in ("train", "test")}
        self.labels = {part: self.unwired(self.tensors[f"{part}.labels"]).long().to(self.device) for part in ("train", "test")}

    def inputs(self, part, samples, flips=None):
        """The network's inputs: bytes become numbers, then all is resized and mirrored."""
        images = self.images[part][samples].long()
        images = images.expand(-1, self.channels, -1, -1)
        values = torch.stack([self.table[c][images[:, c]] for c in range(images.shape[1])], dim=1)
        if values.shape[-1] != self.side:
            values = functional.interpolate(values, size=(self.side, self.side), mode="bilinear", align_corners=False)
        return values if flips is None else torch.where(flips[:, None, None, None], values.flip(-1), values)

    def loss(self, outputs, samples):
        return functional.cross_entropy(outputs, self.labels["train"][samples])

    def score(self):
        """Mean loss and accuracy of the module on the test set; nothing where there is none."""
        loss, right, count = 0.0, 0, len(self.labels["test"])
        with torch.no_grad():
            for samples in torch.arange(count, device=self.device).split(256):
                logits, labels = self.behind_cut(self.before_cut(self.inputs("test", samples))), self.labels["test"][samples]
                loss += functional.cross_entropy(logits, labels, reduction="sum").item()
                right += (logits.argmax(1) == labels).sum().item()
        return (loss / count, right / count) if count else (None, None)

    @staticmethod
    def profile(model):
        """The figures of one of timm's Vision Transformers, its operations counted by torch."""
        import_timm()
        import timm
        from torch.utils.flop_counter import FlopCounterMode
        module = timm.create_model(model["name"], num_classes=model["classes"])
        trainer = TorchTrainer.__new__(TorchTrainer)
        trainer.model, trainer.module = model, module
        sample = torch.zeros(1, *module.default_cfg["input_size"])

        def work(function, *arguments):
            with FlopCounterMode(display=False) as counter, torch.no_grad():
                return function(*arguments), counter.get_total_flops()

        values, device = work(trainer.before_cut, sample)
        _, server = work(trainer.behind_cut, values)
        _, head = work(module.head, torch.zeros(1, module.num_features))
        weights = [p.numel() for name, p in module.named_parameters() if trainer.is_on_device(name)]
        return {
            "payload": {"sample": sample.numel(), "activations": values.numel(), "device_weights": sum(weights),
                        "parameters": sum(p.numel() for p in module.parameters()),
                        "head_parameters": sum(p.numel() for p in module.head.parameters()),
                        "head_activations": module.num_features},
            "work": {"device_forward": f"{device} FLOP", "device_backward": f"{2 * device} FLOP",
                     "forward": f"{device + server} FLOP", "head_forward": f"{head} FLOP"},
        }


if __name__ == "__main__":
    arguments = parser("Trains AirSplit's scenarios in PyTorch.")
    arguments.add_argument("--pretrained", action="store_true", help="begin with timm's weights; for models with a profile")
    arguments.parse_args(namespace=options)
    serve(TorchTrainer)
