"""What the networks read of a stored batch: one-hot maps, pose maps, the person without clothes (section III-A)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor

from spg_vton.geometry.heatmaps import pose_maps
from spg_vton.labels import CLOTHES, HEAD, NUM_LABELS, REFERENCE
from spg_vton.types import Batch


@dataclass(frozen=True)
class TryOnInputs:
    """What the method may see of a triple. Images are RGB in [-1, 1]; maps and masks in [0, 1]."""

    source_image: Float[Tensor, "B 3 H W"]  # I_s
    source_map: Float[Tensor, "B 20 H W"]  # S_s, one-hot
    cloth: Float[Tensor, "B 3 H W"]  # C, on white
    cloth_mask: Float[Tensor, "B 1 H W"]  # M^C
    pose: Float[Tensor, "B 18 H W"]  # P_t

    @property
    def source_without_clothes(self) -> Float[Tensor, "B 3 H W"]:
        """I_s^{w/o C}: the clothes' pixels are 0."""
        return self.source_image * (1 - channels(self.source_map, CLOTHES).sum(1, keepdim=True))

    @property
    def semantic_condition(self) -> Float[Tensor, "B 36 H W"]:
        """G1's input and D1's condition: S'_s (15), A_s (2), M^C (1), P_t (18)."""
        kept, head = channels(self.source_map, REFERENCE), channels(self.source_map, HEAD)
        return torch.cat([kept, head, self.cloth_mask, self.pose], dim=1)


@dataclass(frozen=True)
class Truth:
    """The target photo and what follows from its map; the method sees none of it."""

    image: Float[Tensor, "B 3 H W"]  # I_t
    labels: Int[Tensor, "B H W"]
    semantic_map: Float[Tensor, "B 20 H W"]  # S_t, one-hot
    keypoints: Float[Tensor, "B 18 3"]  # of the target pose, in pixels
    warp: Float[Tensor, "B H W 2"] | None = None  # where in C each pixel of C_t comes from (geometry.tps), else NaN

    @property
    def clothes_mask(self) -> Float[Tensor, "B 1 H W"]:
        """M_t^c."""
        return channels(self.semantic_map, CLOTHES).sum(1, keepdim=True)

    @property
    def clothes_on_white(self) -> Float[Tensor, "B 3 H W"]:
        """C_t as Eq. 8 compares it."""
        return self.image * self.clothes_mask + (1 - self.clothes_mask)

    @property
    def clothes_on_zero(self) -> Float[Tensor, "B 3 H W"]:
        """C_t as the discriminators see it, in the format of Ĉ_t = C_w · M."""
        return self.image * self.clothes_mask


def channels(semantic_map: Float[Tensor, "B 20 H W"], labels: Sequence[int]) -> Float[Tensor, "B n H W"]:
    """The channels of ``labels``, in their order."""
    return semantic_map[:, list(labels)]


def to_unit(image: UInt8[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """Bytes → [-1, 1]."""
    return torch.div(image, 127.5).sub_(1)


def to_bytes(image: Float[Tensor, "B 3 H W"]) -> UInt8[Tensor, "B 3 H W"]:
    """[-1, 1] → bytes, rounded; values beyond the range are clipped."""
    return ((image.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def one_hot(labels: Tensor) -> Float[Tensor, "B 20 H W"]:
    """(B, H, W) labels → one channel a label."""
    maps = torch.zeros(len(labels), NUM_LABELS, *labels.shape[1:], device=labels.device)
    return maps.scatter_(1, labels[:, None].long(), 1.0)


def prepare(batch: Batch) -> tuple[TryOnInputs, Truth | None]:
    """The networks' inputs, and the truth where the triple has a target photo, on the batch's device."""
    size = (batch.source_image.shape[2], batch.source_image.shape[3])
    inputs = TryOnInputs(
        source_image=to_unit(batch.source_image),
        source_map=one_hot(batch.source_labels),
        cloth=to_unit(batch.cloth),
        cloth_mask=batch.cloth_mask.float(),
        pose=pose_maps(batch.target_keypoints, size),
    )
    if batch.target_image is None or batch.target_labels is None:
        return inputs, None
    labels = batch.target_labels
    return inputs, Truth(to_unit(batch.target_image), labels.long(), one_hot(labels), batch.target_keypoints)
