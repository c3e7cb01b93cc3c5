"""The training step of Cambium's ProGAN-SR, in PyTorch: a peer to measure against.

Architecture, losses and update are those of the plugin's preset `perceptual`, 32 channels wide (its critic up to
64), in a stabilization phase that began at 8 px: bicubic reduction and enlargement by matrices, residual
generator with pixel norm, critic with minibatch standard deviation, lazy R1, the relative distance of VGG-19's
relu1_2 (random weights take the same time), pixel L1, Adam, averaged weights.

It follows the protocol of tests/bench/versus/peer.py; the folder of that file must be on
PYTHONPATH.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from layers import Blur, EqualizedConv, EqualizedLinear, adam, append_stddev
from peer import serve
from resize import Resize

SCALE, WIDTH, BLOCK_LAYERS, START = 2, 32, 2, 8
LEARNING_RATE, GAMMA, EVERY = 0.002, 1.0, 8
ADVERSARIAL, PERCEPTUAL, PIXEL = 0.01, 1.0, 0.5
PERCEPTUAL_FROM = 32
RESIDUAL_GAIN = 0.1


def critic_channels(resolution):
    return max(16, min(64, 1024 // resolution))


class Convolution(nn.Module):
    """3x3, leaky ReLU, pixel norm."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = EqualizedConv(inputs, outputs)

    def forward(self, x):
        x = F.leaky_relu(self.conv(x), 0.2)
        return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


class Generator(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.enter = Convolution(3, WIDTH)
        count = int(math.log2(resolution // START)) + 1
        self.blocks = nn.ModuleList(
            nn.Sequential(*(Convolution(WIDTH, WIDTH) for _ in range(BLOCK_LAYERS))) for _ in range(count)
        )
        self.head = Convolution(WIDTH, WIDTH)
        self.to_image = EqualizedConv(WIDTH, 3, kernel=1, gain=1)
        self.enlarge = Resize(resolution // SCALE, resolution)

    def forward(self, low):
        x = self.enter(low)
        for block in self.blocks:
            x = x + block(x)
        residual = self.to_image(self.head(F.interpolate(x, scale_factor=SCALE)))
        return self.enlarge(low) + RESIDUAL_GAIN * residual


class CriticBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv, self.blur = EqualizedConv(inputs, outputs), Blur(inputs)

    def forward(self, x):
        return F.avg_pool2d(F.leaky_relu(self.conv(self.blur(x)), 0.2), 2)


class Critic(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.from_image = EqualizedConv(3, critic_channels(resolution), kernel=1)
        self.blocks = nn.ModuleList()
        r = resolution
        while r > 4:
            self.blocks.append(CriticBlock(critic_channels(r), critic_channels(r // 2)))
            r //= 2
        width = critic_channels(4)
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


class Vgg(nn.Module):
    """Block 1, frozen, to relu1_2."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 64, 3, padding=1), nn.Conv2d(64, 64, 3, padding=1)
        self.register_buffer("mean", torch.tensor([103.939, 116.779, 123.68])[:, None, None])
        self.requires_grad_(False)

    def forward(self, x):
        x = (x.flip(1) + 1) * 127.5 - self.mean
        return F.relu(self.conv2(F.relu(self.conv1(x))))


class Trainer:
    """One critic and one generator update per step."""

    def __init__(self, options, layout):
        torch.manual_seed(0)
        self.autocast, self.device = options.mode == "autocast", options.device
        form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        resolution = options.resolution
        self.generator = Generator(resolution).to(memory_format=form)
        self.critic = Critic(resolution).to(memory_format=form)
        self.vgg = Vgg().to(memory_format=form) if resolution >= PERCEPTUAL_FROM else None
        compiled = options.mode == "compile"
        self.enlarge = torch.compile(self.generator) if compiled else self.generator
        self.judge = torch.compile(self.critic) if compiled else self.critic
        self.features = torch.compile(self.vgg) if compiled and self.vgg else self.vgg
        self.reduce = Resize(resolution, resolution // SCALE)
        self.generator_optimizer = adam(self.generator.parameters(), LEARNING_RATE)
        self.critic_optimizer = adam(self.critic.parameters(), LEARNING_RATE)
        self.live = list(self.generator.parameters())
        self.average = [p.detach().clone() for p in self.live]
        shape = (options.batch, 3, resolution, resolution)
        self.high = (torch.rand(shape) * 2 - 1).contiguous(memory_format=form)
        self.steps = 0

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
            fake = self.enlarge(self.reduce(self.high))
        loss = torch.zeros(())
        if penalized:
            real = self.high.detach().requires_grad_()
            of_real = self.critic(real)  # a compiled network has no second gradient
            slope, = torch.autograd.grad(of_real.sum(), real, create_graph=True)
            loss = loss + slope.square().sum((1, 2, 3)).mean() * (GAMMA / 2 * EVERY)
        else:
            of_real = self.judge(self.high)
        loss = loss + F.softplus(self.judge(fake)).mean() + F.softplus(-of_real).mean()
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        return loss.detach()

    def generator_step(self):
        self.critic.requires_grad_(False)
        fake = self.enlarge(self.reduce(self.high))
        loss = ADVERSARIAL * F.softplus(-self.judge(fake)).mean() + PIXEL * (fake - self.high).abs().mean()
        if self.vgg:
            with torch.no_grad():
                target = self.features(self.high)
            distance = (self.features(fake) - target).abs().mean()
            loss = loss + PERCEPTUAL * distance / (target.abs().mean() + 1e-8)
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)
        return loss.detach()


serve(Trainer, resolution=64)
