"""A convolution whose gradient with respect to its input is cheap to differentiate again.

PyTorch's own second derivative with respect to the weights convolves with kernels as large as the
images, group by group, which is several times the rest of the work of a step with R1. The same sum
is the first derivative, with respect to the weights, of a convolution of the incoming gradient.
"""
import torch
import torch.nn.functional as F

_weights_wanted = True


class inputs_only:
    """Disables gradients with respect to weights where only those of images are needed."""

    def __enter__(self):
        global _weights_wanted
        _weights_wanted = False

    def __exit__(self, *_):
        global _weights_wanted
        _weights_wanted = True


def conv2d(x, weight, bias=None, stride=1, padding=0, groups=1):
    """F.conv2d, twice differentiable."""
    y = _Convolution.apply(x, weight, stride, padding, groups)
    return y if bias is None else y + bias[:, None, None]


def _backward(gradient, x, weight, stride, padding, groups, mask):
    return torch.ops.aten.convolution_backward(
        gradient, x, weight, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], groups,
        [*mask, False])


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, *setting):
        ctx.save_for_backward(x, weight)
        ctx.setting = setting
        stride, padding, groups = setting
        return F.conv2d(x, weight, None, stride, padding, 1, groups)

    @staticmethod
    def backward(ctx, gradient):
        x, weight = ctx.saved_tensors
        by_x = by_weight = None
        if ctx.needs_input_grad[0]:
            by_x = _ByInput.apply(gradient, weight, x.shape, *ctx.setting)
        if ctx.needs_input_grad[1] and _weights_wanted:
            by_weight = _backward(gradient, x, weight, *ctx.setting, (False, True))[1]
        return by_x, by_weight, None, None, None


class _ByInput(torch.autograd.Function):
    @staticmethod
    def forward(ctx, gradient, weight, shape, *setting):
        ctx.save_for_backward(gradient, weight)
        ctx.setting = setting
        x = gradient.new_empty(1).expand(shape)  # only its shape counts
        return _backward(gradient, x, weight, *setting, (True, False))[0]

    @staticmethod
    def backward(ctx, twice):
        gradient, weight = ctx.saved_tensors
        by_gradient = by_weight = None
        if ctx.needs_input_grad[0]:
            by_gradient = _Convolution.apply(twice, weight, *ctx.setting)
        if ctx.needs_input_grad[1]:
            by_weight = _backward(gradient, twice, weight, *ctx.setting, (False, True))[1]
        return by_gradient, by_weight, None, None, None, None
