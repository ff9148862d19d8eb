"""Face crops that gradients pass through: one box for both images, from a mask or from keypoints (Eq. 15)."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from spg_vton.keypoints import Keypoint

_FACE = [Keypoint.NOSE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EAR, Keypoint.LEFT_EAR]
#: Half a head's box over the distance from the face keypoints' centre to the farthest of them; on rendered people the
#: median box is then as large as the map's.
_HEAD_PER_FACE = 1.6
#: In pixels: keypoints nearer together say nothing about a head's size.
_SMALLEST_FACE = 1.0


def mask_boxes(
    mask: Float[Tensor, "B 1 H W"], margin: float = 0.1, least_area: float = 1 / 1000
) -> tuple[Float[Tensor, "B 4"], Bool[Tensor, " B"]]:
    """The square box around each mask's pixels above 1/2, and whether there is one.

    Args:
        mask: values in [0, 1].
        margin: share of the box added on each side.
        least_area: a mask with a smaller share of the image counts as not seen.

    Returns:
        (x0, y0, x1, y1) in pixels, x1 and y1 inclusive, square and possibly reaching beyond the image; (B,) bool.
    """
    inside = mask[:, 0] > 0.5
    rows, columns = inside.any(2), inside.any(1)
    height, width = inside.shape[1:]
    seen = inside.float().mean((1, 2)) >= least_area
    y0, y1 = rows.float().argmax(1), height - 1 - rows.flip(1).float().argmax(1)
    x0, x1 = columns.float().argmax(1), width - 1 - columns.flip(1).float().argmax(1)
    centre_x, centre_y = (x0 + x1) / 2, (y0 + y1) / 2
    half = torch.maximum(x1 - x0, y1 - y0) / 2 * (1 + 2 * margin)
    return torch.stack([centre_x - half, centre_y - half, centre_x + half, centre_y + half], dim=1), seen


def keypoint_boxes(keypoints: Float[Tensor, "B 18 3"]) -> tuple[Float[Tensor, "B 4"], Bool[Tensor, " B"]]:
    """The square box around each pose's head, and whether two or more of nose, eyes and ears are there to place it.

    Args:
        keypoints: (x, y, confidence) in pixels; confidence 0 marks a missing one.

    Returns:
        As :func:`mask_boxes`.
    """
    face = keypoints[:, _FACE]
    there = (face[..., 2] > 0).to(face.dtype)
    centre = (face[..., :2] * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1)
    reach = ((face[..., :2] - centre[:, None]).norm(dim=2) * there).amax(1)
    half = (reach * _HEAD_PER_FACE)[:, None]
    return torch.cat([centre - half, centre + half], dim=1), (there.sum(1) >= 2) & (reach >= _SMALLEST_FACE)


def crop(image: Float[Tensor, "B C H W"], boxes: Float[Tensor, "B 4"], size: int) -> Float[Tensor, "B C size size"]:
    """Cut ``boxes`` out and resample them bilinearly to size × size; differentiable in the image, 0 outside it."""
    height, width = image.shape[2:]
    boxes = boxes.to(image.dtype)
    steps = torch.linspace(0, 1, size, device=image.device, dtype=image.dtype)
    x = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * steps
    y = boxes[:, 1:2] + (boxes[:, 3:4] - boxes[:, 1:2]) * steps
    x, y = x / (width - 1) * 2 - 1, y / (height - 1) * 2 - 1
    grid = torch.stack([x[:, None, :].expand(-1, size, -1), y[:, :, None].expand(-1, -1, size)], dim=-1)
    return F.grid_sample(image, grid, padding_mode="zeros", align_corners=True)
