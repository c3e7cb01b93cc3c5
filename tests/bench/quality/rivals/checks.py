"""Checks the rivals' equations in float64, each against a formula or a slower method; takes
seconds.

    python3 checks.py
"""
import math

import torch
import torch.nn.functional as F

import ada
import convolution
import fastgan
import r3gan
import rival
import stylegan
import stylegan2_ada


def near(a, b, tolerance=1e-9):
    difference = (torch.as_tensor(a) - torch.as_tensor(b)).abs().max().item()
    assert difference <= tolerance, f"{difference} is more than {tolerance}"


def check_squared_gradient():
    # Of sum(w x²) by x: 2 w x; by w, of its squared norm: 8 w x².
    w = torch.randn(3, 4, 4, requires_grad=True)
    x = torch.randn(5, 3, 4, 4, requires_grad=True)
    penalty = rival.squared_gradient((w * x.square()).sum([1, 2, 3]), x)
    near(penalty, (2 * w * x).square().sum([1, 2, 3]))
    gradient, = torch.autograd.grad(penalty.mean(), w)
    near(gradient, (8 * w * x.square()).mean(0))


def check_convolution():
    x, weight = torch.randn(2, 4, 5, 5), torch.randn(6, 2, 3, 3)
    inputs = [t.requires_grad_(True) for t in (x, weight)]

    def twice(conv):
        scores = conv(x, weight, None, stride=2, padding=1, groups=2).square().sum()
        gradient, = torch.autograd.grad(scores, x, create_graph=True)
        return torch.autograd.grad(gradient.square().sum(), inputs)

    for own, theirs in zip(twice(convolution.conv2d), twice(F.conv2d)):
        near(own, theirs)
    settings = (weight, 1, 1, 2)
    assert torch.autograd.gradcheck(
        lambda x, w: convolution.conv2d(x, w, None, *settings[1:]), inputs)


def check_half_life():
    assert math.isclose(rival.half_life_decay(16, 1600) ** 100, 0.5)
    assert rival.half_life_decay(16, 0) == 0


def check_r3gan_loss():
    critic = torch.nn.Sequential(torch.nn.Flatten(0), torch.nn.Linear(1, 1, bias=False))
    slope = critic[1].weight.item()

    def score(images):
        return images.sum([1, 2, 3]) * critic[1].weight[0, 0]

    reals, fakes = (torch.randn(4, 3, 2, 2, requires_grad=True) for _ in range(2))
    loss, told = r3gan.critic_loss(score, reals, fakes, 0.7)
    lead = (reals - fakes).sum([1, 2, 3]) * slope
    relative = torch.log1p(torch.exp(-lead)).mean()
    near(loss, relative + 0.7 / 2 * 2 * 12 * slope ** 2)  # 12 numbers an image, R1 and R2
    assert math.isclose(told["r1"], 12 * slope ** 2)
    near(r3gan.generator_loss(score, reals, fakes), torch.log1p(torch.exp(lead)).mean())
    # The penalty's gradient by a weight of a whole critic, against differences.
    net = r3gan.Critic([16, 16], 16)
    for block in net.layers:
        if isinstance(block, r3gan.Block):  # its last layer starts at 0
            torch.nn.init.normal_(block.branch[4].weight, 0, 0.1)
    reals, fakes = (torch.randn(2, 3, 8, 8, requires_grad=True) for _ in range(2))
    weight = net.layers[1].branch[2].weight
    gradient, = torch.autograd.grad(r3gan.critic_loss(net, reals, fakes, 2.0)[0], weight)
    values = []
    for sign in (1, -1):
        with torch.no_grad():
            weight[0, 0, 1, 1] += sign * 1e-5
        values.append(r3gan.critic_loss(net, reals, fakes, 2.0)[0].item())
        with torch.no_grad():
            weight[0, 0, 1, 1] -= sign * 1e-5
    near(gradient[0, 0, 1, 1], (values[0] - values[1]) / 2e-5, 1e-7)


def check_demodulation():
    # Against a weight of its own for each sample, scaled to unit norm.
    layer = stylegan2_ada.Styled(6, 5, 4, up=False)
    x, w = torch.randn(3, 6, 8, 8), torch.randn(3, 4)
    style = layer.style(w)
    for i in range(3):
        own = layer.weight * layer.scale * style[i][:, None, None]
        own = own / (own.square().sum([1, 2, 3], keepdim=True) + 1e-8).sqrt()
        near(layer(x[i:i + 1], w[i:i + 1]),
             stylegan2_ada.activate(F.conv2d(x[i:i + 1], own, padding=1)))


def check_resampling():
    # A constant stays, but at the border; doubling is the transposed halving, times 4.
    x, y = torch.randn(2, 3, 8, 8), torch.randn(2, 3, 4, 4)
    near(stylegan2_ada.enlarge(torch.ones(1, 3, 4, 4))[:, :, 1:-1, 1:-1], 1)
    near((stylegan2_ada.smooth(x, stride=2) * y).sum(), (x * stylegan2_ada.enlarge(y)).sum() / 4)
    up, down = r3gan.Resize(3, 3, up=True), r3gan.Resize(3, 3, up=False)
    near(up(y), stylegan2_ada.enlarge(y))
    near(down(x), stylegan2_ada.smooth(x, stride=2))
    assert stylegan.blur(x).shape == x.shape


def check_augmentation():
    x = torch.randn(2, 3, 16, 16)

    def matrix(values):
        return torch.tensor([values, values]).to(x.dtype)

    near(ada.Augment.move(x, matrix([[1.0, 0, 0], [0, 1, 0]])), x, 1e-6)
    # sym6 is not quite symmetric: a turned picture is the same where it is smooth
    place = torch.linspace(-1, 1, 16)
    smooth = (place - place[:, None] / 2 + place * place[:, None]).expand(2, 3, 16, 16)
    turned = ada.Augment.move(smooth, matrix([[0.0, -1, 0], [1, 0, 0]]))
    near(turned[:, :, 4:-4, 4:-4], smooth.rot90(1, (2, 3))[:, :, 4:-4, 4:-4], 0.02)
    moved = ada.Augment.move(x, matrix([[1.0, 0, 3], [0, 1, 0]]))
    near(moved[:, :, :, :13], x[:, :, :, 3:], 1e-6)
    # Sampling is linear: its transposed is exact, and the second derivative is there.
    grid = torch.rand(2, 5, 5, 2) * 2.4 - 1.2
    small = torch.randn(2, 1, 4, 4, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: ada._Sample.apply(v, grid), (small,))
    assert torch.autograd.gradgradcheck(lambda v: ada._Sample.apply(v, grid).square(), (small,))
    # Colour keeps greys grey where hue and saturation alone act, and p = 0 changes nothing.
    augment = ada.Augment()
    assert augment(x) is x
    augment.p = 1.0
    grey = torch.full((4, 3, 16, 16), 0.25)
    painted = augment.paint(grey)
    near(painted, painted.mean(1, keepdim=True).expand_as(painted), 1e-6)


def check_adaptive():
    augment = ada.Augment()
    adaptive = ada.Adaptive(augment)
    for _ in range(8):
        adaptive.look(torch.ones(32))
    assert math.isclose(augment.p, 8 * 32 / 500_000)
    for _ in range(40):
        adaptive.look(torch.tensor([1.0, -1.0]))  # a mean sign of 0 is below 0.6
    assert math.isclose(augment.p, 8 * 32 / 500_000 - 40 * 2 / 500_000)
    for _ in range(400):
        adaptive.look(-torch.ones(32))
    assert augment.p == 0


def check_lazy_adam():
    group, = stylegan2_ada.lazy_adam(torch.nn.Linear(1, 1), 0.0025, 16).param_groups
    assert math.isclose(group["lr"], 0.0025 * 16 / 17)
    assert math.isclose(group["betas"][1], 0.99 ** (16 / 17))


def check_deviation():
    # Two groups of a batch of 8 are of the images 0, 2, 4, 6 and 1, 3, 5, 7.
    x = torch.randn(8, 2, 4, 4)
    for first in (0, 1):
        spread = (x[first::2].var(0, unbiased=False) + 1e-8).sqrt().mean()
        near(stylegan2_ada.deviation(x)[first::2], spread)


def check_quarters():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    parts = [fastgan.cut(x, quarter) for quarter in range(4)]
    near(torch.cat([torch.cat(parts[:2], 3), torch.cat(parts[2:], 3)], 2), x)


def check_shapes():
    torch.set_default_dtype(torch.float32)
    g, d = fastgan.Generator(64, 4), fastgan.Critic(64, 4)
    image, small = g(torch.randn(2, 256))
    assert image.shape == (2, 3, 64, 64) and small.shape == (2, 3, 32, 32)
    scores, decoded = d(image, small, 3)
    assert scores.shape == (2, 50) and {x.shape[2] for x in decoded} == {32}
    critic = stylegan.Critic([8, 8, 8])
    generator = stylegan.Generator([8, 8, 8], 16, 2)
    picture = generator([torch.randn(4, 16)] * 2, 2, 0.5)
    assert picture.shape == (4, 3, 16, 16) and critic(picture, 2, 0.5).shape == (4,)


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    checks = [check for name, check in list(globals().items()) if name.startswith("check_")]
    for check in checks:
        check()
        print(f"ok  {check.__name__}", flush=True)
