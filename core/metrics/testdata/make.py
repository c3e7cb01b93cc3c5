"""Writes expected.json: values that the tests of core/metrics compare with, in float64.

    python make.py        (needs numpy, scipy, scikit-image, torch)

Independent of the TypeScript: 2-D convolution by scipy for the pyramid, np.sort for the quantiles,
scikit-image for SSIM and PSNR, a torch conv2d for MS-SSIM. Images come from an integer formula, which the
tests repeat; corners and directions are stored.
"""

import json
import pathlib

import numpy as np
import scipy.ndimage
import torch
from skimage.color import rgb2ycbcr
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def pattern(seed, n, height, width, channels):
    """uint8 [N, H, W, C]: slopes and a step that depend on the seed, and noise by squares modulo a prime."""
    i, y, x, c = np.ogrid[0:n, 0:height, 0:width, 0:channels]
    at = ((i * height + y) * width + x) * channels + c + 1
    noise = (at * at * (seed + 3)) % 251 % 64
    step = 50 * ((x // 5 + y // 7 + i) % 2)
    return ((x * (2 + seed) + y * 3 + c * 17 + i * 11 + noise + step) % 256).astype(np.uint8)


BINOMIAL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256.0


def blur(images, kernel):
    return scipy.ndimage.convolve(images, kernel[None, :, :, None], mode="mirror")


def down(images):
    return blur(images, BINOMIAL)[:, ::2, ::2, :]


def up(images):
    n, h, w, c = images.shape
    grid = np.zeros((n, 2 * h, 2 * w, c))
    grid[:, ::2, ::2] = images
    return blur(grid, 4 * BINOMIAL)


def pyramid(images, levels):
    out, gaussian = [], images.astype(np.float64)
    for _ in range(levels - 1):
        smaller = down(gaussian)
        out.append(gaussian - up(smaller))
        gaussian = smaller
    return out + [gaussian]


def descriptors(level, corners, size):
    per_image = len(corners) // len(level)
    patches = []
    for p, corner in enumerate(corners):
        y, x = divmod(corner, level.shape[2])
        patches.append(level[p // per_image, y : y + size, x : x + size, :])
    patches = np.stack(patches)
    patches = patches - patches.mean(axis=(0, 1, 2), keepdims=True)
    patches = patches / patches.std(axis=(0, 1, 2), keepdims=True)
    return patches.reshape(len(patches), -1)


def swd_case(rng, resolution, channels, levels, n=3, per_image=6, k=5):
    a, b = pattern(1, n, resolution, resolution, channels), pattern(2, n, resolution, resolution, channels)
    case = {"resolution": resolution, "channels": channels, "images": n, "levels": []}
    for left, right in zip(pyramid(a, levels), pyramid(b, levels)):
        side = left.shape[1]
        size = min(7, side)
        places = side - size + 1

        def corners():
            y, x = rng.integers(0, places, (2, n * per_image))
            return (y * side + x).tolist()

        ca, cb = corners(), corners()
        directions = rng.standard_normal((k, size * size * channels))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        directions = np.round(directions, 5)
        pa = np.sort(descriptors(left, ca, size) @ directions.T, axis=0)
        pb = np.sort(descriptors(right, cb, size) @ directions.T, axis=0)
        case["levels"].append({
            "resolution": side,
            "cornersA": ca,
            "cornersB": cb,
            "directions": directions.ravel().tolist(),
            "probe": left[-1, 1, :3, 0].tolist(),  # three values of the pyramid itself
            "sumOfSquares": float((left**2).sum()),
            "distance": float(np.abs(pa - pb).mean()),
        })
    return case


def similarity_case():
    a, b = pattern(1, 1, 20, 24, 3)[0], pattern(5, 1, 20, 24, 3)[0]
    options = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255)
    luma = [rgb2ycbcr(image)[..., 0] for image in (a, b)]
    out = {"height": 20, "width": 24, "cases": []}
    for crop in (0, 2):
        inside = slice(crop, -crop or None)
        left, right = a[inside, inside].astype(np.float64), b[inside, inside].astype(np.float64)
        y_left, y_right = luma[0][inside, inside], luma[1][inside, inside]
        out["cases"].append({
            "crop": crop,
            "ssimRgb": structural_similarity(left, right, channel_axis=-1, **options),
            "ssimY": structural_similarity(y_left, y_right, **options),
            "psnrRgb": peak_signal_noise_ratio(left, right, data_range=255),
            "psnrY": peak_signal_noise_ratio(y_left, y_right, data_range=255),
        })
    return out


def ms_ssim(a, b):
    """One pair, uint8 [R, R, C]; five scales or as many as fit, weights scaled to the sum of the five."""
    all_weights = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])
    weights = all_weights[: int(np.log2(len(a))) + 1]
    weights = weights * all_weights.sum() / weights.sum()
    a, b = (torch.from_numpy(v).double().permute(2, 0, 1)[:, None] for v in (a, b))
    result = 1.0
    for i, weight in enumerate(weights):
        size = min(11, a.shape[-1])
        sigma = 1.5 * size / 11
        x = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
        window = torch.exp(-(x[:, None] ** 2 + x[None, :] ** 2) / (2 * sigma**2))
        window = (window / window.sum())[None, None]
        mean = lambda v: torch.nn.functional.conv2d(v, window)
        ma, mb = mean(a), mean(b)
        va, vb, cov = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
        c1, c2 = 2.55**2, 7.65**2
        contrast = (2 * cov + c2) / (va + vb + c2)
        luminance = (2 * ma * mb + c1) / (ma**2 + mb**2 + c1)
        term = contrast if i < len(weights) - 1 else contrast * luminance
        result *= max(0.0, term.mean().item()) ** weight
        a, b = (torch.nn.functional.avg_pool2d(v, 2) if v.shape[-1] > 1 else v for v in (a, b))
    return result


def ms_ssim_case(resolution, channels):
    # Two draws of one pattern: near enough that no mean is cut off at 0.
    pair = pattern(1, 2, resolution, resolution, channels)
    pair[1] = pair[0] // 2 + pair[1] // 2
    return {"resolution": resolution, "channels": channels, "value": ms_ssim(*pair)}


rng = np.random.default_rng(20180226)
expected = {
    "swd": [swd_case(rng, 32, 3, 2), swd_case(rng, 8, 1, 1), swd_case(rng, 4, 3, 1)],
    "similarity": similarity_case(),
    "msSsim": [ms_ssim_case(64, 3), ms_ssim_case(16, 1), ms_ssim_case(8, 3)],
}
path = pathlib.Path(__file__).with_name("expected.json")
groups = (f'"{name}": {json.dumps(value)}' for name, value in expected.items())
path.write_text("{\n" + ",\n".join(groups) + "\n}\n")
