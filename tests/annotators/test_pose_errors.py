"""Pose errors by hand."""

import numpy as np
import pytest

from spg_vton.annotators.pose_errors import pose_errors, torso_length
from spg_vton.errors import DataError
from spg_vton.keypoints import Keypoint


@pytest.fixture
def truth():
    """Neck at (50, 20), hips at (40, 120) and (60, 120): the torso is 100 pixels long; three more keypoints."""
    pose = np.zeros((18, 3))
    for key, place in {
        Keypoint.NECK: (50, 20),
        Keypoint.RIGHT_HIP: (40, 120),
        Keypoint.LEFT_HIP: (60, 120),
        Keypoint.NOSE: (50, 5),
        Keypoint.RIGHT_KNEE: (40, 180),
        Keypoint.LEFT_KNEE: (60, 180),
    }.items():
        pose[key] = *place, 1
    return pose


def test_the_truth_itself(truth):
    errors = pose_errors(truth, truth)
    assert (errors.median_px, errors.max_px, errors.pck_01) == (0, 0, 1)
    assert (errors.true, errors.missed, errors.invented) == (6, 0, 0)


def test_counts_and_distances(truth):
    predicted = truth.copy()
    predicted[Keypoint.NOSE, :2] += (3, 4)  # 5 px: within 10
    predicted[Keypoint.RIGHT_KNEE, 0] += 10.5  # beyond 10
    predicted[Keypoint.LEFT_KNEE] = 0  # missed
    predicted[Keypoint.LEFT_EAR] = 1, 1, 0.5  # invented
    errors = pose_errors(predicted, truth)
    assert errors.median_px == 0
    assert errors.max_px == 10.5
    assert errors.pck_01 == pytest.approx(4 / 6)
    assert (errors.true, errors.missed, errors.invented) == (6, 1, 1)


def test_pck_is_relative_to_each_torso(truth):
    large = truth * [2, 2, 1]
    shift = np.array([15, 0, 0]) * (truth[:, 2:] > 0)
    assert pose_errors(truth + shift, truth).pck_01 == 0
    assert pose_errors(large + shift, large).pck_01 == 1
    both = pose_errors(np.stack((truth, large)) + shift, np.stack((truth, large)))
    assert both.pck_01 == 0.5
    assert both.median_px == 15


def test_one_hip_is_enough_and_no_hip_leaves_pck_open(truth):
    truth[Keypoint.LEFT_HIP] = 0
    assert torso_length(truth[None])[0] == pytest.approx(np.hypot(10, 100))
    truth[Keypoint.RIGHT_HIP] = 0
    errors = pose_errors(truth, truth)
    assert np.isnan(errors.pck_01)
    assert errors.median_px == 0


def test_nothing_found(truth):
    errors = pose_errors(np.zeros_like(truth), truth)
    assert np.isnan(errors.median_px)
    assert errors.pck_01 == 0
    assert errors.missed == 6


def test_shapes_are_checked(truth):
    with pytest.raises(DataError, match="one shape"):
        pose_errors(truth[None], truth)
