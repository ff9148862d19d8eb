"""What passes between the store and everything behind it: one frozen batch of raw, stored-size tensors."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor

from spg_vton import keypoints, labels


@dataclass(frozen=True)
class Batch:
    """Triples as they lie in the store: bytes and pixels, no heatmaps and no one-hots (those are made on the device).

    Frame: x right, y down, the centre of the top-left pixel at (0, 0); keypoints in pixels of the stored size, a
    missing one is (0, 0, 0). ``target_image`` and ``target_labels`` are both None where the triples have no truth.
    """

    source_image: UInt8[Tensor, "B 3 H W"]
    target_image: UInt8[Tensor, "B 3 H W"] | None
    cloth: UInt8[Tensor, "B 3 H W"]  # on white, as in the shop photo
    cloth_mask: UInt8[Tensor, "B 1 H W"]  # 0 or 1
    source_labels: UInt8[Tensor, "B H W"]  # 0…19, see labels.Label
    target_labels: UInt8[Tensor, "B H W"] | None
    source_keypoints: Float[Tensor, "B 18 3"]
    target_keypoints: Float[Tensor, "B 18 3"]
    triple_ids: tuple[str, ...]
    noisy: Bool[Tensor, " B"]

    def __len__(self) -> int:
        return len(self.triple_ids)

    def to(self, device: torch.device | str, non_blocking: bool = False) -> Self:
        """Return the batch with every tensor on ``device``."""
        moved: dict[str, Any] = {
            name: value.to(device, non_blocking=non_blocking)
            for name, value in self._fields()
            if isinstance(value, Tensor)
        }
        return dataclasses.replace(self, **moved)

    def flip(self, mask: Bool[Tensor, " B"]) -> Self:
        """Mirror the samples where ``mask`` is True; left and right labels and keypoints change places.

        A keypoint's x becomes W−1−x; a missing one stays (0, 0, 0).
        """
        mask = mask.to(self.source_image.device)
        images = ("source_image", "target_image", "cloth", "cloth_mask")
        mirrored: dict[str, Tensor | None] = {name: _mirror(getattr(self, name), mask) for name in images}
        for name in ("source_labels", "target_labels"):
            mirrored[name] = _mirror_labels(getattr(self, name), mask)
        for name in ("source_keypoints", "target_keypoints"):
            mirrored[name] = _mirror_keypoints(getattr(self, name), mask, self.source_image.shape[-1])
        return dataclasses.replace(self, **mirrored)  # type: ignore[arg-type]

    def _fields(self) -> list[tuple[str, object]]:
        return [(field.name, getattr(self, field.name)) for field in dataclasses.fields(self)]


def _chosen(mask: Bool[Tensor, " B"], like: Tensor) -> Tensor:
    return mask.view(-1, *(1,) * (like.ndim - 1))


def _mirror(values: Tensor | None, mask: Bool[Tensor, " B"]) -> Tensor | None:
    return None if values is None else torch.where(_chosen(mask, values), values.flip(-1), values)


def _mirror_labels(values: UInt8[Tensor, "B H W"] | None, mask: Bool[Tensor, " B"]) -> Tensor | None:
    if values is None:
        return None
    swapped = torch.from_numpy(labels.FLIP).to(values.device)[values.flip(-1).long()]
    return torch.where(_chosen(mask, values), swapped, values)


def _mirror_keypoints(pose: Float[Tensor, "B 18 3"], mask: Bool[Tensor, " B"], width: int) -> Float[Tensor, "B 18 3"]:
    swapped = pose[:, torch.from_numpy(np.ascontiguousarray(keypoints.FLIP)).to(pose.device)]
    x = torch.where(swapped[..., 2] > 0, width - 1 - swapped[..., 0], swapped[..., 0])
    return torch.where(_chosen(mask, pose), torch.stack((x, swapped[..., 1], swapped[..., 2]), -1), pose)
