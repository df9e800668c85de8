"""A Vision Transformer's training step in PyTorch, eager, one thread: the peer of `airsplit-bench train`.

Arguments: image, channels, patch, dim, depth, heads, classes, batch, rank, and a file of float32: all parameters in timm's
order, the batch's images, its labels. A rank that is not 0 stands for LoRA by peft with s = 1, whose A and B then lie before the
head, block by block; these and the head are trained. Then commands on standard input, each answered with a line of JSON:

attention fused|plain    scaled_dot_product_attention, or product, softmax, product
steps N                  N steps: their losses and seconds of the processor

A step is forward, mean cross entropy, backward and SGD with momentum, its update fused over all tensors.
"""

import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


class Block(nn.Module):
    fused = True

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, dim)

    def forward(self, x):
        batch, tokens, dim = x.shape
        shape = (batch, tokens, 3, self.heads, dim // self.heads)
        q, k, v = self.qkv(self.norm1(x)).reshape(shape).permute(2, 0, 3, 1, 4).unbind(0)
        if Block.fused:
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = ((q * (dim // self.heads) ** -0.5) @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        x = x + self.proj(y.transpose(1, 2).reshape(batch, tokens, dim))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, image, channels, patch, dim, depth, heads, classes):
        super().__init__()
        self.patch = nn.Conv2d(channels, dim, patch, stride=patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, (image // patch) ** 2 + 1, dim))
        self.blocks = nn.Sequential(*[Block(dim, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.head = nn.Linear(dim, classes)

    def forward(self, images):
        x = self.patch(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], dim=1) + self.pos
        return self.head(self.norm(self.blocks(x))[:, 0])

    def in_order(self):
        modules = [self.blocks, self.norm]
        return [*self.patch.parameters(), self.cls, self.pos, *(p for m in modules for p in m.parameters())]


def adapt(model, rank):
    """Wraps the matrices of the blocks and the head; A and B of each in order, and the head that is trained."""
    from peft import LoraConfig, get_peft_model

    names = ["qkv", "proj", "fc1", "fc2"]
    get_peft_model(
        model, LoraConfig(r=rank, lora_alpha=rank, lora_dropout=0, target_modules=names, modules_to_save=["head"]))
    layers = [getattr(block, name) for block in model.blocks for name in names]
    pairs = [p for layer in layers for p in (layer.lora_A["default"].weight, layer.lora_B["default"].weight)]
    return pairs, model.head.modules_to_save["default"]


def main():
    image, channels, patch, dim, depth, heads, classes, batch, rank = map(int, sys.argv[1:10])
    model = Transformer(image, channels, patch, dim, depth, heads, classes)
    data = torch.from_numpy(np.fromfile(sys.argv[10], dtype="<f4"))
    tensors = model.in_order()
    pairs, head = adapt(model, rank) if rank else ([], model.head)
    tensors = [*tensors, *pairs, *head.parameters()]
    sizes = [tensor.numel() for tensor in tensors]
    *weights, images, labels = data.split([*sizes, batch * channels * image * image, batch])
    with torch.no_grad():
        for tensor, values in zip(tensors, weights):
            tensor.copy_(values.view_as(tensor))
    images, labels = images.view(batch, channels, image, image).clone(), labels.long()
    del data, weights
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.01, momentum=0.9, fused=True)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    for line in sys.stdin:
        command, argument = line.split()
        start = time.process_time()
        if command == "attention":
            Block.fused = argument == "fused"
            losses = []
        else:
            losses = [step() for _ in range(int(argument))]
        print(json.dumps({"losses": losses, "processor": time.process_time() - start}), flush=True)


main()
