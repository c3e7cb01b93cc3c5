"""StyleGAN2 with adaptive augmentation: Karras et al., "Training Generative Adversarial Networks
with Limited Data" (NeurIPS 2020), networks of Karras et al., "Analyzing and Improving the Image
Quality of StyleGAN" (CVPR 2020).

Constants are those of the authors' `--cfg auto` for one GPU at 64 px: batch 32, rate 0.0025,
γ 0.0002 R² / batch = 0.0256, R1 at every 16th step, path lengths (weight 2) at every 4th on half of
the batch, mixing 0.9, two mapping layers with a hundredth of the rate, a standard deviation over
groups of 4, an average with half-life 10,000 images but at most 5 % of those seen, ADA with target
0.6 over 500,000 images and the augmentations "bgc". Below 64 px the same formulas hold.

Differences: channels are 4096 / R, at most 128, instead of 16,384 / R, at most 512 (--channel-base,
--channel-max), which is an eighth to a sixteenth of the work, for a CPU; float32 throughout. As by
the authors' default, pictures are mirrored only by augmentation, unless `--mirror` is given.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from ada import Adaptive, Augment
from convolution import conv2d
from rival import average_into, averaged, half_life_decay, main, squared_gradient

GAIN = math.sqrt(2)  # after each leaky ReLU


def smooth(x, gain=1.0, padding=1, stride=1):
    """The filter [1, 3, 3, 1] in both directions, for each channel."""
    taps = torch.tensor([1.0, 3, 3, 1], dtype=x.dtype) / 8
    kernel = (taps[:, None] * taps * gain).expand(x.shape[1], 1, 4, 4)
    return F.conv2d(x, kernel, padding=padding, stride=stride, groups=x.shape[1])


def enlarge(x):
    """Doubles the side, with the filter."""
    taps = torch.tensor([1.0, 3, 3, 1], dtype=x.dtype) / 4
    kernel = (taps[:, None] * taps).expand(x.shape[1], 1, 4, 4)
    return F.conv_transpose2d(x, kernel, padding=1, stride=2, groups=x.shape[1])


def activate(x):
    return F.leaky_relu(x, 0.2) * GAIN


class Linear(nn.Module):
    """A linear layer with equalized learning rate; `rate` scales the learning rate."""

    def __init__(self, inputs, outputs, bias=0.0, rate=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full([outputs], bias / rate))
        self.scale, self.rate = rate / math.sqrt(inputs), rate

    def forward(self, x):
        return F.linear(x, self.weight * self.scale, self.bias * self.rate)


class Conv(nn.Module):
    """A convolution with equalized learning rate; may halve the side."""

    def __init__(self, inputs, outputs, kernel, bias=True, down=False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale, self.down = 1 / math.sqrt(inputs * kernel * kernel), down

    def forward(self, x):
        weight = self.weight * self.scale
        kernel = weight.shape[2]
        if not self.down:
            return conv2d(x, weight, self.bias, padding=kernel // 2)
        if kernel == 1:
            return conv2d(smooth(x, stride=2), weight, self.bias)
        return conv2d(smooth(x, padding=2), weight, self.bias, stride=2)


class Styled(nn.Module):
    """A modulated convolution with demodulation and noise."""

    def __init__(self, inputs, outputs, w_size, up):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.style = Linear(w_size, inputs, bias=1.0)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.strength = nn.Parameter(torch.zeros([]))
        self.scale, self.up = 1 / math.sqrt(inputs * 9), up

    def forward(self, x, w):
        style, weight = self.style(w), self.weight * self.scale
        norm = (style.square() @ weight.square().sum([2, 3]).T + 1e-8).rsqrt()
        x = x * style[:, :, None, None]
        if self.up:
            x = smooth(F.conv_transpose2d(x, weight.transpose(0, 1), stride=2), gain=4)
        else:
            x = F.conv2d(x, weight, padding=1)
        x = x * norm[:, :, None, None]
        noise = torch.randn(len(x), 1, *x.shape[2:]) * self.strength
        return activate(x + noise + self.bias[:, None, None])


class ToRgb(nn.Module):
    """A modulated convolution without demodulation."""

    def __init__(self, inputs, w_size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, inputs, 1, 1))
        self.style = Linear(w_size, inputs, bias=1.0)
        self.bias = nn.Parameter(torch.zeros(3))
        self.scale = 1 / math.sqrt(inputs)

    def forward(self, x, w):
        style = self.style(w) * self.scale
        return F.conv2d(x * style[:, :, None, None], self.weight, self.bias)


class Generator(nn.Module):
    """Maps z to w by a small network, and w to a picture that is the sum of its levels."""

    def __init__(self, resolution, width, z_size=512, mapping_layers=2):
        super().__init__()
        self.z_size = z_size
        self.mapping = nn.ModuleList(Linear(z_size, z_size, rate=0.01)
                                     for _ in range(mapping_layers))
        sides = [4 << i for i in range(int(math.log2(resolution)) - 1)]
        self.constant = nn.Parameter(torch.randn(1, width(4), 4, 4))
        self.layers, self.to_rgb = nn.ModuleList(), nn.ModuleList()
        for side in sides:
            if side > 4:
                self.layers.append(Styled(width(side // 2), width(side), z_size, up=True))
            self.layers.append(Styled(width(side), width(side), z_size, up=False))
            self.to_rgb.append(ToRgb(width(side), z_size))

    def styles(self, z, mixing=0.0):
        """[N, layers + 1, w]: one for each layer, the last for the last picture."""
        count = len(self.layers) + 1
        w = self.map(z)[:, None].expand(-1, count, -1)
        if torch.rand([]) < mixing:
            cut = int(torch.randint(1, count, []))
            other = self.map(torch.randn_like(z))[:, None].expand(-1, count - cut, -1)
            w = torch.cat([w[:, :cut], other], 1)
        return w

    def map(self, z):
        x = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.mapping:
            x = activate(layer(x))
        return x

    def synthesize(self, w):
        x, layer = self.constant.expand(len(w), -1, -1, -1), 0
        picture = None
        for level, to_rgb in enumerate(self.to_rgb):
            for _ in range(1 if level == 0 else 2):
                x = self.layers[layer](x, w[:, layer])
                layer += 1
            added = to_rgb(x, w[:, layer])
            picture = added if picture is None else enlarge(picture) + added
        return picture

    def forward(self, z, mixing=0.0):
        return self.synthesize(self.styles(z, mixing))


class Critic(nn.Module):
    """Residual blocks, each of half the side; then the batch's standard deviation."""

    def __init__(self, resolution, width):
        super().__init__()
        self.from_rgb = Conv(3, width(resolution), 1)
        self.blocks, side = nn.ModuleList(), resolution
        while side > 4:
            self.blocks.append(nn.ModuleList([
                Conv(width(side), width(side), 3),
                Conv(width(side), width(side // 2), 3, down=True),
                Conv(width(side), width(side // 2), 1, bias=False, down=True),
            ]))
            side //= 2
        self.last = Conv(width(4) + 1, width(4), 3)
        self.dense, self.score = Linear(width(4) * 16, width(4)), Linear(width(4), 1)

    def forward(self, x):
        x = activate(self.from_rgb(x))
        for first, second, skip in self.blocks:
            x = (activate(second(activate(first(x)))) + skip(x)) / GAIN
        x = activate(self.last(torch.cat([x, deviation(x)], 1)))
        return self.score(activate(self.dense(x.flatten(1))))[:, 0]


def deviation(x, group=4):
    """[N, 1, H, W]: the standard deviation within each group of a batch, one number per group."""
    n, _, height, width = x.shape
    group = group if n % group == 0 else n
    spread = x.reshape(group, n // group, -1).var(0, unbiased=False).add(1e-8).sqrt().mean(1)
    return spread.repeat(group).reshape(n, 1, 1, 1).expand(n, 1, height, width)


def lazy_adam(network, rate, every):
    """Adam's rate and decay for a penalty that is a separate step at every n-th step."""
    share = every / (every + 1)
    return torch.optim.Adam(network.parameters(), lr=rate * share, betas=(0.0, 0.99 ** share))


class StyleGan2Ada:
    R1_EVERY, PATH_EVERY, PATH_WEIGHT, MIXING, RATE = 16, 4, 2, 0.9, 0.0025

    @staticmethod
    def add_options(parser):
        parser.add_argument("--channel-base", type=int, default=4096)
        parser.add_argument("--channel-max", type=int, default=128)
        parser.add_argument("--target", type=float, default=0.6)

    def __init__(self, pictures, options):
        side = pictures.resolution
        self.pictures, self.batch = pictures, max(min(4096 // side, 32), 1)
        self.gamma = 0.0002 * side * side / self.batch

        def width(at):
            return min(options.channel_base // at, options.channel_max)

        self.generator, self.critic = Generator(side, width), Critic(side, width)
        self.average = averaged(self.generator)
        self.augment = Augment()
        self.adaptive = Adaptive(self.augment, options.target)
        self.optimize_g = lazy_adam(self.generator, self.RATE, self.PATH_EVERY)
        self.optimize_d = lazy_adam(self.critic, self.RATE, self.R1_EVERY)
        self.steps, self.seen, self.mean_length, self.last = 0, 0, torch.zeros([]), {}

    def step(self, _fraction):
        self.train_generator()
        if self.steps % self.PATH_EVERY == 0:
            self.hold_path_lengths()
        reals = self.pictures.batch(self.batch)
        self.train_critic(reals)
        if self.steps % self.R1_EVERY == 0:
            self.hold_critic(reals)
        self.seen += self.batch
        self.steps += 1
        half_life = min(self.batch * 10_000 / 32, 0.05 * self.seen)
        average_into(self.average, self.generator, half_life_decay(self.batch, half_life))
        return self.batch

    def fakes(self, count):
        return self.generator(torch.randn(count, self.generator.z_size), self.MIXING)

    def train_generator(self):
        self.critic.requires_grad_(False)
        loss = F.softplus(-self.critic(self.augment(self.fakes(self.batch)))).mean()
        self.optimize_g.zero_grad()
        loss.backward()
        self.optimize_g.step()
        self.last["g"] = loss.item()
        self.critic.requires_grad_(True)

    def hold_path_lengths(self):
        z = torch.randn(max(1, self.batch // 2), self.generator.z_size)
        w = self.generator.styles(z, self.MIXING)
        images = self.generator.synthesize(w)
        noise = torch.randn_like(images) / images.shape[2]
        gradient, = torch.autograd.grad((images * noise).sum(), w, create_graph=True)
        lengths = gradient.square().sum(2).mean(1).sqrt()
        self.mean_length = self.mean_length.lerp(lengths.mean().detach(), 0.01)
        loss = (lengths - self.mean_length).square().mean() * self.PATH_WEIGHT
        self.optimize_g.zero_grad()
        (loss * self.PATH_EVERY).backward()
        self.optimize_g.step()

    def train_critic(self, reals):
        with torch.no_grad():
            fakes = self.fakes(self.batch)
        real_scores = self.critic(self.augment(reals))
        fake_scores = self.critic(self.augment(fakes))
        loss = F.softplus(-real_scores).mean() + F.softplus(fake_scores).mean()
        self.optimize_d.zero_grad()
        loss.backward()
        self.optimize_d.step()
        self.adaptive.look(real_scores)
        self.last["d"] = loss.item()

    def hold_critic(self, reals):
        reals = reals.clone().requires_grad_(True)
        penalty = squared_gradient(self.critic(self.augment(reals)), reals).mean()
        self.optimize_d.zero_grad()
        (penalty * self.gamma / 2 * self.R1_EVERY).backward()
        self.optimize_d.step()
        self.last["r1"] = penalty.item()

    def told(self):
        return {**self.last, "p": self.augment.p}

    def draw(self, count):
        return self.average(torch.randn(count, self.average.z_size))


if __name__ == "__main__":
    main("stylegan2-ada", StyleGan2Ada)
