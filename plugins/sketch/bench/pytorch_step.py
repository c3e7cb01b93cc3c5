"""The training step of Cambium's sketch plugin, in PyTorch: the peer of `deno task bench --versus pytorch`.

Architecture, losses and update are those of the plugin's preset `small` in a stabilization phase,
without part classes: encoder of the partial sketch, bilinear upsampling, one noise map per layer,
styles by AdaIN, a critic of average pooling and 3x3 convolutions on (partial, part), skips in all
three, minibatch standard deviation, lazy R1, Adam, averaged weights.

It follows the protocol of tests/bench/versus/peer.py; the folder of that file must be on
PYTHONPATH.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from layers import EqualizedConv, EqualizedLinear, adam, append_stddev
from peer import serve

LATENT, CODE, DENSE = 64, 32, 64
STYLE = LATENT + CODE
LEARNING_RATE, CRITIC_RATE = 0.01, 2
GAMMA, EVERY = 1, 4
OVERFLOW = 0.1


def channels(resolution):
    return max(12, min(64, 768 // resolution))


def encoder_channels(resolution):
    return min(32, channels(resolution))


def average(x):
    return F.avg_pool2d(x, 2)


def reduce_sketches(x):
    return average(x) if x.shape[2] > 32 else F.max_pool2d(x, 2)


class Descent(nn.Module):
    """Features at every resolution, the newest first: average pooling, a 3x3 convolution, and an
    input layer for each."""

    def __init__(self, resolution, inputs, width, reduce):
        super().__init__()
        self.enters = nn.ModuleList([EqualizedConv(inputs, width(resolution))])
        self.blocks = nn.ModuleList()
        self.reduce = reduce
        while resolution > 4:
            self.blocks.append(EqualizedConv(width(resolution), width(resolution // 2)))
            resolution //= 2
            self.enters.append(EqualizedConv(inputs, width(resolution)))

    def forward(self, x):
        features = [F.leaky_relu(self.enters[0](x), 0.2)]
        for block, enter in zip(self.blocks, self.enters[1:]):
            x = self.reduce(x)
            y = F.leaky_relu(block(F.avg_pool2d(features[-1], 2)), 0.2)
            features.append(F.leaky_relu(enter(x), 0.2) + y)
        return features


def enlarged(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Styled(nn.Module):
    """A 3x3 convolution, noise, leaky ReLU, style."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = EqualizedConv(inputs, outputs)
        self.noise = nn.Parameter(torch.zeros(1, outputs, 1, 1))
        self.style = EqualizedLinear(STYLE, 2 * outputs, gain=1)

    def forward(self, x, style):
        x = self.conv(x)
        x = x + self.noise * torch.randn(1, 1, x.shape[2], x.shape[3])
        x = F.instance_norm(F.leaky_relu(x, 0.2), eps=1e-5)
        scale, offset = self.style(style)[:, :, None, None].chunk(2, 1)
        return x * (scale + 1) + offset


class Generator(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.encoder = Descent(resolution, 1, encoder_channels, reduce_sketches)
        self.code = EqualizedLinear(encoder_channels(4) * 16, CODE)
        self.constant = nn.Parameter(torch.randn(1, channels(4), 4, 4))
        self.first, self.second, self.to_image = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        r = 4
        while r <= resolution:
            inputs = channels(max(4, r // 2)) + encoder_channels(r)
            self.first.append(Styled(inputs, channels(r)))
            self.second.append(Styled(channels(r), channels(r)))
            self.to_image.append(EqualizedConv(channels(r), 1, kernel=1, gain=1))
            r *= 2

    def forward(self, partial, z):
        features = self.encoder(partial)[::-1]
        style = torch.cat([F.leaky_relu(self.code(features[0].flatten(1)), 0.2), z], 1)
        x = self.constant.expand(z.shape[0], -1, -1, -1)
        picture = None
        for i, (first, second, to_image) in enumerate(zip(self.first, self.second, self.to_image)):
            if i > 0:
                x = enlarged(x)
            x = second(first(torch.cat([x, features[i]], 1), style), style)
            picture = to_image(x) if picture is None else enlarged(picture) + to_image(x)
        return torch.lerp(picture.clamp(-1, 1), picture, OVERFLOW)


class Critic(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.descent = Descent(resolution, 2, channels, average)
        width = channels(4)
        self.conv = EqualizedConv(width + 1, width)
        self.dense = EqualizedLinear(width * 16, DENSE)
        self.score = EqualizedLinear(DENSE, 1, gain=1)

    def forward(self, view):
        x = self.descent(view)[-1]
        x = append_stddev(x)
        x = F.leaky_relu(self.conv(x), 0.2)
        return self.score(F.leaky_relu(self.dense(x.flatten(1)), 0.2))


class Trainer:
    """One critic and one generator update per step."""

    def __init__(self, options, layout):
        torch.manual_seed(0)
        self.autocast, self.device = options.mode == "autocast", options.device
        form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        self.generator = Generator(options.resolution).to(memory_format=form)
        self.critic = Critic(options.resolution).to(memory_format=form)
        compiled = options.mode == "compile"
        self.generate = torch.compile(self.generator) if compiled else self.generator
        self.judge = torch.compile(self.critic) if compiled else self.critic
        self.generator_optimizer = adam(self.generator.parameters(), LEARNING_RATE)
        self.critic_optimizer = adam(self.critic.parameters(), LEARNING_RATE * CRITIC_RATE)
        self.live = list(self.generator.parameters())
        self.average = [p.detach().clone() for p in self.live]
        shape = (options.batch, 1, options.resolution, options.resolution)
        self.partial = (torch.rand(shape) * 2 - 1).contiguous(memory_format=form)
        self.part = (torch.rand(shape) * 2 - 1).contiguous(memory_format=form)
        self.steps = 0

    def draw(self):
        part = self.generate(self.partial, torch.randn(self.partial.shape[0], LATENT))
        return torch.cat([self.partial, part], 1)

    def step(self):
        penalized = self.steps % EVERY == 0
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
            fake = self.draw()
        real = torch.cat([self.partial, self.part], 1)
        loss = torch.zeros(())
        if penalized:  # a compiled network has no second gradient
            real.requires_grad_()
            of_real = self.critic(real)
            slope, = torch.autograd.grad(of_real.sum(), real, create_graph=True)
            loss = loss + slope.square().sum((1, 2, 3)).mean() * (GAMMA / 2 * EVERY)
        else:
            of_real = self.judge(real)
        loss = loss + F.softplus(self.judge(fake)).mean() + F.softplus(-of_real).mean()
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        return loss.detach()

    def generator_step(self):
        self.critic.requires_grad_(False)
        loss = F.softplus(-self.judge(self.draw())).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)
        return loss.detach()


serve(Trainer)
