"""What section IV-A's noise can be seen by: per photo, which attributes show and how its regions are coloured.

Colours are CIELAB (L* 0…100, a* and b* about −100…100), so a distance of 1 is about a just noticeable difference (ΔE).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from spg_vton.keypoints import Keypoint
from spg_vton.labels import CLOTHES, NUM_LABELS, Label
from spg_vton.noise_kinds import NoiseKind

#: Attributes of section IV-A that a label map can show; bags and necklaces have no label.
ATTRIBUTES = {
    NoiseKind.HAT: Label.HAT,
    NoiseKind.GLASSES: Label.SUNGLASSES,
    NoiseKind.SCARF: Label.SCARF,
    NoiseKind.GLOVES: Label.GLOVE,
    NoiseKind.COAT: Label.COAT,
}

#: An attribute would show only where one of these keypoints does (no glasses from behind).
SEEN_BY = {
    NoiseKind.GLASSES: (Keypoint.RIGHT_EYE, Keypoint.LEFT_EYE),
    NoiseKind.GLOVES: (Keypoint.RIGHT_WRIST, Keypoint.LEFT_WRIST),
}


@dataclass(frozen=True)
class PersonFeatures:
    """One person photo, or many with a leading axis. A region that is too small is NaN."""

    shares: Float[np.ndarray, "*N 5"]  # of the person's pixels, by attribute
    seen: Bool[np.ndarray, "*N 5"]  # whether the attribute would show if it were there
    clothes: Float[np.ndarray, "*N 6"]  # mean and standard deviation (L*, a*, b*)
    garments: Float[np.ndarray, "*N 3 6"]  # the same for upper clothes, dress and coat apart
    background: Float[np.ndarray, "*N 6"]


def person_features(
    photo: UInt8[np.ndarray, "H W 3"],
    labels: UInt8[np.ndarray, "H W"],
    pose: Float[np.ndarray, "18 3"] | None,
    min_pixels: int,
) -> PersonFeatures:
    """Measure a person photo; a region below ``min_pixels`` has no colour."""
    lab = _lab(photo)
    counts = np.bincount(labels.reshape(-1), minlength=NUM_LABELS)
    body = max(int(counts[1:].sum()), 1)
    return PersonFeatures(
        shares=np.array([counts[label] / body for label in ATTRIBUTES.values()]),
        seen=np.array([_seen(name, pose) for name in ATTRIBUTES]),
        clothes=_colour(lab, np.isin(labels, CLOTHES), min_pixels),
        garments=np.stack([_colour(lab, labels == label, min_pixels) for label in CLOTHES]),
        background=_colour(lab, labels == Label.BACKGROUND, min_pixels),
    )


def cloth_features(
    photo: UInt8[np.ndarray, "H W 3"], mask: Bool[np.ndarray, "H W"], min_pixels: int
) -> Float[np.ndarray, "6"]:
    """Measure an in-shop garment: mean and standard deviation (L*, a*, b*) inside its mask."""
    return _colour(_lab(photo), mask, min_pixels)


def stack(features: list[PersonFeatures]) -> PersonFeatures:
    """Join the features of many photos along a leading axis."""
    fields = ("shares", "seen", "clothes", "garments", "background")
    return PersonFeatures(**{name: np.stack([getattr(one, name) for one in features]) for name in fields})


def _seen(attribute: NoiseKind, pose: Float[np.ndarray, "18 3"] | None) -> bool:
    points = SEEN_BY.get(attribute)
    return pose is None or points is None or bool((pose[list(points), 2] > 0).any())


def _lab(photo: UInt8[np.ndarray, "H W 3"]) -> Float[np.ndarray, "H W 3"]:
    return np.asarray(cv2.cvtColor(photo.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def _colour(lab: Float[np.ndarray, "H W 3"], region: Bool[np.ndarray, "H W"], min_pixels: int) -> np.ndarray:
    values = lab[region]
    if len(values) < min_pixels:
        return np.full(6, np.nan)
    return np.concatenate([values.mean(0), values.std(0)]).astype(np.float64)
