"""The training step of preset `photo` of Cambium's ProGAN-SR, in PyTorch: a peer to measure against.

A shuffle generator of 32 channels with three residual blocks for each resolution from 32 px on, no critic: bicubic
reduction, rounded to 8 bits, and enlargement by matrices, pixel L1, Adam, averaged weights.

It follows the protocol of tests/bench/versus/peer.py; the folder of that file must be on
PYTHONPATH.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from peer import serve
from resize import Resize

SCALE, WIDTH, BLOCKS, START = 2, 32, 3, 32
LEARNING_RATE = 0.001


def convolution(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = convolution(WIDTH, WIDTH), convolution(WIDTH, WIDTH)
        nn.init.zeros_(self.second.weight)

    def forward(self, x):
        return x + self.second(F.leaky_relu(self.first(x), 0.2))


class Generator(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.head = convolution(3, WIDTH)
        count = BLOCKS * (int(math.log2(resolution // START)) + 1)
        self.blocks = nn.Sequential(*(Block() for _ in range(count)))
        self.tail = convolution(WIDTH, 3 * SCALE**2)
        self.enlarge = Resize(resolution // SCALE, resolution)

    def forward(self, low):
        x = self.head(low)
        return self.enlarge(low) + F.pixel_shuffle(self.tail(x + self.blocks(x)), SCALE)


class Trainer:
    """One update per step."""

    def __init__(self, options, layout):
        torch.manual_seed(0)
        self.autocast, self.device = options.mode == "autocast", options.device
        form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        resolution = options.resolution
        self.generator, self.critic = Generator(resolution).to(memory_format=form), nn.Module()
        self.run = torch.compile(self.generator) if options.mode == "compile" else self.generator
        self.reduce = Resize(resolution, resolution // SCALE)
        self.live = list(self.generator.parameters())
        self.optimizer = torch.optim.Adam(self.live, lr=LEARNING_RATE, betas=(0.9, 0.99), eps=1e-8, fused=True)
        self.average = [p.detach().clone() for p in self.live]
        shape = (options.batch, 3, resolution, resolution)
        self.high = (torch.rand(shape) * 2 - 1).contiguous(memory_format=form)

    def step(self):
        with torch.no_grad():
            low = self.reduce(self.high).clamp(-1, 1)
            low = torch.round((low + 1) * 127.5) / 127.5 - 1
        with torch.autocast(self.device, torch.bfloat16, enabled=self.autocast):
            loss = (self.run(low) - self.high).abs().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.live, 0.002)
        if not math.isfinite(float(loss)):
            raise ArithmeticError(f"the loss is not finite: {float(loss)}")
        return True  # without lazy penalties all steps are of one kind


serve(Trainer, resolution=64)
