"""Writes imresize.json: python3 imresize.py (NumPy, float64).

MATLAB's imresize(x, scale) with its default, bicubic and antialiased, pixel by pixel from its definition: the
output pixel at u (both count from 1) is the sum of h(u - j) x(j) over the neighbours j, divided by the sum of the
h, with u = i / scale + (1 - 1 / scale) / 2; h is Keys' cubic, and scale * cubic(scale * t) where scale < 1. Beyond
the border x goes on as its mirror image, the border pixel twice.
"""

import json
import math
import pathlib

import numpy as np


def cubic(t):
    t = abs(t)
    if t <= 1:
        return 1.5 * t**3 - 2.5 * t**2 + 1
    return -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2 if t < 2 else 0.0


def resize_row(row, scale):
    n, narrow = len(row), min(scale, 1)
    out = []
    for i in range(1, math.ceil(n * scale) + 1):
        u = i / scale + (1 - 1 / scale) / 2
        reach = math.ceil(2 / narrow) + 1
        total = weights = 0.0
        for j in range(math.floor(u) - reach, math.floor(u) + reach + 1):
            at = (j - 1) % (2 * n)
            weight = cubic(narrow * (u - j))
            total += weight * row[at if at < n else 2 * n - 1 - at]
            weights += weight
        out.append(total / weights)
    return out


def imresize(x, scale):
    columns = np.apply_along_axis(resize_row, 0, x, scale)
    return np.apply_along_axis(resize_row, 1, columns, scale)


def pack(x):
    return {"shape": list(x.shape), "values": [float(f"{v:.9g}") for v in x.flatten()]}


random = np.random.default_rng(20240607)
cases = {}
for scale, shape in [(0.5, (8, 6)), (0.5, (12, 10)), (0.25, (8, 12)), (2, (5, 4)), (4, (3, 5)), (1.5, (4, 6))]:
    x = np.round(random.uniform(-1, 1, shape) * 256) / 256
    cases[f"by {scale:g}, {shape[0]}x{shape[1]}"] = {"x": pack(x), "y": pack(imresize(x, scale))}
lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in cases.items())
pathlib.Path(__file__).with_name("imresize.json").write_text("{\n" + lines + "\n}\n")
