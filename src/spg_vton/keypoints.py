"""The 18 OpenPose keypoints (COCO order), the limbs between them, and the JSON files that carry them.

Convention: an (18, 3) float array of (x, y, confidence); x to the right and y down in pixels of the photo, the centre
of the top-left pixel at (0, 0); a missing keypoint is (0, 0, 0). Left and right are the person's own.
"""

import json
from enum import IntEnum
from pathlib import Path

import numpy as np
from jaxtyping import Float

from spg_vton.errors import DataError


class Keypoint(IntEnum):
    """An index into a pose."""

    NOSE = 0
    NECK = 1
    RIGHT_SHOULDER = 2
    RIGHT_ELBOW = 3
    RIGHT_WRIST = 4
    LEFT_SHOULDER = 5
    LEFT_ELBOW = 6
    LEFT_WRIST = 7
    RIGHT_HIP = 8
    RIGHT_KNEE = 9
    RIGHT_ANKLE = 10
    LEFT_HIP = 11
    LEFT_KNEE = 12
    LEFT_ANKLE = 13
    RIGHT_EYE = 14
    LEFT_EYE = 15
    RIGHT_EAR = 16
    LEFT_EAR = 17


NUM_KEYPOINTS = len(Keypoint)

#: Limbs as OpenPose draws them.
LIMBS: tuple[tuple[int, int], ...] = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13),
    (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip

#: ``pose[FLIP]`` swaps left and right.
FLIP = np.array([0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16])

#: Where each of the 18 stands in a BODY_25 file.
FROM_BODY_25 = np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])

_KEYS = ("pose_keypoints_2d", "pose_keypoints")


def read_openpose(path: Path) -> Float[np.ndarray, "18 3"]:
    """Read the first person of an OpenPose JSON file (18 points or BODY_25, either spelling of the key).

    Raises:
        DataError: the file is not OpenPose JSON, holds no person, or has another number of values.
    """
    try:
        people = json.loads(path.read_text())["people"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: expected OpenPose JSON with a list `people`, got {error!r}.") from error
    if not people:
        raise DataError(f"{path}: no person in the file (`people` is empty).")
    values = next((people[0][key] for key in _KEYS if key in people[0]), None)
    if values is None:
        raise DataError(f"{path}: expected one of the keys {_KEYS} in people[0], got {sorted(people[0])}.")
    pose = np.asarray(values, dtype=np.float32)
    if pose.size == 75:
        pose = pose.reshape(25, 3)[FROM_BODY_25]
    if pose.size != 3 * NUM_KEYPOINTS:
        raise DataError(f"{path}: expected 54 (18 points) or 75 (BODY_25) values, got {pose.size}.")
    pose = pose.reshape(NUM_KEYPOINTS, 3).copy()
    if not np.isfinite(pose).all():
        raise DataError(f"{path}: the keypoints hold values that are not finite numbers.")
    if not (pose[:, 2] > 0).any():
        raise DataError(f"{path}: every keypoint is missing (confidence 0).")
    pose[pose[:, 2] <= 0] = 0
    return pose


def write_openpose(path: Path, pose: Float[np.ndarray, "18 3"]) -> None:
    """Write one person as OpenPose JSON, pixels rounded to 1/1000."""
    values = [round(float(value), 3) for value in np.where(pose[:, 2:] > 0, pose, 0).reshape(-1)]
    path.write_text(json.dumps({"version": 1.3, "people": [{"pose_keypoints_2d": values}]}))
