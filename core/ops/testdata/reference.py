"""Values and gradients of orders one to three by PyTorch in float64, for the tests beside the ops and layers.

With y = f(inputs) and fixed random weights c, e, k (e and k have a part for each input):
    L = sum(c * y^3),  first = dL/dinputs,  second = d sum(e * first)/dinputs,  third = d sum(k * second)/dinputs.
"""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(20240607)


def uniform(*shape, low=-1.0, high=1.0):
    """Random numbers that float32 holds exactly."""
    x = torch.rand(shape, generator=generator) * (high - low) + low
    return torch.round(x * 256) / 256


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def pack(x):
    return {"shape": list(x.shape), "values": [float(f"{v:.9g}") for v in x.detach().flatten().tolist()]}


def gradients(y, xs, weights, create_graph=True):
    total = sum((a * b).sum() for a, b in zip(y, weights))
    if not total.requires_grad:
        return [torch.zeros_like(x) for x in xs]
    grads = torch.autograd.grad(total, xs, create_graph=create_graph, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for g, x in zip(grads, xs)]


def case(f, inputs, order=3):
    """inputs: name -> tensor; f takes them by position."""
    xs = [x.clone().requires_grad_(True) for x in inputs.values()]
    y = f(*xs)
    c = uniform(*y.shape)
    directions = [[uniform(*x.shape) for x in xs] for _ in range(order - 1)]
    levels = [gradients([y**3], xs, [c])]
    for d in directions:
        levels.append(gradients(levels[-1], xs, d))
    named = lambda tensors: {n: pack(t) for n, t in zip(inputs, tensors)}
    return {
        "inputs": named(inputs.values()),
        "output": pack(y),
        "weights": pack(c),
        "directions": [named(d) for d in directions],
        "gradients": [named(level) for level in levels],
    }


def write(path, cases):
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in cases.items())
    pathlib.Path(path).write_text("{\n" + lines + "\n}\n")
