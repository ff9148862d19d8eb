"""Alignment of two masks by their first two moments, laid under the TPS (option ``prealign``).

In-shop garments are up to 2.8 times as large as worn ones, more than control offsets within ±1 can shrink. Not in the
paper: a deviation of the small-data preset (``docs/paper.md``).
"""

import torch
from jaxtyping import Float
from torch import Tensor

_SMALLEST_SPREAD = 0.06  # of the half-width: thinner masks are treated as this wide
_SMALLEST_AREA = 1 / 400  # of the image: below it a mask says nothing about place and size
_SCALES = (0.25, 4.0)


def mask_moments(mask: Float[Tensor, "B 1 H W"]) -> tuple[Float[Tensor, "B 2"], Float[Tensor, "B 2"]]:
    """Centre and standard deviation (x, y) of each mask's mass above 1/2, in the frame of ``geometry.tps``."""
    mask = mask if mask.dtype == torch.float64 else mask.float()  # half precision is too coarse for coordinates
    mass = mask[:, 0] * (mask[:, 0] > 0.5)
    y = torch.linspace(-1, 1, mask.shape[2], device=mask.device, dtype=mask.dtype)
    x = torch.linspace(-1, 1, mask.shape[3], device=mask.device, dtype=mask.dtype)
    over_x, over_y, total = mass.sum(1), mass.sum(2), mass.sum((1, 2)).clamp(min=1)
    centre = torch.stack([(over_x * x).sum(1), (over_y * y).sum(1)], dim=1) / total[:, None]
    square = torch.stack([(over_x * x.square()).sum(1), (over_y * y.square()).sum(1)], dim=1) / total[:, None]
    return centre, (square - centre.square()).clamp(min=_SMALLEST_SPREAD**2).sqrt()


def is_empty(mask: Float[Tensor, "B 1 H W"]) -> Tensor:
    """(B,) bool: fewer pixels above 1/2 than one in 400."""
    return (mask > 0.5).float().mean((1, 2, 3)) < _SMALLEST_AREA


@torch.no_grad()
def alignment(
    source: Float[Tensor, "B 1 H W"], target: Float[Tensor, "B 1 H W"]
) -> tuple[Float[Tensor, "B 2"], Float[Tensor, "B 2"]]:
    """Scale and shift with: source coordinate = target coordinate · scale + shift.

    The scale is the ratio of the masks' spreads, within [1/4, 4]. Where either mask is empty nothing changes. No
    gradient flows into the masks.
    """
    source_centre, source_spread = mask_moments(source)
    target_centre, target_spread = mask_moments(target)
    scale = (source_spread / target_spread).clamp(*_SCALES)
    shift = source_centre - target_centre * scale
    empty = (is_empty(source) | is_empty(target))[:, None]
    return torch.where(empty, 1.0, scale), torch.where(empty, 0.0, shift)


def align(
    grid: Float[Tensor, "B H W 2"], source: Float[Tensor, "B 1 H W"], target: Float[Tensor, "B 1 H W"]
) -> Float[Tensor, "B H W 2"]:
    """Scale and shift a backward ``grid`` so that ``source`` takes the place and the size of ``target``."""
    scale, shift = alignment(source, target)
    return grid * scale[:, None, None] + shift[:, None, None]
