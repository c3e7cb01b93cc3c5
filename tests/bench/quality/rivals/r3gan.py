"""R3GAN: Huang et al., "The GAN is dead; long live the GAN! A Modern GAN Baseline" (NeurIPS 2024).

A relativistic loss with R1 and R2 at every step, networks without normalisation whose blocks are
1×1, grouped 3×3, 1×1. Constants are the authors' preset FFHQ-64: latents of 64, two blocks a stage,
groups of 16 channels, expansion 2; over the schedule, by a half cosine, rate 2e-4 to 5e-5, β₂ 0.9
to 0.99, γ 2 to 0.2, augmentation 0 to 0.3 ("bgc" with colours at half of it, and a cutout), and
an average whose half-life goes from 0 to 500,000 of 20,000,000 images.

Differences: widths are an eighth, 96 channels and 48 at 64 px (--divide); batch 16 instead of 256
(--batch), since an hour on a CPU allows about a thousand steps; the schedule ends with the given
time instead of after 20,000,000 images, of which an hour would cover half a percent (--schedule
authors keeps the original); float32 instead of bfloat16.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from ada import Augment
from convolution import conv2d
from rival import average_into, averaged, half_life_decay, main, squared_gradient

GAIN = math.sqrt(2 / (1 + 0.2 ** 2))  # of a leaky ReLU that keeps the variance
SCHEDULE, HALF_LIFE = 20_000_000, 500_000  # images


class Conv(nn.Conv2d):
    def forward(self, x):
        return conv2d(x, self.weight, None, 1, self.padding[0], self.groups)


def conv(inputs, outputs, kernel, gain=1.0, groups=1):
    layer = Conv(inputs, outputs, kernel, padding=kernel // 2, groups=groups, bias=False)
    nn.init.normal_(layer.weight, 0, gain / math.sqrt(inputs // groups * kernel * kernel))
    return layer


class Activation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return F.leaky_relu(x + self.bias[:, None, None], 0.2)


class Block(nn.Module):
    """x plus a branch that starts at 0; the branch's first two layers are scaled by blocks^-1/4."""

    def __init__(self, channels, group, blocks, expansion=2):
        super().__init__()
        wide, gain = channels * expansion, GAIN * blocks ** -0.25
        self.branch = nn.Sequential(
            conv(channels, wide, 1, gain),
            Activation(wide),
            conv(wide, wide, 3, gain, groups=max(1, wide // group)),
            Activation(wide),
            conv(wide, channels, 1, 0.0),
        )

    def forward(self, x):
        return x + self.branch(x)


class Resize(nn.Module):
    """Resamples to twice or half the side by the filter [1, 3, 3, 1], and changes the channels if
    needed."""

    def __init__(self, inputs, outputs, up):
        super().__init__()
        self.up = up
        self.change = conv(inputs, outputs, 1) if inputs != outputs else None
        taps = torch.tensor([1.0, 3, 3, 1]) / (4 if up else 8)
        self.register_buffer("kernel", taps[:, None] * taps)

    def forward(self, x):
        if self.up and self.change:
            x = self.change(x)
        kernel = self.kernel.expand(x.shape[1], 1, 4, 4)
        resize = F.conv_transpose2d if self.up else F.conv2d
        x = resize(x, kernel, stride=2, padding=1, groups=x.shape[1])
        return self.change(x) if self.change and not self.up else x


class Generator(nn.Module):
    def __init__(self, widths, group, z_size=64, blocks=2):
        super().__init__()
        self.z_size, total = z_size, blocks * len(widths)
        self.basis = nn.Parameter(torch.randn(widths[0], 4, 4))
        self.mix = nn.Linear(z_size, widths[0], bias=False)
        nn.init.normal_(self.mix.weight, 0, 1 / math.sqrt(z_size))
        layers = []
        for i, width in enumerate(widths):
            if i > 0:
                layers.append(Resize(widths[i - 1], width, up=True))
            layers += [Block(width, group, total) for _ in range(blocks)]
        self.layers = nn.Sequential(*layers, conv(widths[-1], 3, 1))

    def forward(self, z):
        return self.layers(self.basis * self.mix(z)[:, :, None, None])


class Critic(nn.Module):
    def __init__(self, widths, group, blocks=2):
        super().__init__()
        total, layers = blocks * len(widths), [conv(3, widths[0], 1)]
        for i, width in enumerate(widths):
            if i > 0:
                layers.append(Resize(widths[i - 1], width, up=False))
            layers += [Block(width, group, total) for _ in range(blocks)]
        self.layers = nn.Sequential(*layers)
        self.basis = Conv(widths[-1], widths[-1], 4, groups=widths[-1], bias=False)
        nn.init.normal_(self.basis.weight, 0, 1 / 4)
        self.score = nn.Linear(widths[-1], 1, bias=False)
        nn.init.normal_(self.score.weight, 0, 1 / math.sqrt(widths[-1]))

    def forward(self, x):
        return self.score(self.basis(self.layers(x)).flatten(1))[:, 0]


def cosine(start, end, part):
    """Interpolates from start to end; `part` is the elapsed fraction of time, 0 … 1."""
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * min(1.0, part)))


class R3Gan:
    @staticmethod
    def add_options(parser):
        parser.add_argument("--divide", type=int, default=8, help="the authors' widths by this")
        parser.add_argument("--batch", type=int, default=16)
        parser.add_argument("--schedule", choices=["budget", "authors"], default="budget")

    def __init__(self, pictures, options):
        stages = int(math.log2(pictures.resolution)) - 1
        widths = [(384 if i == 4 else 768) // options.divide for i in range(stages)]
        self.pictures, self.batch, self.schedule = pictures, options.batch, options.schedule
        self.generator, self.critic = Generator(widths, 16), Critic(widths[::-1], 16)
        self.average = averaged(self.generator)
        self.augment = Augment(color=0.5, cutout=1.0)
        self.optimize_g = torch.optim.Adam(self.generator.parameters(), eps=1e-8)
        self.optimize_d = torch.optim.Adam(self.critic.parameters(), eps=1e-8)
        self.seen, self.last = 0, {}

    def step(self, fraction):
        part = fraction if self.schedule == "budget" else self.seen / SCHEDULE
        self.augment.p = cosine(0, 0.3, part)
        for optimizer in (self.optimize_g, self.optimize_d):
            for group in optimizer.param_groups:
                group["lr"] = cosine(2e-4, 5e-5, part)
                group["betas"] = (0.0, cosine(0.9, 0.99, part))
        self.train_critic(cosine(2, 0.2, part))
        self.train_generator()
        self.seen += self.batch
        planned = SCHEDULE if self.schedule == "authors" else self.seen / max(part, 1e-3)
        half_life = cosine(0, HALF_LIFE / SCHEDULE * planned, part)
        average_into(self.average, self.generator, half_life_decay(self.batch, half_life))
        return self.batch

    def train_critic(self, gamma):
        reals = self.pictures.batch(self.batch).requires_grad_(True)
        with torch.no_grad():
            fakes = self.generator(torch.randn(self.batch, self.generator.z_size))
        fakes.requires_grad_(True)
        loss, told = critic_loss(self.critic, reals, fakes, gamma, self.augment)
        self.optimize_d.zero_grad()
        loss.backward()
        self.optimize_d.step()
        self.last.update(told)

    def train_generator(self):
        self.critic.requires_grad_(False)
        fakes = self.generator(torch.randn(self.batch, self.generator.z_size))
        loss = generator_loss(self.critic, self.pictures.batch(self.batch), fakes, self.augment)
        self.optimize_g.zero_grad()
        loss.backward()
        self.optimize_g.step()
        self.critic.requires_grad_(True)
        self.last["g"] = loss.item()

    def told(self):
        return {**self.last, "p": self.augment.p}

    def draw(self, count):
        return self.average(torch.randn(count, self.average.z_size))


def critic_loss(critic, reals, fakes, gamma, augment=lambda images: images):
    """softplus(D(fake) - D(real)) + γ/2 (R1 + R2), the penalties before the augmentation."""
    real_scores, fake_scores = critic(augment(reals)), critic(augment(fakes))
    r1 = squared_gradient(real_scores, reals).mean()
    r2 = squared_gradient(fake_scores, fakes).mean()
    relative = F.softplus(fake_scores - real_scores).mean()
    told = {"d": relative.item(), "r1": r1.item(), "r2": r2.item()}
    return relative + gamma / 2 * (r1 + r2), told


def generator_loss(critic, reals, fakes, augment=lambda images: images):
    """softplus(D(real) - D(fake))."""
    return F.softplus(critic(augment(reals)) - critic(augment(fakes))).mean()


if __name__ == "__main__":
    main("r3gan", R3Gan)
