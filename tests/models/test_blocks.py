"""Convolutions that double or join equal the two operations they stand for, values and gradients."""

import pytest
import torch
import torch.nn.functional as F

from spg_vton.models.blocks import DoublingConv, JoiningConv


def gradients(result, *leaves):
    return torch.autograd.grad((result * torch.linspace(-1, 1, result.numel()).view_as(result)).sum(), leaves)


@pytest.mark.parametrize("size", [(5, 7), (1, 1)])
def test_a_doubling_convolution_doubles_and_convolves(size):
    layer = DoublingConv(3, 4)
    x = torch.randn(2, 3, *size, requires_grad=True)
    got, leaves = layer(x), (x, layer.weight, layer.bias)
    expected = F.conv2d(F.interpolate(x, scale_factor=2, mode="nearest"), layer.weight, layer.bias, padding=1)
    torch.testing.assert_close(got, expected)
    torch.testing.assert_close(gradients(got, *leaves), gradients(expected, *leaves), rtol=1e-4, atol=1e-5)


def test_a_joining_convolution_convolves_the_images_joined():
    layer, images = JoiningConv(6, 4), [torch.randn(2, channels, 5, 7) for channels in (1, 2, 3)]
    expected = F.conv2d(torch.cat(images, 1), layer.weight, layer.bias, padding=1)
    torch.testing.assert_close(layer(images), expected)


def test_a_joining_convolution_refuses_other_channels():
    with pytest.raises(RuntimeError):
        JoiningConv(6, 4)([torch.randn(2, 5, 4, 4)])
