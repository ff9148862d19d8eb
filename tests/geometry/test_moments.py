"""Moment alignment puts one mask on another."""

import pytest
import torch

from spg_vton.geometry import moments
from spg_vton.geometry.tps import identity_grid, sample

SIZE = (64, 48)


def box(top, left, height, width):
    mask = torch.zeros(1, 1, *SIZE)
    mask[..., top : top + height, left : left + width] = 1
    return mask


def iou(a, b):
    a, b = a > 0.5, b > 0.5
    return float((a & b).sum() / (a | b).sum())


def test_moments_of_a_box():
    mask = box(16, 12, 32, 24)
    centre, spread = moments.mask_moments(mask)
    assert centre.abs().max() < 1e-6
    assert spread[0, 0] == pytest.approx(24 / 47 / 3**0.5, rel=0.01)
    assert spread[0, 1] == pytest.approx(32 / 63 / 3**0.5, rel=0.01)


def test_a_large_garment_lands_on_a_small_torso():
    shop, worn = box(4, 4, 56, 40), box(30, 20, 20, 14)
    grid = moments.align(identity_grid(SIZE)[None], shop, worn)
    assert iou(shop, worn) < 0.2
    assert iou(sample(shop, grid, "zeros"), worn) > 0.85


@pytest.mark.parametrize("empty", ["source", "target"])
def test_an_empty_mask_changes_nothing(empty):
    source, target = box(10, 10, 20, 20), box(30, 20, 20, 14)
    if empty == "source":
        source = torch.zeros_like(source)
    else:
        target = torch.full_like(target, 0.3)
    grid = identity_grid(SIZE)[None]
    assert torch.equal(moments.align(grid, source, target), grid)


def test_no_gradient_flows_into_the_masks():
    target = box(30, 20, 20, 14).requires_grad_()
    grid = identity_grid(SIZE)[None].clone().requires_grad_()
    moments.align(grid, box(4, 4, 50, 40), target).sum().backward()
    assert target.grad is None
    assert grid.grad is not None


def test_gradients_of_the_grid_by_finite_differences():
    grid = identity_grid((6, 5), dtype=torch.float64)[None].clone().requires_grad_()
    source = torch.zeros(1, 1, 6, 5, dtype=torch.float64)
    target = source.clone()
    source[..., 1:6, 0:4], target[..., 2:4, 1:4] = 1, 1
    assert torch.autograd.gradcheck(lambda g: moments.align(g, source, target), (grid,))


def test_alignment_by_hand():
    source, target = torch.zeros(1, 1, 5, 5), torch.zeros(1, 1, 5, 5)
    source[..., 2, [0, 4]], target[..., 2, [1, 3]] = 1, 1  # x spreads of 1 and 1/2 about the middle
    scale, shift = moments.alignment(source, target)
    assert scale[0].tolist() == pytest.approx([2, 1])
    assert shift[0].tolist() == pytest.approx([0, 0])
