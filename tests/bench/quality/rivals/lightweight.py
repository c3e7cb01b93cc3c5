"""lightweight-gan 1.2.1 (its package, by pip), the architecture of FastGAN without its VGG.

The package insists on a GPU, by an assertion at its import and `.cuda()` throughout; both are
disabled here from outside. torchvision, with which it reads and writes pictures, is replaced by a
stub, because the pictures come from rival.py. Its trainer is configured as by its command line:
batch 10, four of them a step, rate 2e-4, attention at 32 px, translation and cutout with the
probability that it chooses for sets of this size.

Differences: at most --fmap-max 64 channels instead of 512, which are too many for a CPU; the grids
that it draws every 100 steps are left out. Its moving average begins after 20,000 steps, more than
an hour allows, and is a copy until then, so samples are drawn from the generator itself.
"""
import sys
import tempfile
import types

import torch
from torch import nn

from convolution import conv2d
from rival import main

TORCH_CONVOLVE = nn.Conv2d._conv_forward


def import_without_gpu():
    """The package's module, with its device calls disabled."""
    stand_in = types.ModuleType("torchvision")
    stand_in.transforms = types.ModuleType("torchvision.transforms")
    sys.modules.setdefault("torchvision", stand_in)
    sys.modules.setdefault("torchvision.transforms", stand_in.transforms)
    truth = torch.cuda.is_available
    torch.cuda.is_available = lambda: True
    try:
        import lightweight_gan.lightweight_gan as module
    finally:
        torch.cuda.is_available = truth
    torch.Tensor.cuda = lambda self, *_, **__: self
    nn.Module.cuda = lambda self, *_, **__: self
    nn.Conv2d._conv_forward = convolve

    class OnProcessor(types.ModuleType):
        def __getattr__(self, name):
            return getattr(torch, name)

        @staticmethod
        def device(*_):
            return torch.device("cpu")

    module.torch = OnProcessor("torch")
    return module


def convolve(layer, x, weight, bias):
    """The convolution of its layers, replaced by the one with a cheap second derivative."""
    plain = layer.padding_mode == "zeros" and layer.dilation == (1, 1)
    square = not isinstance(layer.padding, str) and len({*layer.padding}) == 1
    if plain and square and len({*layer.stride}) == 1:
        return conv2d(x, weight, bias, layer.stride[0], layer.padding[0], layer.groups)
    return TORCH_CONVOLVE(layer, x, weight, bias)


class Lightweight:
    BATCH = 10

    @staticmethod
    def add_options(parser):
        parser.add_argument("--fmap-max", type=int, default=64)
        parser.add_argument("--accumulate", type=int, default=4, help="batches a step")

    def __init__(self, pictures, options):
        self.accumulated, count = options.accumulate, len(pictures.images)
        folder = tempfile.mkdtemp(prefix="lightweight-gan-")
        self.trainer = import_without_gpu().Trainer(
            base_dir=folder, image_size=pictures.resolution, batch_size=self.BATCH,
            gradient_accumulate_every=self.accumulated, attn_res_layers=[32], disc_output_size=1,
            fmap_max=options.fmap_max, aug_types=["cutout", "translation"],
            aug_prob=min(0.5, max(0, 1e5 - count) * 3e-6), use_aim=False)
        self.trainer.evaluate = self.trainer.save = lambda *_, **__: None
        self.trainer.loader = iter(lambda: (pictures.batch(self.BATCH) + 1) / 2, None)
        self.trainer.init_GAN()
        self.generator, self.critic = self.trainer.GAN.G, self.trainer.GAN.D

    def step(self, _fraction):
        self.trainer.train()
        return self.BATCH * self.accumulated

    def told(self):
        return {"d": self.trainer.d_loss, "g": self.trainer.g_loss,
                "decoding": float(self.trainer.last_recon_loss or 0)}

    def draw(self, count):
        self.generator.eval()
        return self.generator(torch.randn(count, self.trainer.latent_dim)).clamp(0, 1) * 2 - 1


if __name__ == "__main__":
    main("lightweight-gan", Lightweight)
