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
    radius = disc_radius(size[0])
    x, y, confidence = keypoints.unbind(-1)
    columns = torch.arange(size[1], device=keypoints.device) - x[..., None]
    rows = torch.arange(size[0], device=keypoints.device) - y[..., None]
    inside = rows.square()[..., :, None] + columns.square()[..., None, :] <= radius**2
    return (inside & (confidence > 0)[..., None, None]).to(keypoints.dtype)
