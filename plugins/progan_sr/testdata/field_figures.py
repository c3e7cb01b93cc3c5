"""Writes field_figures.json: python3 field_figures.py (NumPy, float64).

PSNR and SSIM of MATLAB's bicubic reduction and enlargement by 2, for a picture that the test
generates by the same formula. The matrices follow imresize's `contributions`: output i (counted
from 1) depends on ceil(width) + 2 neighbours.
"""

import json
import pathlib

import numpy as np


def cubic(t):
    a = np.abs(t)
    inner, outer = 1.5 * a**3 - 2.5 * a**2 + 1, -0.5 * a**3 + 2.5 * a**2 - 4 * a + 2
    return inner * (a <= 1) + outer * ((a > 1) & (a <= 2))


def contributions(n, m, scale):
    narrow = min(scale, 1)
    width = 4 / narrow
    u = np.arange(1, m + 1) / scale + 0.5 * (1 - 1 / scale)
    at = np.floor(u - width / 2)[:, None] + np.arange(int(np.ceil(width)) + 2)
    weights = narrow * cubic(narrow * (u[:, None] - at))
    weights /= weights.sum(1, keepdims=True)
    mirror = np.concatenate([np.arange(n), np.arange(n)[::-1]])
    matrix = np.zeros((m, n))
    for i in range(m):
        np.add.at(matrix[i], mirror[(at[i].astype(int) - 1) % (2 * n)], weights[i])
    return matrix


def imresize(x, scale):
    h, w = x.shape[:2]
    rows, columns = contributions(h, int(h * scale), scale), contributions(w, int(w * scale), scale)
    return np.einsum("ih,jw,hw...->ij...", rows, columns, x)


def byte(x):
    return np.clip(np.floor(x + 0.5), 0, 255)


def figures(a, b, crop=2):
    a, b = a[crop:-crop, crop:-crop], b[crop:-crop, crop:-crop]
    g = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    window = np.outer(g, g) / g.sum() ** 2
    mean = lambda x: np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(x, (11, 11)), window)
    ma, mb = mean(a), mean(b)
    va, vb, c = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ssim = (2 * ma * mb + c1) * (2 * c + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))
    return [10 * np.log10(255**2 / ((a - b) ** 2).mean()), ssim.mean()]


def luma(x):
    return 16 + x @ np.array([65.481, 128.553, 24.966]) / 255


y, x, c = np.mgrid[0:33, 0:30, 0:3]
results = {}
for kind in ["colour", "grey"]:
    c = c if kind == "colour" else 0 * c
    image = np.floor(100 * np.sin(x / (3 + c)) * np.cos(y / 4) + 128 + 0.5) + (x * 7 + y * 13 + c * 5) % 23
    image = image[:32]
    grey = kind == "grey"
    alone = image[..., 0] if grey else byte(luma(image))
    up = byte(imresize(byte(imresize(image, 0.5)), 2))
    results[kind] = {
        "bicubic, Y alone": figures(byte(imresize(imresize(alone, 0.5), 2)), alone),
        "bicubic": figures(up[..., 0], image[..., 0]) if grey else figures(luma(up), luma(image)),
    }
pathlib.Path(__file__).with_name("field_figures.json").write_text(json.dumps(results, indent=2) + "\n")
