"""Writes losses.json: python3 make.py (PyTorch 2.13)."""
import pathlib
import sys

import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "ops" / "testdata"))
from reference import case, nchw, uniform, write  # noqa: E402


def bce(logits, target):
    return F.binary_cross_entropy_with_logits(logits, target.expand_as(logits))


def critic(x, weight, dense):
    y = F.leaky_relu(F.conv2d(nchw(x), weight.permute(3, 2, 0, 1), padding=1), 0.2)
    return torch.tanh(y.permute(0, 2, 3, 1).flatten(1) @ dense)


def squares(x, weight, dense):
    if not x.requires_grad:
        x = x.clone().requires_grad_(True)
    (g,) = torch.autograd.grad(critic(x, weight, dense).sum(), x, create_graph=True)
    return (g**2).sum((1, 2, 3))


def norm_penalty(x, weight, dense, scale, target=1.0):
    norm = torch.sqrt(squares(x, weight, dense) + 1e-12)
    return scale * ((norm / target - 1) ** 2).mean()


zero, one = torch.zeros(1), torch.ones(1)
real, fake = uniform(5, 1, low=-3, high=3), uniform(5, 1, low=-3, high=3)
flip = torch.tensor([[0.0], [1.0], [0.0], [0.0], [1.0]])
smooth = 0.875 * (1 - flip)
pair = {"real": real, "fake": fake}
images = {"real": uniform(3, 2, 3, 2), "fake": uniform(3, 2, 3, 2), "mix": uniform(3, 1, 1, 1, low=0)}
weights = {"weight": uniform(3, 3, 2, 3), "dense": uniform(18, 1)}
reals = {"real": images["real"], **weights}
cases = {
    "wgan discriminator": case(lambda r, f: f.mean() - r.mean(), pair, 1),
    "wgan generator": case(lambda f: -f.mean(), {"fake": fake}, 1),
    "hinge discriminator": case(lambda r, f: F.relu(1 - r).mean() + F.relu(1 + f).mean(), pair, 1),
    "hinge generator": case(lambda f: -f.mean(), {"fake": fake}, 1),
    "least_squares discriminator": case(lambda r, f: (F.mse_loss(r, one.expand_as(r)) + (f**2).mean()) / 2, pair, 1),
    "least_squares discriminator with targets": case(
        lambda r, f: (((r - smooth) ** 2).mean() + (f**2).mean()) / 2, pair, 1
    ),
    "least_squares generator": case(lambda f: ((f - 1) ** 2).mean() / 2, {"fake": fake}, 1),
    "bce_minimax discriminator": case(lambda r, f: bce(r, one) + bce(f, zero), pair, 1),
    "bce_minimax discriminator with targets": case(lambda r, f: bce(r, smooth) + bce(f, zero), pair, 1),
    "bce_minimax generator": case(lambda f: torch.log(1 - torch.sigmoid(f)).mean(), {"fake": fake}, 1),
    "non_saturating discriminator": case(lambda r, f: bce(r, one) + bce(f, zero), pair, 1),
    "non_saturating discriminator with targets": case(lambda r, f: bce(r, smooth) + bce(f, zero), pair, 1),
    "non_saturating generator": case(lambda f: -F.logsigmoid(f).mean(), {"fake": fake}, 1),
    "l1": case(F.l1_loss, pair, 1),
    "drift": case(lambda r: 0.001 * (r**2).mean(), {"real": real}, 1),
    "wganGp": case(
        lambda r, f, m, w, d: norm_penalty(m * r + (1 - m) * f, w, d, 10.0), {**images, **weights}, 1
    ),
    "wganGp of target 750": case(
        lambda r, f, m, w, d: norm_penalty(m * r + (1 - m) * f, w, d, 5.0, 750.0), {**images, **weights}, 1
    ),
    "dragan": case(lambda r, w, d: norm_penalty(r, w, d, 10.0), reals, 1),
    "r1": case(lambda r, w, d: 3.0 * squares(r, w, d).mean(), reals, 2),
    "r2": case(lambda r, w, d: 5.0 * squares(r, w, d).mean(), reals, 1),
    "relativistic discriminator": case(lambda r, f: bce(r - f, one), pair, 1),
    "relativistic generator": case(lambda f, r: bce(f - r, one), {"fake": fake, "real": real}, 1),
    "r1_r2": case(
        lambda r, f, w, d: 3.0 * (squares(r, w, d) + squares(f, w, d)).mean(),
        {"real": images["real"], "fake": images["fake"], **weights},
        2,
    ),
}
write(here / "losses.json", cases)
