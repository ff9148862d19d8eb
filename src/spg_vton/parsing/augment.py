"""Augmentation that makes rendered people look less alike: the parser shall not learn the studio.

Geometry (scale, turn, shift, mirror) moves photo, labels and keypoints together; background replacement, colour, blur,
noise, cut-outs and JPEG change the photo alone.
"""

import math
from dataclasses import dataclass

import cv2
import torch
import torch.nn.functional as F
from jaxtyping import Float, UInt8
from torch import Tensor
from torchvision.transforms import v2

from spg_vton import keypoints as points
from spg_vton import labels as names
from spg_vton.labels import Label

#: Chance of each change of the photo.
_NEW_GROUND, _BLUR, _NOISE, _CUT, _JPEG, _DARK = 0.5, 0.3, 0.3, 0.4, 0.3, 0.3
_SCALE, _TURN, _SHIFT = (0.75, 1.45), 12.0, 0.12
_JPEG_QUALITY = (25, 86)
#: Chance that a keypoint is missing, and standard deviation of the others' places, shares of the height.
_LOST, _JITTER = 0.06, 0.008


@dataclass(frozen=True)
class Views:
    """A batch as the network reads it, with its labels."""

    images: Float[Tensor, "B 3 H W"]  # in [0, 1]
    labels: UInt8[Tensor, "B H W"]
    poses: Float[Tensor, "B 18 3"]


class Augmentation:
    """Random views of a batch; all randomness comes from ``generator``."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator
        self._colour = v2.ColorJitter(brightness=0.35, contrast=0.35, saturation=0.5, hue=0.08)
        self._blur = v2.GaussianBlur(5, (0.3, 1.6))

    def __call__(self, batch: Views) -> Views:
        """A random view of each sample."""
        seed = int(torch.randint(2**31, (1,), generator=self.generator))
        with torch.random.fork_rng():  # torchvision's transforms draw from the global generator
            torch.manual_seed(seed)
            moved = _move(_mirror(batch))
            images = torch.stack([self._repaint(*pair) for pair in zip(moved.images, moved.labels, strict=True)])
            return Views(images, moved.labels, _disturb(moved.poses, images.shape[2]))

    def _repaint(self, image: Float[Tensor, "3 H W"], labels: UInt8[Tensor, "H W"]) -> Float[Tensor, "3 H W"]:
        if _chance(_NEW_GROUND):
            ground = (labels == Label.BACKGROUND).float()[None]
            soft = v2.functional.gaussian_blur(ground, [3, 3])
            image = image * (1 - soft) + _ground(image.shape[1:]) * soft
        image = self._colour(image)
        if _chance(_DARK):
            image = image * _ramp(image.shape[1:], 0.55, 1.15)
        if _chance(_CUT):
            image = _cut(image)
        if _chance(_BLUR):
            image = self._blur(image)
        if _chance(_NOISE):
            image = image + torch.randn_like(image) * 0.05 * torch.rand(1)
        image = image.clamp(0, 1)
        if _chance(_JPEG):
            image = _as_jpeg(image, int(torch.randint(*_JPEG_QUALITY, (1,))))
        return image


def _as_jpeg(image: Float[Tensor, "3 H W"], quality: int) -> Float[Tensor, "3 H W"]:
    pixels = (image * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return torch.from_numpy(cv2.imdecode(encoded, cv2.IMREAD_COLOR)).permute(2, 0, 1).float() / 255


def _chance(probability: float) -> bool:
    return bool(torch.rand(1) < probability)


def _mirror(batch: Views) -> Views:
    """Mirror half of the batch; left and right labels and keypoints change places."""
    chosen = torch.rand(len(batch.images)) < 0.5
    swap = torch.from_numpy(names.FLIP)[batch.labels.flip(-1).long()]
    pose = batch.poses[:, torch.from_numpy(points.FLIP.copy())]
    x = torch.where(pose[..., 2] > 0, batch.images.shape[-1] - 1 - pose[..., 0], pose[..., 0])
    pose = torch.stack([x, pose[..., 1], pose[..., 2]], dim=-1)
    return Views(
        torch.where(chosen[:, None, None, None], batch.images.flip(-1), batch.images),
        torch.where(chosen[:, None, None], swap, batch.labels),
        torch.where(chosen[:, None, None], pose, batch.poses),
    )


def _move(batch: Views) -> Views:
    """Scale, turn and shift each sample about its middle; what comes in from outside continues the photo's edge."""
    count, _, height, width = batch.images.shape
    low, high = (math.log(limit) for limit in _SCALE)
    scale = torch.exp(low + (high - low) * torch.rand(count))
    angle = torch.deg2rad(_TURN * (2 * torch.rand(count) - 1))
    shift = _SHIFT * (2 * torch.rand(count, 2) - 1)
    c, s = torch.cos(angle) / scale, torch.sin(angle) / scale
    ratio = height / width
    # Rows of the backward map in grid_sample's frame, where a unit of x is half the width.
    rows = [torch.stack([c, -s * ratio, shift[:, 0]], 1), torch.stack([s / ratio, c, shift[:, 1]], 1)]
    matrix = torch.stack(rows, dim=1)
    grid = F.affine_grid(matrix, [count, 1, height, width], align_corners=False)
    images = F.grid_sample(batch.images, grid, padding_mode="border", align_corners=False)
    labels = F.grid_sample(batch.labels[:, None].float(), grid, mode="nearest", align_corners=False)[:, 0]
    return Views(images, labels.to(torch.uint8), _move_poses(batch.poses, matrix, (height, width)))


def _move_poses(poses: Float[Tensor, "B 18 3"], matrix: Float[Tensor, "B 2 3"], size: tuple[int, int]) -> Tensor:
    """Keypoints through the inverse of the backward map; those that leave the photo are missing."""
    half = torch.tensor([size[1] / 2, size[0] / 2])
    placed = (poses[..., :2] + 0.5) / half - 1
    back = torch.linalg.inv(matrix[:, :, :2])
    moved = torch.einsum("bij,bkj->bki", back, placed - matrix[:, None, :, 2])
    inside = (moved.abs() < 1).all(-1) & (poses[..., 2] > 0)
    pixels = (moved + 1) * half - 0.5
    return torch.where(inside[..., None], torch.cat([pixels, poses[..., 2:]], -1), 0.0)


def _disturb(poses: Float[Tensor, "B 18 3"], height: int) -> Tensor:
    """Keypoints as an extractor finds them: a few pixels off, some missing."""
    noise = torch.zeros_like(poses)
    noise[..., :2] = torch.randn((*poses.shape[:2], 2)) * _JITTER * height
    kept = (torch.rand(poses.shape[:2]) > _LOST) & (poses[..., 2] > 0)
    return torch.where(kept[..., None], poses + noise, 0.0)


def _smooth(size: torch.Size, cells: int, channels: int) -> Tensor:
    """Noise with ``cells`` features along the height, (channels, H, W) in [0, 1]."""
    coarse = torch.rand(1, channels, cells, max(1, cells * 3 // 4))
    return F.interpolate(coarse, size=tuple(size), mode="bicubic", align_corners=False)[0].clamp(0, 1)


def _ground(size: torch.Size) -> Float[Tensor, "3 H W"]:
    """A plain wall, a gradient, or clutter of some scale in random colours."""
    colour = torch.rand(3, 1, 1)
    kind = int(torch.randint(4, (1,)))
    if kind == 0:
        return colour.expand(3, *size)
    if kind == 1:
        return (colour * _ramp(size, 0.6, 1.2)).clamp(0, 1)
    cells = int(torch.randint(2, 24, (1,)))
    clutter = _smooth(size, cells, 3)
    return clutter if kind == 2 else (0.6 * colour + 0.4 * (clutter > 0.5)).clamp(0, 1)


def _ramp(size: torch.Size, low: float, high: float) -> Tensor:
    """A linear change of brightness in a random direction, (1, H, W)."""
    angle = 2 * math.pi * torch.rand(1)
    y, x = torch.meshgrid(torch.linspace(-1, 1, size[0]), torch.linspace(-1, 1, size[1]), indexing="ij")
    along = (x * torch.cos(angle) + y * torch.sin(angle) + 1.42) / 2.84
    return (low + (high - low) * along)[None]


def _cut(image: Float[Tensor, "3 H W"]) -> Float[Tensor, "3 H W"]:
    """Hide one to three boxes under random colours; the labels stay, so that context must tell."""
    image = image.clone()
    _, height, width = image.shape
    for _ in range(int(torch.randint(1, 4, (1,)))):
        h, w = (int(side * (0.04 + 0.16 * float(torch.rand(1)))) for side in (height, width))
        top, left = int(torch.randint(height - h, (1,))), int(torch.randint(width - w, (1,)))
        image[:, top : top + h, left : left + w] = torch.rand(3, 1, 1)
    return image
