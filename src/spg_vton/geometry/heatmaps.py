"""Pose maps: a binary disc for each keypoint (section III-A), built on the device, never stored."""

import torch
from jaxtyping import Float
from torch import Tensor

#: The paper's radius of 4 px stands at this height; other resolutions scale it.
PAPER_HEIGHT = 256
PAPER_RADIUS = 4.0


def disc_radius(height: int) -> float:
    """Radius in pixels at an image height of ``height``, scaled from the paper's 4 px at 256; at least 1 px."""
    return max(PAPER_RADIUS * height / PAPER_HEIGHT, 1.0)


def pose_maps(keypoints: Float[Tensor, "B 18 3"], size: tuple[int, int]) -> Float[Tensor, "B 18 H W"]:
    """P: one 0/1 disc a keypoint.

    Args:
        keypoints: (x, y, confidence) in pixels of ``size``; confidence 0 marks a missing one.
        size: (H, W).

    Returns:
        1 within the radius of the keypoint, 0 elsewhere; a missing keypoint's channel is all zero.
    """
    height, width = size
    radius = disc_radius(height)
    around = torch.arange(-int(radius + 0.5), int(radius + 0.5) + 1, device=keypoints.device)
    x, y, confidence = keypoints[..., None].unbind(-2)
    columns, rows = x.round().long() + around, y.round().long() + around  # (B, 18, n): a square that holds the disc
    inside = (rows - y).square()[..., :, None] + (columns - x).square()[..., None, :] <= radius**2
    inside &= ((rows >= 0) & (rows < height))[..., :, None] & ((columns >= 0) & (columns < width))[..., None, :]
    inside &= (confidence > 0)[..., None]
    # what is not inside is written to a spare place behind the map
    places = torch.where(inside, rows[..., :, None] * width + columns[..., None, :], height * width)
    maps = keypoints.new_zeros(*x.shape[:2], height * width + 1).scatter_(2, places.flatten(2), 1.0)
    return maps[..., :-1].unflatten(2, size)
