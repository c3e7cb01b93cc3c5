"""Writes ops.json: python3 make.py (PyTorch 2.13, Pillow 13)."""
import pathlib

import numpy
import torch
import torch.nn.functional as F
from PIL import Image

from reference import case, nchw, nhwc, pack, uniform, write

here = pathlib.Path(__file__).parent


def images(f):
    return lambda x: nhwc(f(nchw(x)))


def binomial(x):
    taps = torch.tensor([1.0, 2.0, 1.0])
    kernel = (taps[:, None] * taps[None, :] / 16)[None, None].repeat(x.shape[1], 1, 1, 1)
    return F.conv2d(x, kernel, padding=1, groups=x.shape[1])


def normalize(x, scale, offset):
    mean = x.mean((1, 2), keepdim=True)
    variance = ((x - mean) ** 2).mean((1, 2), keepdim=True)
    return scale * (x - mean) / torch.sqrt(variance + 1e-5) + offset


def convolve(x, w):
    return nhwc(F.conv2d(nchw(x), w.permute(3, 2, 0, 1), padding=1))


def convolve_stride(x, w):  # TensorFlow's "same" at stride 2 and even sizes pads below and to the right
    return nhwc(F.conv2d(F.pad(nchw(x), (0, 1, 0, 1)), w.permute(3, 2, 0, 1), stride=2))


x = uniform(2, 4, 4, 2)
v = uniform(3, 5)
cases = {
    "leakyRelu": case(lambda x: F.leaky_relu(x, 0.2), {"x": v}),
    "leakyRelu gain": case(lambda x: F.leaky_relu(x, 0.1) * 2**0.5, {"x": v}),
    "relu": case(F.relu, {"x": v}),
    "upsampleNearest 2": case(images(lambda x: F.interpolate(x, scale_factor=2)), {"x": uniform(2, 2, 3, 2)}),
    "upsampleNearest 4": case(images(lambda x: F.interpolate(x, scale_factor=4)), {"x": uniform(1, 1, 2, 2)}),
    "downsampleAverage 2": case(images(lambda x: F.avg_pool2d(x, 2)), {"x": x}),
    "downsampleAverage 4": case(images(lambda x: F.avg_pool2d(x, 4)), {"x": uniform(1, 4, 8, 2)}),
    "blur": case(images(binomial), {"x": x}),
    "lerp": case(lambda a, b, t: a + (b - a) * t, {"a": v, "b": uniform(3, 5), "alpha": uniform(3, 1, low=0)}),
    "softplus": case(F.softplus, {"x": uniform(3, 5, low=-9, high=9)}),
    "sumOfSquares": case(lambda x: (x**2).sum((1, 2, 3)), {"x": x}),
    "maximum": case(torch.maximum, {"a": v, "b": uniform(3, 5)}),
    "clamp": case(lambda x: torch.clamp(x, -0.5, 0.25), {"x": v}),
    "absolute": case(torch.abs, {"x": torch.cat([v, torch.zeros(1, 5)])}),
    "instanceStatistics": case(
        lambda x: torch.cat([x.mean((1, 2), keepdim=True), x.var((1, 2), unbiased=False, keepdim=True)], 3), {"x": x}
    ),
    "instanceNormalize": case(
        normalize, {"x": x, "scale": uniform(2, 1, 1, 2, low=0.5), "offset": uniform(2, 1, 1, 2)}
    ),
    "unitPower": case(lambda x: x * torch.rsqrt((x**2).mean(-1, keepdim=True) + 1e-8), {"x": uniform(2, 2, 1, 5)}),
    "tanh": case(torch.tanh, {"x": v}),
    "sigmoid": case(torch.sigmoid, {"x": v}),
    "exp": case(torch.exp, {"x": v}),
    "softmax": case(lambda x: torch.softmax(x, -1), {"x": v}),
    "conv2d": case(convolve, {"x": uniform(2, 3, 4, 2), "filter": uniform(3, 3, 2, 3)}),
    "conv2d stride 2": case(convolve_stride, {"x": x, "filter": uniform(3, 3, 2, 2)}),
}
resizes = {
    "bicubic": ((8, 12), (4, 4), "bicubic"),
    "bicubic enlarge": ((4, 5), (8, 10), "bicubic"),
    "bilinear": ((9, 8), (3, 5), "bilinear"),
    "bilinear enlarge": ((2, 3), (4, 6), "bilinear"),
}
for name, (source, size, mode) in resizes.items():
    # PyTorch follows Pillow (a = -0.5) with antialias=True.
    f = lambda x: F.interpolate(x, size=size, mode=mode, antialias=True, align_corners=False)
    cases["resizeMatrix " + name] = case(images(f), {"x": uniform(1, *source, 1)}, order=2)
f = lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
cases["upsampleBilinear"] = case(images(f), {"x": uniform(1, 3, 2, 2)})

filters = {
    "area": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}
pillow = {}
for height, width in [(4, 4), (3, 7), (16, 15)]:
    for name, method in filters.items():
        source = uniform(9, 10)
        image = Image.fromarray(source.numpy().astype(numpy.float32), mode="F").resize((width, height), method)
        result = torch.from_numpy(numpy.asarray(image).astype(numpy.float64))
        pillow[f"{name} {height}x{width}"] = {"x": pack(source), "y": pack(result)}
write(here / "pillow.json", pillow)


def binomial(x):
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = (taps[:, None] * taps[None, :] / 64)[None, None].repeat(x.shape[-1], 1, 1, 1)
    return nhwc(F.conv2d(nchw(x), kernel, stride=2, padding=1, groups=x.shape[-1]))


class Passing(torch.autograd.Function):
    @staticmethod
    def forward(ctx, value, mask):
        ctx.save_for_backward(mask)
        return value * mask

    @staticmethod
    def backward(ctx, ddy):
        return Passing.apply(ddy, *ctx.saved_tensors), None


class ClampInward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.clamp(x, -0.5, 0.25)

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        outwards = ((x > 0.25) & (dy < 0)) | ((x < -0.5) & (dy > 0))
        return Passing.apply(dy, (~outwards).double())


cases["downsampleBinomial"] = case(binomial, {"x": uniform(1, 6, 4, 2)})
cases["clampInward"] = case(ClampInward.apply, {"x": uniform(4, 5)})
cases["elu"] = case(F.elu, {"x": uniform(4, 5)})
cases["pow"] = case(torch.pow, {"a": uniform(3, 5, low=0.25), "b": uniform(5, low=-2, high=2)})
write(here / "ops.json", cases)
