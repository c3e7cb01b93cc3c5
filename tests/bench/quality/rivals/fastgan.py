"""FastGAN: Liu et al., "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image
Synthesis" (ICLR 2021); augmentations of Zhao et al., "Differentiable Augmentation for
Data-Efficient GAN Training" (NeurIPS 2020): colour and translation.

Constants are those of the authors for small data sets: latents of 256, batch 8, Adam with rate 2e-4
and β 0.5, 0.999, an average of 0.999 a step, hinge loss with margins from [0.8, 1], weights from
N(0, 0.02) under spectral norm; gated skips from 4 px to 64 px; a critic that also sees the picture
at half its side and decodes what it saw of reals: of all, of the small one, of one quarter.

Differences: the authors' networks are for 256 px and more; for 64 px the generator ends, and the
critic begins, at that side, with one gate each. --width is 16 instead of 64, a sixteenth of the
work, which gives the generator 32 channels at 64 px, as ours has. Decoded pictures, at half the
side, are compared by absolute differences, since LPIPS needs VGG weights that no package contains;
they are summed over the batch, as in the authors' code. Samples are drawn with the statistics of
their own batch of 16, as in the authors' code.
"""
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.parametrizations import spectral_norm

from rival import average_into, averaged, main

# Multiples of the width at each side, px.
GENERATOR_WIDTHS = {4: 16, 8: 8, 16: 4, 32: 2, 64: 2}
CRITIC_WIDTHS = {8: 8, 16: 4, 32: 2, 64: 1}


def conv(inputs, outputs, kernel, stride=1, padding=0):
    layer = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
    nn.init.normal_(layer.weight, 0, 0.02)
    return spectral_norm(layer)


def norm(channels):
    layer = nn.BatchNorm2d(channels)
    nn.init.normal_(layer.weight, 1, 0.02)
    return layer


class Noise(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.weight * torch.randn(len(x), 1, *x.shape[2:])


def gated(inputs, outputs, noise):
    """A convolution whose second half of channels gates the first."""
    layers = [conv(inputs, outputs * 2, 3, padding=1)] + ([Noise()] if noise else [])
    return [*layers, norm(outputs * 2), nn.GLU(1)]


def up_block(inputs, outputs, twice=False):
    layers = [nn.Upsample(scale_factor=2), *gated(inputs, outputs, twice)]
    return nn.Sequential(*layers, *(gated(outputs, outputs, True) if twice else []))


class Excite(nn.Module):
    """Weights the channels of a large feature map by a small one."""

    def __init__(self, small, large):
        super().__init__()
        self.weigh = nn.Sequential(
            nn.AdaptiveAvgPool2d(4), conv(small, large, 4), nn.SiLU(), conv(large, large, 1),
            nn.Sigmoid())

    def forward(self, small, large):
        return large * self.weigh(small)


class Generator(nn.Module):
    """A picture, and the same at half its side."""

    def __init__(self, resolution, width, z_size=256):
        super().__init__()
        wide = {side: width * m for side, m in GENERATOR_WIDTHS.items() if side <= resolution}
        self.z_size, self.resolution = z_size, resolution
        first = nn.ConvTranspose2d(z_size, wide[4] * 2, 4, bias=False)
        nn.init.normal_(first.weight, 0, 0.02)
        self.first = nn.Sequential(spectral_norm(first), norm(wide[4] * 2), nn.GLU(1))
        self.blocks, side = nn.ModuleList(), 4
        while side < resolution:
            # every other one is of two convolutions, as theirs
            self.blocks.append(up_block(wide[side], wide[side * 2], twice=side in (4, 16)))
            side *= 2
        self.excite = Excite(wide[4], wide[64]) if resolution == 64 else None
        self.to_small = conv(wide[resolution // 2], 3, 1)
        self.to_rgb = conv(wide[resolution], 3, 3, padding=1)

    def forward(self, z):
        first = x = self.first(z[:, :, None, None])
        half = None
        for block in self.blocks:
            half, x = x, block(x)
        if self.excite:
            x = self.excite(first, x)
        return self.to_rgb(x), self.to_small(half)


class Down(nn.Module):
    """Halves the side, by a strided branch and a pooled one."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.strided = nn.Sequential(
            conv(inputs, outputs, 4, 2, 1), norm(outputs), nn.LeakyReLU(0.2),
            conv(outputs, outputs, 3, 1, 1), norm(outputs), nn.LeakyReLU(0.2))
        self.pooled = nn.Sequential(
            nn.AvgPool2d(2), conv(inputs, outputs, 1), norm(outputs), nn.LeakyReLU(0.2))

    def forward(self, x):
        return (self.strided(x) + self.pooled(x)) / 2


def decoder(inputs, width, side):
    """From a map of 8 px to a picture of `side`."""
    layers, channels = [nn.AdaptiveAvgPool2d(8)], inputs
    at = 8
    while at < side:
        at *= 2
        outputs = width * (2 if at == 16 else 1)
        layers += [nn.Upsample(scale_factor=2), *gated(channels, outputs, False)]
        channels = outputs
    return nn.Sequential(*layers, conv(channels, 3, 3, padding=1), nn.Tanh())


class Critic(nn.Module):
    """Scores [N, 50]: 25 places of the picture, 25 of its half-sized one."""

    def __init__(self, resolution, width):
        super().__init__()
        wide = {side: width * m for side, m in CRITIC_WIDTHS.items()}
        act = nn.LeakyReLU(0.2)
        self.first = nn.Sequential(conv(3, wide[resolution], 3, padding=1), act)
        self.downs, side = nn.ModuleList(), resolution
        while side > 8:
            self.downs.append(Down(wide[side], wide[side // 2]))
            side //= 2
        self.excite = Excite(wide[resolution], wide[8])
        self.score = nn.Sequential(
            conv(wide[8], width * 16, 1), norm(width * 16), act, conv(width * 16, 1, 4))
        layers, side = [conv(3, wide[resolution // 2], 4, 2, 1), act], resolution // 4
        while side > 8:
            layers += [conv(wide[side * 2], wide[side], 4, 2, 1), norm(wide[side]), act]
            side //= 2
        self.small, self.small_score = nn.Sequential(*layers), conv(wide[16], 1, 4)
        self.decoders = nn.ModuleList(
            decoder(inputs, width, resolution // 2) for inputs in (wide[8], wide[16], wide[16]))

    def forward(self, image, small, quarter=None):
        """With a quarter, 0 … 3, also returns the decoded pictures: the whole, the small one, that
        quarter."""
        first = x = self.first(image)
        for down in self.downs:
            before, x = x, down(x)
        x, seen = self.excite(first, x), self.small(small)
        scores = torch.cat([self.score(x).flatten(1), self.small_score(seen).flatten(1)], 1)
        if quarter is None:
            return scores
        maps = [x, seen, cut(before, quarter)]
        return scores, [decode(m) for decode, m in zip(self.decoders, maps)]


def cut(x, quarter):
    half = x.shape[2] // 2
    y, x0 = quarter // 2 * half, quarter % 2 * half
    return x[:, :, y:y + half, x0:x0 + half]


def diff_augment(x):
    """Brightness ± 0.5, saturation 0 … 2, contrast 0.5 … 1.5, translation by up to an eighth."""
    n, _, side, _ = x.shape
    x = x + torch.rand(n, 1, 1, 1) - 0.5
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * (torch.rand(n, 1, 1, 1) * 2) + grey
    mean = x.mean([1, 2, 3], keepdim=True)
    x = (x - mean) * (torch.rand(n, 1, 1, 1) + 0.5) + mean
    most = round(side / 8)
    moves = torch.randint(-most, most + 1, (n, 2)).tolist()
    padded = F.pad(x, [most] * 4)
    return torch.stack([padded[i, :, most + dy:most + dy + side, most + dx:most + dx + side]
                        for i, (dy, dx) in enumerate(moves)])


class FastGan:
    @staticmethod
    def add_options(parser):
        parser.add_argument("--width", type=int, default=16)
        parser.add_argument("--batch", type=int, default=8)

    def __init__(self, pictures, options):
        side = pictures.resolution
        if side not in (32, 64):
            raise SystemExit(f"Cannot train FastGAN: expected 32 or 64 px, received {side}")
        self.pictures, self.batch = pictures, options.batch
        self.generator, self.critic = Generator(side, options.width), Critic(side, options.width)
        self.average = averaged(self.generator)
        self.optimize_g, self.optimize_d = (
            torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
            for network in (self.generator, self.critic))
        self.last = {}

    def step(self, _fraction):
        real = diff_augment(self.pictures.batch(self.batch))
        small = F.interpolate(real, scale_factor=0.5, mode="bilinear", antialias=True)
        fakes = [diff_augment(x) for x in
                 self.generator(torch.randn(self.batch, self.generator.z_size))]
        self.optimize_d.zero_grad()
        quarter = random.randrange(4)
        scores, decoded = self.critic(real, small, quarter)
        told = margin_loss(scores)
        wanted = [real, small, cut(real, quarter)]
        decoding = sum(
            (F.interpolate(target, d.shape[2:], mode="bilinear") - d).abs().mean([1, 2, 3]).sum()
            for target, d in zip(wanted, decoded))
        (told + decoding).backward()
        fake_loss = margin_loss(-self.critic(*[x.detach() for x in fakes]))
        fake_loss.backward()
        self.optimize_d.step()
        self.optimize_g.zero_grad()
        loss = -self.critic(*fakes).mean()
        loss.backward()
        self.optimize_g.step()
        average_into(self.average, self.generator, 0.999)
        self.last = {"d": (told + fake_loss).item(), "g": loss.item(), "decoding": decoding.item()}
        return self.batch

    def told(self):
        return self.last

    def draw(self, count):
        return self.average(torch.randn(count, self.average.z_size))[0]


def margin_loss(scores):
    """Hinge, its margin drawn from [0.8, 1] for each score."""
    return F.relu(torch.rand_like(scores) * 0.2 + 0.8 - scores).mean()


if __name__ == "__main__":
    main("fastgan", FastGan)
