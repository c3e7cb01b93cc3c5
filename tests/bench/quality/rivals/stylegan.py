"""StyleGAN of Karras et al., "A Style-Based Generator Architecture for Generative Adversarial
Networks" (CVPR 2019), trained as by the implementation style-based-gan-pytorch with `--mixing
--loss r1 --sched`.

Its constants: grows from 8 px, each resolution fading in for one phase and staying for another;
batches 256, 128, 64, 32 at 8, 16, 32, 64 px; Adam with β 0, 0.99, rate 0.001, a hundredth of it for
the eight mapping layers; R1 with γ 10 at every step, style mixing 0.9, an average of 0.999 a step;
latents of 512.

Differences: a phase is not 600,000 images but as many as the time allows (the speeds of all
resolutions are measured first, on copies, and this time counts as well), with all phases equally
long; then 64 px is trained until the time is up. Channels are an eighth: 64, and 32 at 64 px, as in
ours (--divide). Lower resolutions are averages over pixels; the original uses Lanczos.
"""
import copy
import math
import random

import torch
import torch.nn as nn
import torch.nn.functional as F

from convolution import conv2d
from rival import Clock, average_into, averaged, main, squared_gradient

BATCHES = {4: 512, 8: 256, 16: 128, 32: 64, 64: 32}
RATE, GAMMA, MIXING, AVERAGE, FIRST = 0.001, 10, 0.9, 0.999, 8


class Equalized(nn.Module):
    """A convolution or linear layer with equalized learning rate: its weights are scaled when they
    are used."""

    def __init__(self, inputs, outputs, kernel=None, padding=0):
        super().__init__()
        shape = (outputs, inputs) if kernel is None else (outputs, inputs, kernel, kernel)
        self.weight = nn.Parameter(torch.randn(shape))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale, self.padding = math.sqrt(2 / math.prod(shape[1:])), padding

    def forward(self, x):
        weight = self.weight * self.scale
        if weight.ndim == 2:
            return F.linear(x, weight, self.bias)
        return conv2d(x, weight, self.bias, padding=self.padding)


def blur(x):
    """The filter [1, 2, 1] in both directions."""
    taps = torch.tensor([1.0, 2, 1], dtype=x.dtype) / 4
    return F.conv2d(x, (taps[:, None] * taps).expand(x.shape[1], 1, 3, 3), padding=1,
                    groups=x.shape[1])


class Half(nn.Module):
    """Noise, leaky ReLU, instance norm, style."""

    def __init__(self, channels, w_size):
        super().__init__()
        self.noise = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.style = Equalized(w_size, channels * 2)
        self.style.bias.data[:channels] = 1
        self.scale = math.sqrt(2 / channels)

    def forward(self, x, w):
        noise = torch.randn(len(x), 1, *x.shape[2:])
        x = F.leaky_relu(x + self.noise * self.scale * noise, 0.2)
        scale, offset = self.style(w)[:, :, None, None].chunk(2, 1)
        return scale * F.instance_norm(x) + offset


class Block(nn.Module):
    """Two halves; the first starts from a constant or doubles the side."""

    def __init__(self, inputs, outputs, w_size, first):
        super().__init__()
        self.constant = nn.Parameter(torch.randn(1, inputs, 4, 4)) if first else None
        self.conv = None if first else Equalized(inputs, outputs, 3, 1)
        self.first, self.last = Half(outputs, w_size), Half(outputs, w_size)
        self.second = Equalized(outputs, outputs, 3, 1)

    def forward(self, x, w):
        if self.constant is not None:
            x = self.constant.expand(len(w), -1, -1, -1)
        else:
            x = blur(self.conv(F.interpolate(x, scale_factor=2)))
        return self.last(self.second(self.first(x, w)), w)


class Generator(nn.Module):
    def __init__(self, widths, z_size=512, mapping_layers=8):
        super().__init__()
        self.z_size = z_size
        self.mapping = nn.ModuleList(Equalized(z_size, z_size) for _ in range(mapping_layers))
        self.blocks = nn.ModuleList(
            Block(widths[max(0, i - 1)], width, z_size, i == 0) for i, width in enumerate(widths))
        self.to_rgb = nn.ModuleList(Equalized(width, 3, 1) for width in widths)

    def map(self, z):
        x = z / (z.square().mean(1, keepdim=True) + 1e-8).sqrt()
        for layer in self.mapping:
            x = F.leaky_relu(layer(x), 0.2)
        return x

    def forward(self, zs, level, alpha):
        """Draws from one latent, or from two that cross over after a block; level 0 is 4 px."""
        ws = [self.map(z) for z in zs]
        cross = random.randrange(level) if len(ws) > 1 and level > 0 else level
        x = before = None
        for i in range(level + 1):
            before, x = x, self.blocks[i](x, ws[0] if i <= cross else ws[-1])
        picture = self.to_rgb[level](x)
        if alpha == 1 or level == 0:
            return picture
        old = F.interpolate(self.to_rgb[level - 1](before), scale_factor=2)
        return old + alpha * (picture - old)


class Critic(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.from_rgb = nn.ModuleList(Equalized(3, width, 1) for width in widths)
        self.first = nn.ModuleList(
            Equalized(width + (i == 0), widths[max(0, i - 1)], 3, 1)
            for i, width in enumerate(widths))
        self.second = nn.ModuleList(
            Equalized(widths[max(0, i - 1)], widths[max(0, i - 1)], 3 if i else 4, 1 if i else 0)
            for i in range(len(widths)))
        self.score = Equalized(widths[0], 1)

    def enter(self, x, level):
        return F.leaky_relu(self.from_rgb[level](x), 0.2)

    def forward(self, image, level, alpha):
        x = self.enter(image, level)
        for i in range(level, 0, -1):
            x = F.leaky_relu(self.first[i](x), 0.2)
            x = F.leaky_relu(F.avg_pool2d(self.second[i](blur(x)), 2), 0.2)
            if i == level and alpha < 1:
                old = self.enter(F.avg_pool2d(image, 2), level - 1)
                x = old + alpha * (x - old)
        spread = (x.var(0, unbiased=False) + 1e-8).sqrt().mean().expand(len(x), 1, 4, 4)
        x = F.leaky_relu(self.first[0](torch.cat([x, spread], 1)), 0.2)
        return self.score(F.leaky_relu(self.second[0](x), 0.2).flatten(1))[:, 0]


class StyleGan:
    @staticmethod
    def add_options(parser):
        parser.add_argument("--divide", type=int, default=8, help="its channels by this")
        parser.add_argument("--phase", type=int, help="images; default: as the time has room for")

    def __init__(self, pictures, options):
        self.pictures, self.last_level = pictures, int(math.log2(pictures.resolution)) - 2
        widths = [(256 if level == 4 else 512) // options.divide
                  for level in range(self.last_level + 1)]
        self.generator, self.critic = Generator(widths), Critic(widths)
        self.average = averaged(self.generator)
        mapping = list(self.generator.mapping.parameters())
        chosen = {id(p) for p in mapping}
        others = [p for p in self.generator.parameters() if id(p) not in chosen]
        self.optimize_g = torch.optim.Adam(
            [{"params": others}, {"params": mapping, "lr": RATE / 100}], lr=RATE, betas=(0.0, 0.99))
        self.optimize_d = torch.optim.Adam(self.critic.parameters(), lr=RATE, betas=(0.0, 0.99))
        self.level, self.used, self.alpha, self.last = FIRST.bit_length() - 3, 0, 1.0, {}
        self.phase = options.phase or self.plan(options)

    def plan(self, options):
        """Images of a phase such that two phases at each resolution take the available time."""
        clock = Clock(options.clock, options.threads)
        names = ["generator", "critic", "average", "optimize_g", "optimize_d"]
        kept = copy.deepcopy({name: getattr(self, name) for name in names})
        per_image = 0
        for level in range(self.level, self.last_level + 1):
            batch = min(32, BATCHES[4 << level])
            times = []
            for _ in range(3):
                start = clock.seconds()
                self.train(level, 0.5, batch)
                times.append(clock.seconds() - start)
            per_image += min(times) / batch
        self.__dict__.update(kept)
        return max(1, int((options.minutes * 60 - clock.seconds()) / (2 * per_image)))

    def step(self, _fraction):
        is_grown = self.level > FIRST.bit_length() - 3
        if self.used > 2 * self.phase and self.level < self.last_level:
            self.level, self.used, is_grown = self.level + 1, 0, True
        self.alpha = min(1.0, (self.used + 1) / self.phase) if is_grown else 1.0
        batch = BATCHES[4 << self.level]
        self.train(self.level, self.alpha, batch)
        self.used += batch
        return batch

    def latents(self, batch):
        return [torch.randn(batch, 512) for _ in range(2 if random.random() < MIXING else 1)]

    def train(self, level, alpha, batch):
        reals = self.pictures.batch(batch, 4 << level).requires_grad_(True)
        real_scores = self.critic(reals, level, alpha)
        penalty = squared_gradient(real_scores, reals).mean()
        with torch.no_grad():
            fakes = self.generator(self.latents(batch), level, alpha)
        loss = F.softplus(-real_scores).mean() + F.softplus(self.critic(fakes, level, alpha)).mean()
        self.optimize_d.zero_grad()
        (loss + GAMMA / 2 * penalty).backward()
        self.optimize_d.step()
        self.critic.requires_grad_(False)
        fakes = self.generator(self.latents(batch), level, alpha)
        deceived = F.softplus(-self.critic(fakes, level, alpha)).mean()
        self.optimize_g.zero_grad()
        deceived.backward()
        self.optimize_g.step()
        self.critic.requires_grad_(True)
        average_into(self.average, self.generator, AVERAGE)
        self.last = {"px": 4 << level, "alpha": alpha, "d": loss.item(), "g": deceived.item(),
                     "r1": penalty.item()}

    def told(self):
        return {**self.last, "phase": self.phase}

    def draw(self, count):
        if self.level < self.last_level:
            raise SystemExit(f"Cannot draw: the time ended at {4 << self.level} px")
        return self.average([torch.randn(count, 512)], self.level, self.alpha)


if __name__ == "__main__":
    main("stylegan", StyleGan)
