"""Real-ESRGAN's compact network in PyTorch, to compare the time and memory of enlarging a picture.

SRVGGNetCompact (Wang et al. 2021 and later releases) by 2: 16 convolutions of 64 channels with
PReLU in between and a pixel shuffle, added to the nearest-neighbour enlargement. The weights are
random, because only time and memory are measured, not the picture. The picture is cut into tiles
with a border of 10 px, as Real-ESRGAN's `--tile` does, and stays in memory as bytes.

    python3 compact_upscale.py --width 1024 --height 1024
"""
import argparse
import resource
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

SCALE, WIDTH, CONVOLUTIONS, BORDER = 2, 64, 16, 10


class Compact(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Conv2d(3, WIDTH, 3, padding=1), nn.PReLU(WIDTH)]
        for _ in range(CONVOLUTIONS):
            layers += [nn.Conv2d(WIDTH, WIDTH, 3, padding=1), nn.PReLU(WIDTH)]
        self.body = nn.Sequential(*layers, nn.Conv2d(WIDTH, 3 * SCALE**2, 3, padding=1))

    def forward(self, low):
        return F.pixel_shuffle(self.body(low), SCALE) + F.interpolate(low, scale_factor=SCALE)


def enlarged(network, low, side):
    """[H, W, 3] bytes to [2 H, 2 W, 3] bytes."""
    height, width, _ = low.shape
    high = torch.empty(height * SCALE, width * SCALE, 3, dtype=torch.uint8)
    for top in range(0, height, side):
        for left in range(0, width, side):
            bottom, right = min(top + side, height), min(left + side, width)
            y, x = max(top - BORDER, 0), max(left - BORDER, 0)
            tile = low[y : bottom + BORDER, x : right + BORDER].permute(2, 0, 1)[None] / 255
            out = network(tile.contiguous(memory_format=torch.channels_last))[0]
            out = (out.clamp(0, 1) * 255).round().byte().permute(1, 2, 0)
            rows, columns = (top - y) * SCALE, (left - x) * SCALE
            high[top * SCALE : bottom * SCALE, left * SCALE : right * SCALE] = out[
                rows : rows + (bottom - top) * SCALE, columns : columns + (right - left) * SCALE
            ]
    return high


parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=4000)
parser.add_argument("--height", type=int, default=3000)
parser.add_argument("--tile", type=int, default=512)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
torch.manual_seed(0)
torch.set_num_threads(options.threads)
network = Compact().to(memory_format=torch.channels_last).eval()
picture = torch.randint(0, 256, (options.height, options.width, 3), dtype=torch.uint8)
start, before = time.perf_counter(), time.process_time()
with torch.inference_mode():
    enlarged(network, picture, options.tile)
weights = sum(p.numel() for p in network.parameters())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(
    f"{weights} weights, {options.width * options.height / 1e6:.2f} megapixels: "
    f"{time.perf_counter() - start:.1f} s, {time.process_time() - before:.1f} s of processor time, {peak:.2f} GB at most"
)
