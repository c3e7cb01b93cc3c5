"""The parts that all rivals share: reading a folder of pictures, training until the time is up, and
writing pictures and results.

A rival is a class that is created from the pictures and the options, with the members
    step(fraction)  trains on one batch, `fraction` of the time being over, and returns how many
                    real images its discriminator saw
    draw(count)     images [count, 3, R, R] in [-1, 1] of its averaged generator
    told()          losses of the last step, a dict
    generator, critic   its networks
and may add options of its own by a static add_options(parser).
"""
import argparse
import copy
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from convolution import inputs_only


class Pictures:
    """Square pictures of one size, reshuffled for each epoch; optionally half are mirrored."""

    def __init__(self, folder, seed, mirror=False):
        paths = sorted(Path(folder).rglob("*.png"))
        if not paths:
            raise SystemExit(f"Cannot train: expected PNG files in {folder}, found none")
        arrays = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
        sizes = {array.shape for array in arrays}
        side = arrays[0].shape[0]
        if len(sizes) > 1 or arrays[0].shape[1] != side or side & (side - 1):
            raise SystemExit(f"Cannot train: expected squares of one power of two, found {sizes}")
        self.images = torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2).contiguous()
        self.resolution = side
        self.mirror = mirror
        self.random = torch.Generator().manual_seed(seed)
        self.order = torch.empty(0, dtype=torch.long)

    def batch(self, count, resolution=None):
        """[count, 3, R, R] in [-1, 1]; lower resolutions are averages over pixels."""
        while len(self.order) < count:
            more = torch.randperm(len(self.images), generator=self.random)
            self.order = torch.cat([self.order, more])
        chosen, self.order = self.order[:count], self.order[count:]
        images = self.images[chosen].float() / 127.5 - 1
        if self.mirror:
            mirrored = torch.rand(count, 1, 1, 1, generator=self.random) < 0.5
            images = torch.where(mirrored, images.flip(3), images)
        factor = self.resolution // (resolution or self.resolution)
        return F.avg_pool2d(images, factor) if factor > 1 else images


class Clock:
    """Seconds since the start: wall-clock time, or processor time divided by the threads."""

    def __init__(self, kind, threads):
        self.read = time.monotonic if kind == "wall" else lambda: time.process_time() / threads
        self.start = self.read()

    def seconds(self):
        return self.read() - self.start


def averaged(network):
    """A copy that training does not change."""
    return copy.deepcopy(network).requires_grad_(False)


@torch.no_grad()
def average_into(average, network, decay):
    """An exponential moving average of the weights; buffers are copied."""
    for kept, new in zip(average.parameters(), network.parameters()):
        kept.lerp_(new, 1 - decay)
    for kept, new in zip(average.buffers(), network.buffers()):
        kept.copy_(new)


def half_life_decay(batch, images):
    """The decay per step with a half-life of `images`."""
    return 0.5 ** (batch / max(images, 1e-8))


def squared_gradient(scores, images):
    """[N]: the squared gradient of each score with respect to its own image, kept differentiable:
    R1 and R2 of Mescheder et al. 2018 are γ/2 times its mean."""
    with inputs_only():
        gradient, = torch.autograd.grad(scores.sum(), images, create_graph=True)
    return gradient.square().sum([1, 2, 3])


def to_bytes(images):
    """[-1, 1] to bytes for PNG files, [N, R, R, 3]."""
    return ((images + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()


def write_pictures(images, out):
    """Writes each image as a file, and the first 64 as one picture."""
    folder = out / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    pixels = to_bytes(images)
    for i, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{i:05d}.png")
    shown = pixels[:64]
    columns = math.ceil(math.sqrt(len(shown)))
    side = shown.shape[1]
    grid = np.full((math.ceil(len(shown) / columns) * side, columns * side, 3), 255, np.uint8)
    for i, picture in enumerate(shown):
        y, x = i // columns * side, i % columns * side
        grid[y:y + side, x:x + side] = picture
    Image.fromarray(grid).save(out / "grid.png")


def count(network):
    return sum(p.numel() for p in network.parameters())


def main(name, rival_class):
    """Trains according to the command line and prints one line of JSON."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--data", required=True, help="folder of square PNGs")
    parser.add_argument("--out", required=True, type=Path, help="gets samples/ and grid.png")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall",
                        help="processor: its time divided by the threads, on a busy machine")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=int, default=1308)
    parser.add_argument("--mirror", action="store_true", help="half of the pictures")
    if hasattr(rival_class, "add_options"):
        rival_class.add_options(parser)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    pictures = Pictures(options.data, options.seed, options.mirror)
    clock, processor = Clock(options.clock, options.threads), time.process_time()
    started, seen, steps, told = time.monotonic(), 0, 0, 0
    rival = rival_class(pictures, options)
    budget = options.minutes * 60
    while (fraction := clock.seconds() / budget) < 1:
        seen += rival.step(fraction)
        steps += 1
        if clock.seconds() > told:
            told += min(60, budget / 20)
            losses = " ".join(f"{key} {value:.3f}" for key, value in rival.told().items())
            print(f"{clock.seconds():6.0f} s {seen:8d} images  {losses}", file=sys.stderr)
    seconds, used = time.monotonic() - started, time.process_time() - processor
    trained = clock.seconds()
    torch.manual_seed(options.seed + 1)
    with torch.no_grad():
        images = torch.cat([
            rival.draw(min(16, options.samples - first)) for first in range(0, options.samples, 16)
        ])
    options.out.mkdir(parents=True, exist_ok=True)
    write_pictures(images, options.out)
    own = {key: value for key, value in vars(options).items() if key not in ("data", "out")}
    result = {
        "rival": name,
        "resolution": pictures.resolution,
        "imagesSeen": seen,
        "steps": steps,
        "imagesPerSecond": round(seen / trained, 2),
        "seconds": round(seconds),
        "processorSeconds": round(used),
        "weights": {"generator": count(rival.generator), "discriminator": count(rival.critic)},
        "samples": options.samples,
        "options": own,
        "losses": {key: round(value, 4) for key, value in rival.told().items()},
    }
    (options.out / "rival.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result))
