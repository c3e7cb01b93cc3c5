"""Writes layers.json: python3 make.py (PyTorch 2.13)."""
import pathlib
import sys

import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "ops" / "testdata"))
from reference import case, nchw, nhwc, uniform, write  # noqa: E402


def convolve(x, weight, bias=0, gain=2**0.5, **options):
    scale = gain / weight[..., 0].numel() ** 0.5
    kernel = weight.shape[0]
    return nhwc(F.conv2d(nchw(x), (weight * scale).permute(3, 2, 0, 1), padding=kernel // 2, **options)) + bias


def dense(x, weight, bias, gain=2**0.5):
    return x @ (weight * gain / weight.shape[0] ** 0.5) + bias


def normalize(x):
    mean = x.mean((1, 2), keepdim=True)
    return (x - mean) / torch.sqrt(((x - mean) ** 2).mean((1, 2), keepdim=True) + 1e-5)


def adain(x, w, weight, bias):
    scale, offset = dense(w, weight, bias, 1)[:, None, None, :].chunk(2, -1)
    return normalize(x) * (1 + scale) + offset


def stddev(x, size):
    n, h, w, c = x.shape
    y = x.reshape(size, n // size, h, w, c)
    y = torch.sqrt(((y - y.mean(0)) ** 2).mean(0) + 1e-8).mean((1, 2, 3))
    y = y.repeat(size).reshape(n, 1, 1, 1).expand(n, h, w, 1)
    return torch.cat([x, y], 3)


def blur(x):
    taps = torch.tensor([1.0, 2.0, 1.0])
    kernel = (taps[:, None] * taps[None, :] / 16)[None, None].repeat(x.shape[-1], 1, 1, 1)
    return nhwc(F.conv2d(nchw(x), kernel, padding=1, groups=x.shape[-1]))


def up(x):
    return nhwc(F.interpolate(nchw(x), scale_factor=2))


def down(x):
    return nhwc(F.avg_pool2d(nchw(x), 2))


def modulated(x, w, weight, style, offset, upsample=False, demodulate=True, gain=1):
    """A set of weights for each sample, and grouped convolution, as in the paper."""
    n, height, width, channels = x.shape
    s = dense(w, style, offset, 1)
    kernels = weight[None] * s[:, None, None, :, None] / weight[..., 0].numel() ** 0.5  # [N, k, k, in, out]
    if demodulate:
        kernels = kernels * torch.rsqrt((kernels**2).sum((1, 2, 3), keepdim=True) + 1e-8)
    k = weight.shape[0]
    grouped = kernels.permute(0, 4, 3, 1, 2).reshape(-1, channels, k, k)
    joined = nchw(up(x) if upsample else x).reshape(1, n * channels, *(2 * [2 * height] if upsample else [height, width]))
    y = F.conv2d(joined, grouped, padding=k // 2, groups=n)
    y = nhwc(y.reshape(n, weight.shape[3], y.shape[2], y.shape[3])) * gain
    return blur(y) if upsample else y


def styled(kernel):
    return {
        "x": uniform(2, 2, 2, 3),
        "w": uniform(2, 4),
        "weight": uniform(kernel, kernel, 3, 2),
        "style/weight": uniform(4, 3),
        "style/bias": uniform(3, low=0.5, high=1.5),
    }


x, bias = uniform(2, 2, 2, 3), uniform(2)
weight, pointwise = uniform(3, 3, 3, 2), uniform(1, 1, 3, 2)
large = uniform(1, 4, 4, 3)
write(
    here / "layers.json",
    {
        "equalizedConv2d": case(convolve, {"x": x, "weight": weight, "bias": bias}),
        "equalizedDense": case(dense, {"x": uniform(2, 3), "weight": uniform(3, 2), "bias": bias}),
        "toImage": case(lambda x, w, b: convolve(x, w, b, 1), {"x": x, "weight": pointwise, "bias": bias}),
        "fromImage": case(convolve, {"x": x, "weight": pointwise, "bias": bias}),
        "upsampleConv2d": case(lambda x, w, b: blur(convolve(up(x), w, b)), {"x": x, "weight": weight, "bias": bias}),
        "downsampleConv2d": case(
            lambda x, w, b: down(convolve(blur(x), w, b)), {"x": large, "weight": weight, "bias": bias}
        ),
        "downsampleConv2d without blur": case(
            lambda x, w, b: down(convolve(x, w, b)), {"x": large, "weight": weight, "bias": bias}
        ),
        "pixelNorm": case(lambda x: x / torch.sqrt((x**2).mean(-1, keepdim=True) + 1e-8), {"x": uniform(2, 2, 1, 4)}),
        "instanceNorm": case(normalize, {"x": uniform(2, 3, 3, 2)}),
        "adain": case(
            adain,
            {"x": uniform(2, 3, 3, 2), "w": uniform(2, 3), "style/weight": uniform(3, 4), "style/bias": uniform(4)},
        ),
        "noise": case(
            lambda x, n, w: x + n * w, {"x": x, "noise": uniform(2, 2, 2, 1), "weight": uniform(3)}
        ),
        "minibatchStddev of 8": case(lambda x: stddev(x, 4), {"x": uniform(8, 1, 2, 2)}),
        "minibatchStddev of 6": case(lambda x: stddev(x, 3), {"x": uniform(6, 1, 2, 2)}),
        "constantInput": case(lambda x: x.repeat(3, 1, 1, 1), {"constant": uniform(1, 4, 4, 2)}),
        "modulatedConv2d": case(modulated, styled(3)),
        "modulatedConv2d up": case(lambda *xs: modulated(*xs, upsample=True, gain=2**0.5), styled(3)),
        "modulatedConv2d to an image": case(lambda *xs: modulated(*xs, demodulate=False), styled(1)),
    },
)
