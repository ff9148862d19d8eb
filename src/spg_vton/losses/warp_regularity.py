"""What keeps a warp smooth, and what ties it to a known one; none of it is in the paper."""

import torch
from jaxtyping import Float
from torch import Tensor


def second_differences(theta: Float[Tensor, "B offsets"]) -> Float[Tensor, ""]:
    """Mean |p₋₁ − 2p + p₊₁| over the rows and over the columns of the TPS control grid, summed.

    0 exactly where neighbouring control points stay in line and evenly spaced, as ACGPN's second-order constraint asks;
    so for every affine warp. ``theta`` as in ``geometry.tps``: the resting grid's own differences are 0.
    """
    control = round((theta.shape[1] / 2) ** 0.5)
    offsets = theta.view(-1, 2, control, control)
    return sum((torch.diff(offsets, n=2, dim=dim).abs().mean() for dim in (2, 3)), theta.new_zeros(()))


def roughness(flow: Float[Tensor, "B 2 h w"]) -> Float[Tensor, ""]:
    """Mean |difference of neighbours| of a flow, along x and along y, summed; 0 for a shift."""
    return sum((torch.diff(flow, dim=dim).abs().mean() for dim in (2, 3)), flow.new_zeros(()))


def warp_distance(grid: Float[Tensor, "B H W 2"], truth: Float[Tensor, "B H W 2"]) -> Float[Tensor, ""]:
    """Mean |grid − truth| where the truth is known; 0 where it nowhere is.

    Args:
        grid: a backward sampling grid, as in ``geometry.tps``.
        truth: the true one; NaN where the garment is not seen.
    """
    known = truth.isfinite()
    difference = torch.where(known, grid - truth.nan_to_num(), 0.0).abs()
    return difference.sum() / known.sum().clamp(min=1)
