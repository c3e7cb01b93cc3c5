"""Layers that the peers share, as core/layers defines them; NCHW."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class EqualizedConv(nn.Module):
    def __init__(self, inputs, outputs, kernel=3, gain=math.sqrt(2)):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / math.sqrt(inputs * kernel * kernel)
        self.padding = kernel // 2

    def forward(self, x):
        return F.conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)


class EqualizedLinear(nn.Module):
    def __init__(self, inputs, outputs, gain=math.sqrt(2)):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / math.sqrt(inputs)

    def forward(self, x):
        return F.linear(x, self.weight * self.scale, self.bias)


class Blur(nn.Module):
    """The binomial filter."""

    def __init__(self, channels):
        super().__init__()
        taps = torch.tensor([1.0, 2.0, 1.0])
        kernel = taps[:, None] * taps[None, :] / 16
        self.register_buffer("kernel", kernel.expand(channels, 1, 3, 3).contiguous())

    def forward(self, x):
        return F.conv2d(x, self.kernel, padding=1, groups=x.shape[1])


def append_stddev(x, group_size=4):
    """Minibatch standard deviation as one more channel."""
    n, _, height, width = x.shape
    group = max(d for d in range(1, group_size + 1) if n % d == 0)
    groups = x.reshape(group, n // group, -1)
    deviation = torch.sqrt(groups.var(0, unbiased=False) + 1e-8).mean(1)
    return torch.cat([x, deviation.repeat(group).reshape(n, 1, 1, 1).expand(n, 1, height, width)], 1)


def adam(parameters, rate):
    return torch.optim.Adam(parameters, lr=rate, betas=(0.0, 0.99), eps=1e-8, fused=True)
