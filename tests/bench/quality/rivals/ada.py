"""The augmentations of ADA (Karras et al., "Training Generative Adversarial Networks with Limited
Data", NeurIPS 2020, appendix B), and the rule that sets their probability.

With the authors' settings for "bgc": mirroring, turns by 90°, whole translations up to 1/8; scale
2^(0.2 n) and anisotropy 2^(0.2 n), any rotation, fractional translation 0.125 n; brightness 0.2 n,
contrast 2^(0.5 n), luma flip, hue, saturation 2^n; with R3GAN also a cutout of half the side.
Pictures are resampled at twice the resolution between sym6 filters, as in the authors' code. The
results differ only far outside: a quarter of the side is reflected before resampling, and what lies
beyond is a reflection of that.
"""
import math

import torch
import torch.nn.functional as F

# The low-pass filter of the wavelet sym6 (Daubechies 1992), as wavelet tables print it.
SYM6 = [
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633,
    0.4910559419267466, 0.787641141030194, 0.3379294217276218, -0.07263752278646252,
    -0.021060292512300564, 0.04472490177066578, 0.0017677118642428036, -0.007800708325034148,
]


class _Sample(torch.autograd.Function):
    """Bilinear sampling: linear in the images, so its second derivative is the sampling itself."""

    @staticmethod
    def forward(ctx, images, grid):
        ctx.save_for_backward(grid)
        ctx.shape = images.shape
        return F.grid_sample(images, grid, padding_mode="reflection", align_corners=False)

    @staticmethod
    def backward(ctx, gradient):
        grid, = ctx.saved_tensors
        return _SampleBack.apply(gradient, grid, ctx.shape), None


class _SampleBack(torch.autograd.Function):
    """The transpose of the sampling."""

    @staticmethod
    def forward(ctx, gradient, grid, shape):
        ctx.save_for_backward(grid)
        images = gradient.new_zeros(shape)
        bilinear, reflection, corners, wanted = 0, 2, False, (True, False)
        return torch.ops.aten.grid_sampler_2d_backward(
            gradient.contiguous(), images, grid, bilinear, reflection, corners, wanted)[0]

    @staticmethod
    def backward(ctx, gradient):
        grid, = ctx.saved_tensors
        return _Sample.apply(gradient, grid), None, None


def _filter(images, taps, axis, up):
    """Doubles or halves one axis; doubling makes pixel i lie at 2 i."""
    channels, n = images.shape[1], images.shape[axis]
    shape = (1, 1, len(taps), 1) if axis == 2 else (1, 1, 1, len(taps))
    kernel = taps.reshape(shape).expand(channels, 1, *shape[2:]).contiguous()
    stride = (2, 1) if axis == 2 else (1, 2)
    if up:
        full = F.conv_transpose2d(images, kernel * 2, stride=stride, groups=channels)
        return full.narrow(axis, len(taps) // 2 - 1, 2 * n)
    return F.conv2d(images, kernel, stride=stride, groups=channels)


class Augment:
    """Augments a batch; each transformation is applied to an image with probability `p`."""

    def __init__(self, color=1.0, cutout=0.0):
        self.p = 0.0
        self.color, self.cutout = color, cutout

    def __call__(self, images):
        """[N, 3, R, R] to the same shape; twice differentiable with respect to the images."""
        if self.p == 0:
            return images
        matrix = self.geometry(images)
        moved = (matrix != torch.eye(3)[:2]).any(2).any(1)
        if moved.any():  # the others are unchanged
            images = images.clone().index_put((moved,), self.move(images[moved], matrix[moved]))
        images = self.paint(images)
        return self.cut(images) if self.cutout > 0 else images

    def _drawn(self, values, nothing, share=1.0):
        """Values for those images that are drawn with probability share·p, else `nothing`."""
        chosen = torch.rand(len(values)) < share * self.p
        return torch.where(chosen.reshape(-1, *[1] * (values.ndim - 1)), values, nothing)

    def geometry(self, images):
        """[N, 2, 3]: maps positions in the result to those in the picture, px from the centre."""
        n, side = len(images), images.shape[2]
        matrix = torch.eye(3).repeat(n, 1, 1).to(images.dtype)

        def then(a, b, c, d, x, y):
            nonlocal matrix
            step = torch.zeros(n, 3, 3, dtype=images.dtype)
            for (row, column), value in {(0, 0): a, (0, 1): b, (1, 0): c, (1, 1): d, (0, 2): x,
                                         (1, 2): y}.items():
                step[:, row, column] = value
            step[:, 2, 2] = 1
            matrix = matrix @ step

        def turn(angle):
            then(angle.cos(), -angle.sin(), angle.sin(), angle.cos(), 0, 0)

        def unit(count):
            return torch.rand(count) * 2 - 1

        then(self._drawn(torch.randint(0, 2, (n,)) * -2.0 + 1, torch.tensor(1.0)), 0, 0, 1, 0, 0)
        zero, one = torch.tensor(0.0), torch.tensor(1.0)
        turn(self._drawn(torch.randint(0, 4, (n,)) * (math.pi / 2), zero))
        whole = self._drawn((torch.rand(n, 2) * 2 - 1) / 8, zero).mul(side).round()
        then(1, 0, 0, 1, whole[:, 0], whole[:, 1])
        scale = self._drawn(torch.exp2(torch.randn(n) * 0.2), one)
        then(1 / scale, 0, 0, 1 / scale, 0, 0)
        either = 1 - math.sqrt(max(0.0, 1 - self.p))  # one of two rotations: p together
        share = either / self.p
        turn(self._drawn(unit(n) * math.pi, zero, share))
        stretch = self._drawn(torch.exp2(torch.randn(n) * 0.2), one)
        then(1 / stretch, 0, 0, stretch, 0, 0)
        turn(self._drawn(unit(n) * math.pi, zero, share))
        part = self._drawn(torch.randn(n, 2) * 0.125, zero) * side
        then(1, 0, 0, 1, part[:, 0], part[:, 1])
        return matrix[:, :2]

    @staticmethod
    def move(images, matrix):
        """Resamples by the maps [N, 2, 3] of geometry()."""
        n, channels, side, _ = images.shape
        taps = torch.tensor(SYM6, dtype=images.dtype)
        taps = taps / taps.sum()
        half, margin = len(taps) // 2, side // 4
        padded = F.pad(images, [margin] * 4, mode="reflect")
        doubled = _filter(_filter(padded, taps, 2, True), taps, 3, True)
        # Of the doubled grid, whose pixels 2 i are those of the picture: centre at -1/2.
        shift = matrix[:, :, :2] @ torch.full((2, 1), 0.5, dtype=images.dtype)
        moved = torch.cat([matrix[:, :, :2], 2 * matrix[:, :, 2:] + shift - 0.5], 2)
        size, source = 2 * side + 2 * half - 2, doubled.shape[2]
        moved = torch.cat([moved[:, :, :2] * size, moved[:, :, 2:] * 2], 2) / source
        grid = F.affine_grid(moved, [n, channels, size, size], align_corners=False)
        sampled = _Sample.apply(doubled, grid)
        return _filter(_filter(sampled, taps, 2, False), taps, 3, False)

    def paint(self, images):
        """Affine maps of colour; `color` scales their probability."""
        n, share = len(images), self.color
        zero, one = torch.tensor(0.0), torch.tensor(1.0)
        grey = torch.full((3, 3), 1 / 3)
        identity = torch.eye(3).repeat(n, 1, 1)
        offset = self._drawn(torch.randn(n) * 0.2, zero, share)
        contrast = self._drawn(torch.exp2(torch.randn(n) * 0.5), one, share)
        offset, matrix = offset * contrast, identity * contrast.reshape(n, 1, 1)
        flip = self._drawn(torch.randint(0, 2, (n,)).float(), zero, share)
        matrix = (identity - 2 * flip.reshape(n, 1, 1) * grey) @ matrix
        offset = offset * (1 - 2 * flip)
        angle = self._drawn((torch.rand(n) * 2 - 1) * math.pi, zero, share).reshape(n, 1, 1)
        cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
        matrix = (grey + (identity - grey) * angle.cos() + cross * angle.sin()) @ matrix
        saturation = self._drawn(torch.exp2(torch.randn(n)), one, share).reshape(n, 1, 1)
        matrix = (grey + (identity - grey) * saturation) @ matrix
        mixed = torch.einsum("nij,njyx->niyx", matrix.to(images.dtype), images)
        return mixed + offset.to(images.dtype).reshape(n, 1, 1, 1)

    def cut(self, images):
        """Makes a square of half the side grey, with its centre anywhere in the picture."""
        n, _, side, _ = images.shape
        size = self._drawn(torch.full((n,), 0.5), torch.tensor(0.0), self.cutout)
        centre = torch.rand(n, 2, 1)
        place = (torch.arange(side) + 0.5) / side
        outside = (place - centre).abs() >= size.reshape(n, 1, 1) / 2
        kept = outside[:, 0, None, :] | outside[:, 1, :, None]
        return images * kept[:, None].to(images.dtype)


class Adaptive:
    """Raises p while the mean sign of real scores, a measure of overfitting, is above `target`, at
    a rate that takes p from 0 to 1 in `images` real images; checks at every 4th batch."""

    def __init__(self, augment, target=0.6, images=500_000):
        self.augment, self.target, self.images = augment, target, images
        self.signs, self.seen, self.batches = [], 0, 0

    def look(self, real_scores):
        self.signs.append(real_scores.detach().sign().mean().item())
        self.seen += len(real_scores)
        self.batches += 1
        if self.batches % 4:
            return
        mean = sum(self.signs) / len(self.signs)
        step = math.copysign(self.seen / self.images, mean - self.target)
        self.augment.p = min(1.0, max(0.0, self.augment.p + step))
        self.signs, self.seen = [], 0
