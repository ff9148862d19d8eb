"""Thin-plate spline (TPS) warps on a fixed grid of control points (CWM, section III-C).

Convention:
    * Frame: normalised image coordinates, x to the right, y down, (-1, -1) and (1, 1) at the centres of the corner
      pixels (``align_corners=True``).
    * ``theta`` is (B, 2·k·k): the offsets of all x coordinates, then of all y, of a k × k control grid in reading
      order, in units of that frame (2 = the width, or the height, of the image).
    * Direction: backward. The grid says, for each pixel of the result, where in the input to sample; a positive x
      offset moves the content to the left.
    * ``padding``: ``"border"`` repeats the edge (RGB on white), ``"zeros"`` for masks.
"""

from functools import lru_cache
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

Padding = Literal["border", "zeros"]


def control_points(size: int) -> Float[Tensor, "k2 2"]:
    """The size × size control grid over [-1, 1]², in reading order, (x, y)."""
    axis = torch.linspace(-1, 1, size, dtype=torch.float64)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def identity_grid(
    size: tuple[int, int], device: torch.device | None = None, dtype: torch.dtype = torch.float32
) -> Float[Tensor, "H W 2"]:
    """Sampling grid that changes nothing; ``size`` is (H, W)."""
    y = torch.linspace(-1, 1, size[0], device=device, dtype=dtype)
    x = torch.linspace(-1, 1, size[1], device=device, dtype=dtype)
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)


def _radial(squared_distance: Tensor) -> Tensor:
    """U(r) = r² log r², with U(0) = 0."""
    return torch.special.xlogy(squared_distance, squared_distance)


@lru_cache(maxsize=32)
def _basis(height: int, width: int, control: int, device: torch.device, dtype: torch.dtype) -> Float[Tensor, "HW k2"]:
    """The linear map from control offsets to pixel offsets: spline evaluation times the solved system, built once."""
    points = control_points(control)
    count = len(points)
    system = torch.zeros(count + 3, count + 3, dtype=torch.float64)
    system[:count, :count] = _radial(torch.cdist(points, points).square())
    system[:count, count] = 1
    system[:count, count + 1 :] = points
    system[count:, :count] = system[:count, count:].T
    solve = torch.linalg.inv(system)[:, :count]
    pixels = identity_grid((height, width), dtype=torch.float64).reshape(-1, 2)
    terms = torch.cat([_radial(torch.cdist(pixels, points).square()), pixels.new_ones(len(pixels), 1), pixels], dim=1)
    return (terms @ solve).to(device, dtype)


def sampling_grid(theta: Float[Tensor, "B offsets"], size: tuple[int, int]) -> Float[Tensor, "B H W 2"]:
    """The TPS whose control points move by ``theta``, as a backward sampling grid of ``size`` (H, W).

    Raises:
        ValueError: ``theta`` does not hold two offsets for each point of a square grid.
    """
    control = round((theta.shape[1] / 2) ** 0.5)
    if 2 * control * control != theta.shape[1]:
        raise ValueError(f"theta: expected (B, 2·k·k) offsets of a k × k control grid, got {tuple(theta.shape)}.")
    theta = theta if theta.dtype == torch.float64 else theta.float()  # half precision is too coarse for coordinates
    basis = _basis(size[0], size[1], control, theta.device, theta.dtype)
    with torch.autocast(theta.device.type, enabled=False):
        offsets = torch.matmul(basis, theta.reshape(-1, 2, control * control).transpose(1, 2))
    return identity_grid(size, theta.device, theta.dtype) + offsets.view(-1, size[0], size[1], 2)


def sample(image: Float[Tensor, "B C H W"], grid: Float[Tensor, "B H W 2"], padding: Padding) -> Tensor:
    """Bilinear sampling of ``image`` at ``grid``, in the more precise of the two types; the result has the image's."""
    precise = torch.promote_types(image.dtype, grid.dtype)
    result = F.grid_sample(image.to(precise), grid.to(precise), padding_mode=padding, align_corners=True)
    return result.to(image.dtype)


def warp(
    image: Float[Tensor, "B C H W"], theta: Float[Tensor, "B offsets"], padding: Padding
) -> Float[Tensor, "B C H W"]:
    """T_θ(image): warp by the TPS with control offsets ``theta``."""
    return sample(image, sampling_grid(theta, (image.shape[2], image.shape[3])), padding)
