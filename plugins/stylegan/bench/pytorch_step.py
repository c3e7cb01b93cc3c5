"""The training step of Cambium's StyleGAN, in PyTorch: the peer of `deno task bench --versus pytorch`.

Losses and update are those of the plugin's preset `small` in a stabilization phase: lazy R1 (or
WGAN-GP), Adam, averaged weights; variant r1 mixes styles. Variant stylegan2 also has the preset's
networks (stylegan2.py); the others have those of `--architecture stylegan` at its widths: mapping
network, styles by AdaIN, noise, blurred up- and downsampling, minibatch standard deviation.

It follows the protocol of tests/bench/versus/peer.py; the folder of that file must be on
PYTHONPATH.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from layers import Blur, EqualizedConv, EqualizedLinear, adam, append_stddev
from peer import serve

import stylegan2

STYLE = 128  # length of z and w
LEARNING_RATE = 0.005
GAMMA, LAMBDA = 0.5, 10.0  # stylegan2's own γ costs as much
MIXING = 0.9


def channels(resolution):
    return max(32, min(128, 128 * 16 // resolution))


class Epilogue(nn.Module):
    """Noise, leaky ReLU, style."""

    def __init__(self, channels):
        super().__init__()
        self.noise = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.style = EqualizedLinear(STYLE, 2 * channels, gain=1)

    def forward(self, x, w):
        x = x + self.noise * torch.randn(x.shape[0], 1, x.shape[2], x.shape[3])
        x = F.instance_norm(F.leaky_relu(x, 0.2), eps=1e-5)
        scale, offset = self.style(w)[:, :, None, None].chunk(2, 1)
        return x * (scale + 1) + offset


class SynthesisBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv0, self.conv1 = EqualizedConv(inputs, outputs), EqualizedConv(outputs, outputs)
        self.blur = Blur(outputs)
        self.end0, self.end1 = Epilogue(outputs), Epilogue(outputs)

    def forward(self, x, w0, w1):
        x = self.blur(self.conv0(F.interpolate(x, scale_factor=2)))
        return self.end1(self.conv1(self.end0(x, w0)), w1)


class Generator(nn.Module):
    def __init__(self, resolution, mixing):
        super().__init__()
        self.mixing = mixing
        self.mapping = nn.ModuleList(EqualizedLinear(STYLE, STYLE) for _ in range(6))
        self.register_buffer("mean", torch.zeros(STYLE))
        width = channels(4)
        self.constant = nn.Parameter(torch.ones(1, width, 4, 4))
        self.end0, self.conv1, self.end1 = Epilogue(width), EqualizedConv(width, width), Epilogue(width)
        self.blocks = nn.ModuleList()
        r = 8
        while r <= resolution:
            self.blocks.append(SynthesisBlock(channels(r // 2), channels(r)))
            r *= 2
        self.to_image = EqualizedConv(channels(resolution), 3, kernel=1, gain=1)

    def map(self, z):
        w = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for layer in self.mapping:
            w = F.leaky_relu(layer(w), 0.2)
        return w

    def forward(self, z, track: bool):
        first = self.map(z)
        if track:
            with torch.no_grad():
                self.mean.lerp_(first.detach().float().mean(0), 0.005)
        layers = 2 + 2 * len(self.blocks)
        if self.mixing:
            second = self.map(torch.randn_like(z))
            n = z.shape[0]
            crossover = torch.floor(1 + torch.rand(n, 1) * (layers - 1))
            end = crossover + (torch.rand(n, 1) >= MIXING) * layers
            styles = [torch.where(i < end, first, second) for i in range(layers)]
        else:
            styles = [first] * layers
        x = self.constant.expand(z.shape[0], -1, -1, -1)
        x = self.end1(self.conv1(self.end0(x, styles[0])), styles[1])
        for i, block in enumerate(self.blocks):
            x = block(x, styles[2 + 2 * i], styles[3 + 2 * i])
        return self.to_image(x)


class CriticBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv0, self.conv1 = EqualizedConv(inputs, inputs), EqualizedConv(inputs, outputs)
        self.blur = Blur(inputs)

    def forward(self, x):
        x = self.blur(F.leaky_relu(self.conv0(x), 0.2))
        return F.leaky_relu(F.avg_pool2d(self.conv1(x), 2), 0.2)


class Discriminator(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.from_image = EqualizedConv(3, channels(resolution), kernel=1)
        self.blocks = nn.ModuleList()
        r = resolution
        while r > 4:
            self.blocks.append(CriticBlock(channels(r), channels(r // 2)))
            r //= 2
        width = channels(4)
        self.conv = EqualizedConv(width + 1, width)
        self.dense = EqualizedLinear(width * 16, width)
        self.score = EqualizedLinear(width, 1, gain=1)

    def forward(self, images):
        x = F.leaky_relu(self.from_image(images), 0.2)
        for block in self.blocks:
            x = block(x)
        x = append_stddev(x)
        x = F.leaky_relu(self.conv(x), 0.2)
        return self.score(F.leaky_relu(self.dense(x.flatten(1)), 0.2))


class Trainer:
    """One discriminator and one generator update per step."""

    def __init__(self, options, layout):
        torch.manual_seed(0)
        self.batch, self.wgan = options.batch, options.variant == "wgan_gp"
        self.every = 1 if self.wgan else 8
        self.autocast, self.device = options.mode == "autocast", options.device
        form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        size = options.resolution
        if options.variant == "stylegan2":
            networks = stylegan2.Generator(size, channels, STYLE), stylegan2.Discriminator(
                size, channels
            )
        else:
            networks = Generator(size, mixing=not self.wgan), Discriminator(size)
        self.generator, self.critic = (network.to(memory_format=form) for network in networks)
        compiled = options.mode == "compile"
        self.generate = torch.compile(self.generator) if compiled else self.generator
        self.judge = torch.compile(self.critic) if compiled else self.critic
        mapping = list(self.generator.mapping.parameters())
        slow = {id(p) for p in mapping}
        rest = [p for p in self.generator.parameters() if id(p) not in slow]
        self.generator_optimizer = adam([{"params": rest}, {"params": mapping, "lr": LEARNING_RATE * 0.01}], LEARNING_RATE)
        self.critic_optimizer = adam(self.critic.parameters(), LEARNING_RATE)
        self.live = [*self.generator.parameters(), self.generator.mean]
        self.average = [p.detach().clone() for p in self.live]
        shape = (options.batch, 3, options.resolution, options.resolution)
        self.real = (torch.rand(shape) * 2 - 1).contiguous(memory_format=form)
        self.steps = 0

    def draw(self, track):
        return self.generate(torch.randn(self.batch, STYLE), track)

    def step(self):
        penalized = self.steps % self.every == 0
        self.steps += 1
        with torch.autocast(self.device, torch.bfloat16, enabled=self.autocast):
            critic_loss = self.critic_step(penalized)
            generator_loss = self.generator_step()
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.live, 0.002)
        values = [float(critic_loss), float(generator_loss)]
        if not all(map(math.isfinite, values)):
            raise ArithmeticError(f"a loss is not finite: {values}")
        return penalized

    def critic_step(self, penalized):
        with torch.no_grad():
            fake = self.draw(False)
        real = self.real
        loss = torch.zeros(())
        if self.wgan:
            of_real = self.judge(real)
            mix = torch.rand(self.batch, 1, 1, 1)
            between = torch.lerp(fake.float(), real, mix).requires_grad_()
            # A compiled network has no second gradient.
            slope, = torch.autograd.grad(self.critic(between).sum(), between, create_graph=True)
            loss = loss + ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean() * LAMBDA
        elif penalized:
            real = real.detach().requires_grad_()
            of_real = self.critic(real)
            slope, = torch.autograd.grad(of_real.sum(), real, create_graph=True)
            loss = loss + slope.square().sum((1, 2, 3)).mean() * (GAMMA / 2 * self.every)
        else:
            of_real = self.judge(real)
        of_fake = self.judge(fake)
        if self.wgan:
            loss = loss + of_fake.mean() - of_real.mean()
        else:
            loss = loss + F.softplus(of_fake).mean() + F.softplus(-of_real).mean()
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        return loss.detach()

    def generator_step(self):
        self.critic.requires_grad_(False)
        scores = self.judge(self.draw(True))
        loss = -scores.mean() if self.wgan else F.softplus(-scores).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)
        return loss.detach()


serve(Trainer, variants=("r1", "wgan_gp", "stylegan2"))
