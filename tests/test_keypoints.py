"""OpenPose files: both key spellings, 18 points and BODY_25, and what cannot be a pose."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spg_vton.errors import DataError
from spg_vton.keypoints import FLIP, LIMBS, Keypoint, read_openpose, write_openpose


def _write(path: Path, values: Any, key: str = "pose_keypoints_2d") -> Path:
    path.write_text(json.dumps({"people": [{key: values}]}))
    return path


@pytest.fixture
def pose() -> np.ndarray:
    pose = np.random.default_rng(0).uniform(1, 190, (18, 3)).astype(np.float32)
    pose[:, 2] = np.linspace(0.1, 0.9, 18)
    return pose


@pytest.mark.parametrize("key", ["pose_keypoints_2d", "pose_keypoints"])
def test_both_keys(tmp_path: Path, pose: np.ndarray, key: str) -> None:
    np.testing.assert_array_equal(read_openpose(_write(tmp_path / "p.json", pose.reshape(-1).tolist(), key)), pose)


def test_body_25_is_mapped_by_name(tmp_path: Path) -> None:
    body = np.zeros((25, 3))
    body[:, 0], body[:, 2] = np.arange(25), 1  # x is the BODY_25 number; 8 is the mid-hip, which the 18 do not have
    pose = read_openpose(_write(tmp_path / "p.json", body.reshape(-1).tolist()))
    expected = {
        "NOSE": 0,
        "NECK": 1,
        "LEFT_WRIST": 7,
        "RIGHT_HIP": 9,
        "LEFT_ANKLE": 14,
        "RIGHT_EYE": 15,
        "LEFT_EAR": 18,
    }
    assert {name: int(pose[Keypoint[name], 0]) for name in expected} == expected
    assert 8 not in pose[:, 0]


def test_write_and_read(tmp_path: Path, pose: np.ndarray) -> None:
    pose[3] = (40, 50, 0)  # no confidence: missing, whatever the place
    write_openpose(tmp_path / "p.json", pose)
    read = read_openpose(tmp_path / "p.json")
    assert (read[3] == 0).all()
    np.testing.assert_allclose(np.delete(read, 3, 0), np.delete(pose, 3, 0), atol=6e-4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"people": []}', "no person"),
        ('{"peop', "expected OpenPose JSON"),
        ("[]", "expected OpenPose JSON"),
        ('{"people": [{"face": []}]}', "expected one of the keys"),
        ('{"people": [{"pose_keypoints": [1, 2, 3]}]}', "expected 54"),
        (json.dumps({"people": [{"pose_keypoints": [0] * 54}]}), "every keypoint is missing"),
        ('{"people": [{"pose_keypoints": [' + ", ".join(["NaN"] * 54) + "]}]}", "not finite"),
    ],
)
def test_bad_files_name_themselves(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad_keypoints.json"
    path.write_text(text)
    with pytest.raises(DataError, match=rf"bad_keypoints\.json.*{message}"):
        read_openpose(path)


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.json"):
        read_openpose(tmp_path / "none.json")


def test_flip_swaps_sides_by_name() -> None:
    for point in Keypoint:
        name = point.name
        sides = {"LEFT": "RIGHT", "RIGHT": "LEFT"}
        side = name.split("_")[0]
        other = name.replace(side, sides[side], 1) if side in sides else name
        assert FLIP[point] == Keypoint[other]


def test_limbs_join_all_points_into_one_tree() -> None:
    assert len(LIMBS) == 17 and {end for limb in LIMBS for end in limb} == set(range(18))
