"""How far a pose lies from the true one: pixel error, PCK and what is missed or invented."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.errors import DataError
from spg_vton.keypoints import NUM_KEYPOINTS, Keypoint


@dataclass(frozen=True)
class PoseErrors:
    """One pose against the truth, or several pooled (keypoints of all poses together)."""

    median_px: float
    """Median distance of the keypoints both poses have, in pixels; NaN if there are none."""
    max_px: float
    """Largest such distance; NaN if there are none."""
    pck_01: float
    """Share of the true keypoints found within 0.1 of the true neck-to-hip length; a missed one counts as wrong. NaN
    where the truth lacks the neck or both hips."""
    true: int
    """Keypoints the truth has."""
    missed: int
    """Keypoints the truth has and the prediction lacks."""
    invented: int
    """Keypoints the prediction has and the truth lacks."""


def pose_errors(predicted: Float[np.ndarray, "*N 18 3"], truth: Float[np.ndarray, "*N 18 3"]) -> PoseErrors:
    """Compare poses in one frame, in pixels; a missing keypoint has confidence 0.

    Poses without a neck or hip in the truth count in everything but PCK.

    Raises:
        DataError: the arrays are not poses of one number.
    """
    if predicted.shape != truth.shape or truth.shape[-2:] != (NUM_KEYPOINTS, 3):
        raise DataError(f"Expected two arrays (…, 18, 3) of one shape, got {predicted.shape} and {truth.shape}.")
    predicted, truth = predicted.reshape(-1, NUM_KEYPOINTS, 3), truth.reshape(-1, NUM_KEYPOINTS, 3)
    found, real = predicted[..., 2] > 0, truth[..., 2] > 0
    distance = np.where(found & real, np.linalg.norm(predicted[..., :2] - truth[..., :2], axis=-1), np.inf)
    both = distance[found & real]
    torso = torso_length(truth)
    measured = real & np.isfinite(torso)[:, None]
    within = distance <= 0.1 * np.nan_to_num(torso)[:, None]
    return PoseErrors(
        median_px=float(np.median(both)) if both.size else float("nan"),
        max_px=float(both.max()) if both.size else float("nan"),
        pck_01=float(within[measured].mean()) if measured.any() else float("nan"),
        true=int(real.sum()),
        missed=int((real & ~found).sum()),
        invented=int((found & ~real).sum()),
    )


def torso_length(pose: Float[np.ndarray, "N 18 3"]) -> Float[np.ndarray, " N"]:
    """Return the distance from the neck to the middle of the hips that are there, in pixels; NaN without them."""
    hips = pose[:, [Keypoint.RIGHT_HIP, Keypoint.LEFT_HIP]]
    present = (hips[..., 2:] > 0).astype(float)
    count = present.sum(axis=1)
    middle = (hips[..., :2] * present).sum(axis=1) / np.maximum(count, 1)
    length = np.linalg.norm(middle - pose[:, Keypoint.NECK, :2], axis=-1)
    return np.where((count[:, 0] > 0) & (pose[:, Keypoint.NECK, 2] > 0), length, np.nan)
