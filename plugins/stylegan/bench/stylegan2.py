"""StyleGAN2's networks in PyTorch, as skip_synthesis.ts and residual_discriminator.ts build them; NCHW.

The convolution that doubles the side is a transposed one of stride 2 and the filter [1, 3, 3, 1],
as in the authors' code: the same function as Cambium's, except at the borders.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from layers import EqualizedConv, EqualizedLinear, append_stddev

LAYERS = 4  # of the mapping network


class Fir(nn.Module):
    """The filter [1, 3, 3, 1]."""

    def __init__(self, channels, stride=1, gain=1.0):
        super().__init__()
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
        kernel = taps[:, None] * taps[None, :] * (gain / 64)
        self.register_buffer("kernel", kernel.expand(channels, 1, 4, 4).contiguous())
        self.stride = stride

    def forward(self, x):
        return F.conv2d(x, self.kernel, padding=1, stride=self.stride, groups=x.shape[1])


class ModulatedConv(nn.Module):
    """All samples share one convolution; its input and output are scaled instead of its weights."""

    def __init__(self, inputs, outputs, style, kernel=3, demodulate=True, up=False, zero=False):
        super().__init__()
        weight = torch.zeros if zero else torch.randn
        self.weight = nn.Parameter(weight(outputs, inputs, kernel, kernel))
        self.affine = EqualizedLinear(style, inputs, gain=1)
        with torch.no_grad():
            self.affine.bias.fill_(1)
        self.scale = 1 / math.sqrt(inputs * kernel * kernel)
        self.padding, self.demodulate = kernel // 2, demodulate
        self.fir = Fir(outputs, gain=4.0) if up else None

    def forward(self, x, w):
        style, weight = self.affine(w), self.weight * self.scale
        x = x * style[:, :, None, None]
        if self.fir:
            y = F.conv_transpose2d(x, weight.transpose(0, 1), stride=2)
        else:
            y = F.conv2d(x, weight, padding=self.padding)
        if self.demodulate:
            power = weight.square().sum((2, 3))
            y = y * (torch.rsqrt(F.linear(style.square(), power) + 1e-8) * math.sqrt(2))[:, :, None, None]
        return self.fir(y) if self.fir else y


class StyledConv(nn.Module):
    def __init__(self, inputs, outputs, style, up=False):
        super().__init__()
        self.conv = ModulatedConv(inputs, outputs, style, up=up)
        self.bias = nn.Parameter(torch.zeros(1, outputs, 1, 1))

    def forward(self, x, w):
        return F.leaky_relu(self.conv(x, w) + self.bias, 0.2)


class ToImage(nn.Module):
    def __init__(self, inputs, style, zero):
        super().__init__()
        self.conv = ModulatedConv(inputs, 3, style, kernel=1, demodulate=False, zero=zero)
        self.bias = nn.Parameter(torch.zeros(1, 3, 1, 1))

    def forward(self, x, w):
        return self.conv(x, w) + self.bias


class Generator(nn.Module):
    def __init__(self, resolution, channels, style):
        super().__init__()
        self.mapping = nn.ModuleList(EqualizedLinear(style, style) for _ in range(LAYERS))
        self.register_buffer("mean", torch.zeros(style))
        self.constant = nn.Parameter(torch.ones(1, channels(4), 4, 4))
        self.convs = nn.ModuleList([StyledConv(channels(4), channels(4), style)])
        self.images = nn.ModuleList([ToImage(channels(4), style, zero=False)])
        r = 8
        while r <= resolution:
            self.convs.append(StyledConv(channels(r // 2), channels(r), style, up=True))
            self.convs.append(StyledConv(channels(r), channels(r), style))
            self.images.append(ToImage(channels(r), style, zero=True))
            r *= 2

    def map(self, z):
        w = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for layer in self.mapping:
            w = F.leaky_relu(layer(w), 0.2)
        return w

    def forward(self, z, track: bool):
        w = self.map(z)
        if track:
            with torch.no_grad():
                self.mean.lerp_(w.detach().float().mean(0), 0.005)
        x = self.convs[0](self.constant.expand(z.shape[0], -1, -1, -1), w)
        image = self.images[0](x, w)
        for i in range(1, len(self.images)):
            x = self.convs[2 * i - 1](x, w)
            x = self.convs[2 * i](x, w)
            larger = F.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
            image = larger + self.images[i](x, w)
        return image


class Level(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.enter = EqualizedConv(3, inputs, kernel=1)
        self.conv0, self.conv1 = EqualizedConv(inputs, inputs), EqualizedConv(inputs, outputs, gain=1)
        self.skip = nn.Parameter(torch.randn(outputs, inputs, 1, 1))
        self.scale = math.sqrt(0.5 / inputs)
        self.down = Fir(inputs, stride=2)

    def forward(self, x):
        y = F.leaky_relu(self.conv1(self.down(F.leaky_relu(self.conv0(x), 0.2))), 0.2)
        return y + F.conv2d(self.down(x), self.skip * self.scale)


class Discriminator(nn.Module):
    def __init__(self, resolution, channels):
        super().__init__()
        self.levels = nn.ModuleList()
        r = resolution
        while r > 4:
            self.levels.append(Level(channels(r), channels(r // 2)))
            r //= 2
        width = channels(4)
        self.enter = EqualizedConv(3, width, kernel=1)
        self.conv = EqualizedConv(width + 1, width)
        self.dense = EqualizedLinear(width * 16, width)
        self.score = EqualizedLinear(width, 1, gain=1)

    def forward(self, images):
        above = 0
        for level in self.levels:
            above = level(F.leaky_relu(level.enter(images), 0.2) + above)
            images = F.avg_pool2d(images, 2)
        x = append_stddev(F.leaky_relu(self.enter(images), 0.2) + above)
        x = F.leaky_relu(self.conv(x), 0.2)
        return self.score(F.leaky_relu(self.dense(x.flatten(1)), 0.2))
