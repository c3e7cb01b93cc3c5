"""Makes vgg.json (features of block 1 in float64) and vgg.h5 (the same weights as Keras lays them out).

    python3 -m pip install torch h5py numpy
    python3 make.py
"""

import json
from pathlib import Path

import h5py
import numpy as np
import torch

HERE = Path(__file__).parent
LAYERS = {"block1_conv1": (3, 64), "block1_conv2": (64, 64)}
SCALES = [0.02, 1, 0.05, 0.5]


def pattern(shape, salt, scale):
    i = np.arange(np.prod(shape), dtype=np.int64)
    return (((7919 * i + salt) % 251 - 125) * scale / 125).astype(np.float32).reshape(shape)


weights = []
for layer, (inputs, outputs) in LAYERS.items():
    for shape in [(3, 3, inputs, outputs), (outputs,)]:
        at = len(weights)
        weights.append(pattern(shape, 17 * at, SCALES[at]))

with h5py.File(HERE / "vgg.h5", "w") as file:
    file.attrs["layer_names"] = [name.encode() for name in LAYERS]
    for i, layer in enumerate(LAYERS):
        group = file.create_group(layer)
        for suffix, values in zip("Wb", weights[2 * i : 2 * i + 2]):
            group.create_dataset(f"{layer}_{suffix}_1:0", data=values, compression="gzip")

images = pattern((2, 4, 5, 3), 3, 1)  # [N, H, W, RGB] in [-1, 1]
inputs = torch.tensor(images, dtype=torch.float64).requires_grad_()
x = inputs.permute(0, 3, 1, 2)
x = 255 * (x.flip(1) + 1) / 2 - torch.tensor([103.939, 116.779, 123.68], dtype=torch.float64)[:, None, None]
features = {}
for i, place in enumerate(["1_1", "1_2"]):
    kernel, bias = (torch.tensor(w, dtype=torch.float64) for w in weights[2 * i : 2 * i + 2])
    x = torch.nn.functional.conv2d(x, kernel.permute(3, 2, 0, 1), bias, padding=1)
    features["conv" + place] = x
    x = torch.relu(x)
    features["relu" + place] = x

real, fake = features["relu1_2"]
distance = (fake - real.detach()).abs().mean() / real.detach().abs().mean()
gradient = torch.autograd.grad(distance, inputs)[0][1]  # by the fake, NHWC
# Every 7th value, of all images, places and channels in NHWC.
stored = {k: [float(f"{v:.9g}") for v in f.detach().permute(0, 2, 3, 1).flatten()[::7].tolist()] for k, f in features.items()}
(HERE / "vgg.json").write_text(json.dumps({"every": 7, "distance": distance.item(), "gradient": gradient.flatten().tolist(), "features": stored}))
